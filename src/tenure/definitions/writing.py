"""From definitions to plain data, YAML and fingerprints: ``load(dump(d)) == d``."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence

import yaml

from tenure.definitions.base import Definition
from tenure.definitions.event_type import EventType, Field
from tenure.definitions.expression import Node, SourceText, render
from tenure.definitions.form import ConsentText, Form, FormField
from tenure.definitions.lifecycle import Lifecycle, Playbook, Stage
from tenure.definitions.metric import Metric, window_text
from tenure.definitions.named_expression import NamedExpression
from tenure.definitions.pack import Pack
from tenure.definitions.party_type import IdentifierType, PartyType
from tenure.definitions.survival import NEWEST_EVERYWHERE, Survival, SurvivalRule
from tenure.words import Words

Plain = str | int | bool | Words | Sequence["Plain"] | Mapping[str, "Plain"]
"""What a definition is made of once written down; ``Words`` stay whole."""


def dump(definition: Definition) -> str:
    """The definition as a YAML document; expressions as they were written."""
    return write_plain(to_plain(definition, canonical=False))


def write_plain(plain: Mapping[str, Plain]) -> str:
    """Plain data as a YAML document, in the form all definitions have."""
    return yaml.dump(dict(plain), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100)


def fingerprint(definition: Definition) -> str:
    """SHA-256 (hex) of what the definition says.

    Order of keys, comments, quotes and the spacing of expressions do not count; the order of
    stages and identifiers does.
    """
    plain = to_plain(definition, canonical=True)
    if isinstance(definition, PartyType):
        plain["identifier_order"] = [identifier.key for identifier in definition.identifiers]
    text = json.dumps(
        plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_words
    )
    return hashlib.sha256(text.encode()).hexdigest()


def to_plain(definition: Definition, *, canonical: bool = True) -> dict[str, Plain]:
    """The definition as mappings, lists and scalars, as it stands in its document.

    Args:
        definition: any kind.
        canonical: write expressions in their one canonical form, not as their author did.
    """
    body = _body(definition, canonical=canonical)
    head: dict[str, Plain | None] = {
        "kind": definition.kind,
        "key": definition.key,
        "name": definition.name,
        "description": definition.description,
    }
    return _filled({**head, **body})


def _body(  # noqa: PLR0911 (one per kind)
    definition: Definition, *, canonical: bool
) -> dict[str, Plain | None]:
    match definition:
        case EventType():
            return {"party": definition.party, "fields": _fields(definition.fields)}
        case Metric():
            return _metric(definition, canonical=canonical)
        case NamedExpression(expression=node, expression_source=source):
            return {"is": _expression(node, source, canonical=canonical)}
        case PartyType():
            identifiers = {found.key: _identifier(found) for found in definition.identifiers}
            return {
                "identifiers": identifiers,
                "fields": _fields(definition.fields),
                "survival": _survival(definition.survival),
            }
        case Lifecycle():
            return {
                "model": definition.model,
                "party": definition.party,
                "stages": [_stage(stage, canonical=canonical) for stage in definition.stages],
                "check": definition.check,
            }
        case Form():
            return _form(definition)
        case Pack():
            return {"requires": definition.requires}
    raise TypeError(f"{type(definition).__name__} is no kind of definition")


def _metric(metric: Metric, *, canonical: bool) -> dict[str, Plain | None]:
    return {
        "of": metric.of,
        "where": _expression(metric.where, metric.where_source, canonical=canonical),
        "agg": metric.agg,
        "field": metric.field,
        "window": None if metric.window_us is None else window_text(metric.window_us),
        "expression": _expression(metric.expression, metric.expression_source, canonical=canonical),
        "unit": metric.unit,
    }


def _fields(fields: Sequence[Field]) -> dict[str, Plain]:
    return {
        field.key: _filled(
            {
                "type": field.type,
                "required": field.required,
                "personal": field.personal,
                "name": field.name,
                "choices": dict(field.choices),
            }
        )
        for field in fields
    }


def _identifier(identifier: IdentifierType) -> dict[str, Plain]:
    return _filled(
        {
            "name": identifier.name,
            "strength": identifier.strength,
            "personal": identifier.personal,
            "normalise": identifier.normalise,
            "region": identifier.region,
            "limit": identifier.limit,
            "blocked": identifier.blocked,
            "fleeting": identifier.fleeting,
            "unique": identifier.unique,
            "single": identifier.single,
        }
    )


def _survival(survival: Survival) -> dict[str, Plain]:
    if survival == NEWEST_EVERYWHERE:
        return {}
    fields = {key: _survival_rule(rule) for key, rule in survival.fields}
    return _filled({**_survival_rule(survival.usual), "fields": fields})


def _survival_rule(rule: SurvivalRule) -> dict[str, Plain]:
    return _filled({"rule": rule.rule, "sources": rule.sources})


def _stage(stage: Stage, *, canonical: bool) -> dict[str, Plain]:
    return _filled(
        {
            "code": stage.code,
            "name": stage.name,
            "canonical": stage.canonical,
            "owner_role": stage.owner_role,
            "when": _expression(stage.when, stage.when_source, canonical=canonical),
            "entry": stage.entry,
            "playbook": None if stage.playbook is None else _playbook(stage.playbook),
        }
    )


def _playbook(playbook: Playbook) -> dict[str, Plain]:
    return _filled(
        {
            "goal": playbook.goal,
            "actions": playbook.actions,
            "content": playbook.content,
            "channels": playbook.channels,
            "owner_role": playbook.owner_role,
            "kpis": playbook.kpis,
        }
    )


def _form(form: Form) -> dict[str, Plain | None]:
    return {
        "party": form.party,
        "title": form.title,
        "intro": form.intro,
        "fields": [_form_field(one) for one in form.fields],
        "consents": [_consent(one) for one in form.consents],
        "button": form.button,
        "thanks": form.thanks,
        "registration": form.registration,
        "source": form.source,
        "channel": form.channel,
        "campaign": form.campaign,
        "language": form.language,
        "sites": form.sites,
        "challenge": form.challenge,
        "hourly_limit": form.hourly_limit,
        "closed": form.closed,
    }


def _form_field(field: FormField) -> dict[str, Plain]:
    return _filled(
        {
            "field": field.field,
            "label": field.label,
            "help": field.help,
            "required": field.required,
            "choices": dict(field.choices),
        }
    )


def _consent(consent: ConsentText) -> dict[str, Plain]:
    return _filled(
        {
            "purpose": consent.purpose,
            "channel": consent.channel,
            "text": consent.text,
            "version": consent.version,
            "required": consent.required,
        }
    )


def _expression(node: Node | None, source: SourceText | None, *, canonical: bool) -> str | None:
    if node is None:
        return None
    return render(node) if canonical or source is None else source.text


def _filled(entries: Mapping[str, Plain | None]) -> dict[str, Plain]:
    """Without what is absent, empty or false: those are never written."""
    return {
        key: value
        for key, value in entries.items()
        if value is not None and value is not False and value not in ((), [], {})
    }


def _words(value: object) -> dict[str, str]:
    assert isinstance(value, Words)
    return {"zh": value.zh, "en": value.en}


class _Dumper(yaml.SafeDumper):
    """Writes words on one line, and lists indented under their key."""

    def ignore_aliases(self, data: object) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _represent_words(dumper: yaml.SafeDumper, words: Words) -> yaml.Node:
    return dumper.represent_mapping("tag:yaml.org,2002:map", _words(words), flow_style=True)


def _represent_tuple(dumper: yaml.SafeDumper, values: tuple[object, ...]) -> yaml.Node:
    short = not any(isinstance(value, Words) for value in values)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", values, flow_style=short)


def _represent_mapping(dumper: yaml.SafeDumper, mapping: dict[str, object]) -> yaml.Node:
    is_field = "type" in mapping and "kind" not in mapping
    return dumper.represent_mapping("tag:yaml.org,2002:map", mapping, flow_style=is_field or None)


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(dict, _represent_mapping)
_Dumper.add_representer(str, _represent_text)
_Dumper.add_representer(Words, _represent_words)
_Dumper.add_representer(tuple, _represent_tuple)
