"""A form's draft as fields of the builder: read from its YAML, and written back to it.

What the builder does not show is carried along unseen.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.http import QueryDict

from tenure.definitions.drafting import Draft

TEXTS = ("title", "intro", "button", "thanks")
_PLAIN = ("party", "source", "channel", "campaign", "language", "hourly_limit")
_OTHERWISE = ("party", "hourly_limit")
_FLAGS = ("registration", "challenge", "closed")
_HEAD = ("kind", "key", "name", *TEXTS, *_PLAIN, *_FLAGS, "fields", "consents", "sites")
_FIELD = ("row", "field", "label_zh", "label_en", "help_zh", "help_en", "choices")
_CONSENT = ("row", "purpose", "channel", "text_zh", "text_en", "version")
_SENT_AS = {"row": "consent_row", "channel": "consent_channel"}
R = TypeVar("R")


@dataclass(slots=True)
class FieldRow:
    """One question; ``row`` names it while the page is open, ``choices`` are lines of text."""

    row: str
    field: str = ""
    label_zh: str = ""
    label_en: str = ""
    help_zh: str = ""
    help_en: str = ""
    choices: str = ""
    required: bool = False


@dataclass(slots=True)
class ConsentRow:
    """One consent."""

    row: str
    purpose: str = ""
    channel: str = ""
    text_zh: str = ""
    text_en: str = ""
    version: str = ""
    required: bool = False


@dataclass(slots=True)
class FormDraft:
    """The draft of a form as the builder shows it."""

    name_zh: str = ""
    name_en: str = ""
    texts: dict[str, tuple[str, str]] = field(default_factory=dict)
    plain: dict[str, str] = field(default_factory=dict)
    flags: dict[str, bool] = field(default_factory=dict)
    fields: list[FieldRow] = field(default_factory=list)
    consents: list[ConsentRow] = field(default_factory=list)
    sites: str = ""
    rest: str = "{}"


def form_of_draft(draft: Draft) -> FormDraft:
    """The builder's fields of a draft, whatever is missing or wrong in it."""
    name = _words(draft.get("name"))
    sites = draft.get("sites")
    rest = {key: value for key, value in draft.items() if key not in _HEAD}
    return FormDraft(
        name_zh=name[0],
        name_en=name[1],
        texts={key: _words(draft.get(key)) for key in TEXTS},
        plain={key: _text(draft.get(key)) for key in _PLAIN},
        flags={key: draft.get(key) == "true" for key in _FLAGS},
        fields=[_field_row(str(n), one) for n, one in enumerate(_maps(draft.get("fields")))],
        consents=[_consent_row(str(n), one) for n, one in enumerate(_maps(draft.get("consents")))],
        sites="\n".join(str(one) for one in sites) if isinstance(sites, list) else "",
        rest=json.dumps(rest, ensure_ascii=False),
    )


def form_of_post(data: QueryDict) -> FormDraft:
    """The builder's fields as they were sent, an asked-for move, addition or removal done."""
    needed, agreed = set(data.getlist("required")), set(data.getlist("consent_required"))
    fields = [
        FieldRow(**dict(zip(_FIELD, values, strict=True)), required=values[0] in needed)
        for values in zip(*(data.getlist(name) for name in _FIELD), strict=False)
    ]
    names = [_SENT_AS.get(name, name) for name in _CONSENT]
    consents = [
        ConsentRow(**dict(zip(_CONSENT, values, strict=True)), required=values[0] in agreed)
        for values in zip(*(data.getlist(name) for name in names), strict=False)
    ]
    form = FormDraft(
        name_zh=data.get("title_zh", ""),
        name_en=data.get("title_en", ""),
        texts={key: (data.get(f"{key}-zh", ""), data.get(f"{key}-en", "")) for key in TEXTS},
        plain={key: data.get(key, "").strip() for key in _PLAIN},
        flags={key: bool(data.get(key)) for key in _FLAGS},
        fields=fields,
        consents=consents,
        sites=data.get("sites", ""),
        rest=data.get("rest", "{}"),
    )
    _do(form, data.get("do", ""), data.get("add_field", ""))
    return form


