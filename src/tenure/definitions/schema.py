"""The grammar of definition files as JSON Schema, for editors that complete and check YAML.

The schema knows the shape of single documents; names, types and circles are checked by
``Library.of``. Standard: JSON Schema draft 2020-12.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tenure.definitions.document import EVENT_KEY, KEY
from tenure.definitions.event_type import FIELD_TYPES
from tenure.definitions.form import MOST_CONSENTS, MOST_FIELDS, SITE, SOURCE_KEY
from tenure.definitions.lifecycle import CANONICAL_STAGES
from tenure.definitions.metric import AGGREGATES, UNITS
from tenure.definitions.party_type import NORMALISATIONS, STRENGTHS
from tenure.definitions.survival import RULES

Schema = dict[str, object]
_KINDS = ("event_type", "metric", "expression", "lifecycle", "party_type", "form", "pack")

_TEXT: Schema = {"type": ["string", "number"]}
_EXPRESSION: Schema = {"type": ["string", "number", "boolean"]}
_KEY: Schema = {"type": "string", "pattern": f"^{KEY.pattern}$"}
_EVENT_KEY: Schema = {"type": "string", "pattern": f"^{EVENT_KEY.pattern}$"}
_WORDS: Schema = {"$ref": "#/$defs/words"}
_FLAG: Schema = {"type": "boolean"}


def json_schema() -> Schema:
    """JSON Schema of one definition document of any kind."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Tenure definition",
        "type": "object",
        "required": ["kind", "key", "name"],
        "oneOf": [{"$ref": f"#/$defs/{kind}"} for kind in _KINDS],
        "$defs": {
            "words": _mapping({"zh": _TEXT, "en": _TEXT}, ["zh", "en"]),
            "field": _field(),
            "event_type": _event_type(),
            "metric": _metric(),
            "expression": _kind("expression", _KEY, {"is": _EXPRESSION}, ["is"]),
            "lifecycle": _lifecycle(),
            "stage": _stage(),
            "playbook": _playbook(),
            "party_type": _party_type(),
            "form": _form(),
            "form_field": _form_field(),
            "consent": _consent(),
            "pack": _kind("pack", _KEY, {"requires": _list(_KEY)}, []),
        },
    }


def _kind(
    kind: str, key: Schema, properties: Mapping[str, Schema], required: Iterable[str]
) -> Schema:
    head: dict[str, Schema] = {
        "kind": {"const": kind},
        "key": key,
        "name": _WORDS,
        "description": _WORDS,
    }
    return _mapping({**head, **properties}, ["kind", "key", "name", *required])


def _mapping(properties: Mapping[str, Schema], required: Iterable[str]) -> Schema:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(required),
        "additionalProperties": False,
    }


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _by_key(values: Schema) -> Schema:
    return {
        "type": "object",
        "propertyNames": {"pattern": f"^{KEY.pattern}$"},
        "additionalProperties": values,
    }


def _field() -> Schema:
    properties: dict[str, Schema] = {
        "type": {"enum": list(FIELD_TYPES)},
        "required": _FLAG,
        "personal": _FLAG,
        "name": _WORDS,
        "choices": {"type": "object", "additionalProperties": _WORDS},
    }
    return _mapping(properties, ["type"])


def _event_type() -> Schema:
    fields = _by_key({"$ref": "#/$defs/field"})
    return _kind("event_type", _EVENT_KEY, {"party": _KEY, "fields": fields}, [])


def _metric() -> Schema:
    properties: dict[str, Schema] = {
        "of": {**_list(_EVENT_KEY), "minItems": 1},
        "where": _EXPRESSION,
        "agg": {"enum": list(AGGREGATES)},
        "field": _KEY,
        "window": {"type": "string", "pattern": "^[1-9][0-9]{0,5}[hdw]$"},
        "expression": _EXPRESSION,
        "unit": {"enum": list(UNITS)},
    }
    aggregate = dict.fromkeys(("of", "where", "agg", "field", "window"), False)
    forms: list[Schema] = [
        {"required": ["of", "agg"], "properties": {"expression": False}},
        {"required": ["expression"], "properties": aggregate},
    ]
    return {**_kind("metric", _KEY, properties, []), "oneOf": forms}