def draft_of_form(form: FormDraft, key: str) -> Draft:
    """The draft that the builder's fields say."""
    return {
        "kind": "form",
        "key": key,
        "name": _pair((form.name_zh, form.name_en)),
        **_rest(form.rest),
        "party": form.plain.get("party", ""),
        **{name: _pair(form.texts.get(name, ("", ""))) for name in ("title", "intro")},
        "fields": [_field(row) for row in form.fields],
        "consents": [_consent(row) for row in form.consents],
        **{name: _pair(form.texts.get(name, ("", ""))) for name in ("button", "thanks")},
        **{name: True for name in _FLAGS if form.flags.get(name)},
        **{name: form.plain.get(name, "") for name in _PLAIN if name not in _OTHERWISE},
        "hourly_limit": _number(form.plain.get("hourly_limit", "")),
        "sites": [one.strip() for one in form.sites.splitlines() if one.strip()],
    }


def _do(form: FormDraft, asked: str, added: str) -> None:
    what, _, row = asked.partition(":")
    if what == "add" and added:
        form.fields.append(FieldRow(_free([one.row for one in form.fields]), field=added))
    elif what == "add-consent":
        form.consents.append(ConsentRow(_free([one.row for one in form.consents]), version="1"))
    elif what.startswith("consent-"):
        form.consents = _moved(form.consents, what.removeprefix("consent-"), row)
    else:
        form.fields = _moved(form.fields, what, row)


def _moved(rows: list[R], what: str, row: str) -> list[R]:
    """``rows`` with one moved up or down, or taken out."""
    place = next((n for n, one in enumerate(rows) if getattr(one, "row", None) == row), None)
    if place is None:
        return rows
    rest = rows[:place] + rows[place + 1 :]
    if what == "remove":
        return rest
    to = max(place - 1, 0) if what == "up" else place + 1 if what == "down" else place
    return [*rest[:to], rows[place], *rest[to:]]


def _free(rows: Sequence[str]) -> str:
    return str(max((int(one) for one in rows if one.isdigit() and len(one) < 9), default=-1) + 1)


def _field_row(row: str, said: Mapping[str, Any]) -> FieldRow:
    label, aid, choices = _words(said.get("label")), _words(said.get("help")), said.get("choices")
    lines = choices.items() if isinstance(choices, dict) else ()
    return FieldRow(
        row=row,
        field=_text(said.get("field")),
        label_zh=label[0],
        label_en=label[1],
        help_zh=aid[0],
        help_en=aid[1],
        choices="\n".join(" | ".join((str(code), *_words(words))) for code, words in lines),
        required=said.get("required") == "true",
    )


def _field(row: FieldRow) -> Draft:
    choices: dict[str, object] = {}
    for line in row.choices.splitlines():
        code, *words = (part.strip() for part in line.split("|"))
        if code:
            zh = words[0] if words else code
            choices[code] = {"zh": zh, "en": words[1] if len(words) > 1 else zh}
    return {
        "field": row.field,
        "label": _pair((row.label_zh, row.label_en)),
        "help": _pair((row.help_zh, row.help_en)),
        "required": row.required or "",
        "choices": choices,
    }


def _consent_row(row: str, said: Mapping[str, Any]) -> ConsentRow:
    text = _words(said.get("text"))
    return ConsentRow(
        row=row,
        purpose=_text(said.get("purpose")),
        channel=_text(said.get("channel")),
        text_zh=text[0],
        text_en=text[1],
        version=_text(said.get("version")),
        required=said.get("required") == "true",
    )


def _consent(row: ConsentRow) -> Draft:
    return {
        "purpose": row.purpose.strip(),
        "channel": row.channel.strip(),
        "text": _pair((row.text_zh, row.text_en)),
        "version": row.version.strip(),
        "required": row.required or "",
    }


def _number(text: str) -> int | str:
    """A limit as a number; what is none stays as it is and is told to be wrong."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text


def _pair(words: tuple[str, str]) -> dict[str, str]:
    return {"zh": words[0].strip(), "en": words[1].strip()}


def _words(value: object) -> tuple[str, str]:
    said = value if isinstance(value, dict) else {}
    return _text(said.get("zh")), _text(said.get("en"))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _maps(value: object) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _rest(text: str) -> Draft:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return {k: v for k, v in found.items() if k not in _HEAD} if isinstance(found, dict) else {}