def _party_type() -> Schema:
    identifier: dict[str, Schema] = {
        "name": _WORDS,
        "strength": {"enum": list(STRENGTHS)},
        "personal": _FLAG,
        "normalise": {"enum": list(NORMALISATIONS)},
        "region": {"type": "string"},
        "limit": {"type": "integer", "minimum": 1},
        "blocked": _list(_TEXT),
        "fleeting": _FLAG,
        "unique": _FLAG,
        "single": _FLAG,
    }
    rule: dict[str, Schema] = {"rule": {"enum": list(RULES)}, "sources": _list(_TEXT)}
    properties = {
        "identifiers": _by_key(_mapping(identifier, [])),
        "fields": _by_key({"$ref": "#/$defs/field"}),
        "survival": _mapping({**rule, "fields": _by_key(_mapping(rule, []))}, []),
    }
    return _kind("party_type", _KEY, properties, [])


def _form() -> Schema:
    properties: dict[str, Schema] = {
        "party": _KEY,
        "title": _WORDS,
        "intro": _WORDS,
        "fields": {
            **_list({"$ref": "#/$defs/form_field"}),
            "minItems": 1,
            "maxItems": MOST_FIELDS,
        },
        "consents": {**_list({"$ref": "#/$defs/consent"}), "maxItems": MOST_CONSENTS},
        "button": _WORDS,
        "thanks": _WORDS,
        "registration": _FLAG,
        "source": {"type": "string", "pattern": f"^{SOURCE_KEY.pattern}$"},
        "channel": _TEXT,
        "campaign": _TEXT,
        "language": {"enum": ["zh", "en"]},
        "sites": _list({"type": "string", "pattern": f"^{SITE.pattern}$"}),
        "challenge": _FLAG,
        "hourly_limit": {"type": "integer", "minimum": 1},
        "closed": _FLAG,
    }
    return _kind("form", _KEY, properties, ["party", "fields"])


def _form_field() -> Schema:
    properties: dict[str, Schema] = {
        "field": _KEY,
        "label": _WORDS,
        "help": _WORDS,
        "required": _FLAG,
        "choices": {"type": "object", "additionalProperties": _WORDS},
    }
    return _mapping(properties, ["field"])


def _consent() -> Schema:
    properties: dict[str, Schema] = {
        "purpose": _TEXT,
        "channel": _TEXT,
        "text": _WORDS,
        "version": _TEXT,
        "required": _FLAG,
    }
    return _mapping(properties, ["purpose", "text", "version"])


def _lifecycle() -> Schema:
    properties: dict[str, Schema] = {
        "model": {"type": "string"},
        "party": _KEY,
        "stages": {**_list({"$ref": "#/$defs/stage"}), "minItems": 1},
        "check": {**_list(_KEY), "minItems": 1, "uniqueItems": True},
    }
    return _kind("lifecycle", _KEY, properties, ["stages", "check"])


def _stage() -> Schema:
    properties: dict[str, Schema] = {
        "code": _KEY,
        "name": _WORDS,
        "canonical": {"enum": list(CANONICAL_STAGES)},
        "owner_role": _KEY,
        "when": _EXPRESSION,
        "entry": _WORDS,
        "playbook": {"$ref": "#/$defs/playbook"},
    }
    return _mapping(properties, ["code", "name", "canonical"])


def _playbook() -> Schema:
    properties: dict[str, Schema] = {
        "goal": _WORDS,
        "actions": _list(_WORDS),
        "content": _WORDS,
        "channels": _list(_KEY),
        "owner_role": _KEY,
        "kpis": _list(_WORDS),
    }
    return _mapping(properties, ["goal"])
