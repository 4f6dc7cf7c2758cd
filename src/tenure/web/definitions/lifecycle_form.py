"""A lifecycle's draft as a form: read from its YAML, and written back to it.

What the form does not show (the requirement it fulfils, what it cannot read) is carried along
unseen.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from tenure.definitions.drafting import Draft
from tenure.web.definitions.playbook_fields import (
    FIELDS,
    PlaybookFields,
    fields_of,
    playbook_of,
)

_SHOWN = ("code", "name", "canonical", "when", "entry", "owner_role")
_TEXTS = ("code", "name_zh", "name_en", "canonical", "when", "entry_zh", "entry_en", "owner_role")
_HEAD = ("kind", "key", "name", "description", "model", "party", "stages", "check")


@dataclass(slots=True)
class StageRow:
    """One stage in the form.

    Attributes:
        row: names the row while the page is open, so that the order of trial can refer to it.
        book: its playbook.
        extra: what the form does not show, as JSON.
    """

    row: str
    code: str = ""
    name_zh: str = ""
    name_en: str = ""
    canonical: str = ""
    when: str = ""
    entry_zh: str = ""
    entry_en: str = ""
    owner_role: str = ""
    book: PlaybookFields = field(default_factory=PlaybookFields)
    extra: str = "{}"

    @property
    def book_unread(self) -> bool:
        """Whether the YAML holds a playbook that the fields cannot show; it is kept as it is."""
        return "playbook" in _mapping(self.extra)


@dataclass(slots=True)
class LifecycleForm:
    """The draft of a lifecycle as fields; ``check`` are rows in the order of trial."""

    name_zh: str = ""
    name_en: str = ""
    description_zh: str = ""
    description_en: str = ""
    party: str = ""
    stages: list[StageRow] = field(default_factory=list)
    check: list[StageRow] = field(default_factory=list)
    head: str = "{}"

    @property
    def fallback(self) -> str:
        """Row of the stage that takes everyone else."""
        return self.check[-1].row if self.check else ""


def form_of_lifecycle(draft: Draft) -> LifecycleForm:
    """The form of a draft, whatever is missing or wrong in it."""
    stages = [_row(str(number), stage) for number, stage in enumerate(_list(draft.get("stages")))]
    by_code = {stage.code: stage for stage in reversed(stages)}
    check = [by_code[code] for code in _list(draft.get("check")) if code in by_code]
    check = list({stage.row: stage for stage in check}.values())
    named = {stage.row for stage in check}
    missing = [stage for stage in stages if stage.row not in named]
    at = max(len(check) - 1, 0)
    name, description = _words(draft.get("name")), _words(draft.get("description"))
    rest = {key: value for key, value in draft.items() if key not in _HEAD or key == "model"}
    return LifecycleForm(
        name_zh=name[0],
        name_en=name[1],
        description_zh=description[0],
        description_en=description[1],
        party=_text(draft.get("party")),
        stages=stages,
        check=[*check[:at], *missing, *check[at:]],
        head=json.dumps(rest, ensure_ascii=False),
    )


def form_posted(data: QueryDict) -> LifecycleForm:
    """The form as it was sent, an asked-for move, addition or removal done."""
    columns = {name: data.getlist(name) for name in ("row", *_TEXTS, "extra")}
    books = {name: data.getlist(name) for name in FIELDS}
    rows = [
        StageRow(**dict(zip(columns, values, strict=True)), book=_book_at(books, place))
        for place, values in enumerate(zip(*columns.values(), strict=False))
    ]
    by_row = {stage.row: stage for stage in rows}
    check = [by_row[row] for row in data.getlist("check") if row in by_row]
    form = LifecycleForm(
        name_zh=data.get("title_zh", ""),
        name_en=data.get("title_en", ""),
        description_zh=data.get("description_zh", ""),
        description_en=data.get("description_en", ""),
        party=data.get("party", ""),
        stages=rows,
        check=check,
        head=data.get("head", "{}"),
    )
    _do(form, data.get("do", ""))
    return form


def _book_at(columns: Mapping[str, list[str]], place: int) -> PlaybookFields:
    """The playbook of the stage at a place; fields that were not sent are empty."""
    sent = {name: values[place] for name, values in columns.items() if place < len(values)}
    return PlaybookFields(**sent)


def draft_of_form(form: LifecycleForm, key: str) -> Draft:
    """The draft a form says."""
    rest = _mapping(form.head)
    return {
        "kind": "lifecycle",
        "key": key,
        "name": {"zh": form.name_zh, "en": form.name_en},
        "description": {"zh": form.description_zh, "en": form.description_en},
        **rest,
        "party": form.party,
        "stages": [_stage(row) for row in form.stages],
        "check": [row.code for row in form.check],
    }


def _stage(row: StageRow) -> dict[str, Any]:
    return {
        "code": row.code.strip(),
        "name": {"zh": row.name_zh.strip(), "en": row.name_en.strip()},
        "canonical": row.canonical,
        "owner_role": row.owner_role.strip(),
        "when": row.when.strip(),
        "entry": {"zh": row.entry_zh.strip(), "en": row.entry_en.strip()},
        "playbook": playbook_of(row.book),
        **_mapping(row.extra),
    }


def _row(row: str, stage: Any) -> StageRow:
    known = stage if isinstance(stage, Mapping) else {}
    name, entry = _words(known.get("name")), _words(known.get("entry"))
    book = fields_of(known.get("playbook"))
    shown = _SHOWN if book is None else (*_SHOWN, "playbook")
    rest = {key: value for key, value in known.items() if key not in shown}
    return StageRow(
        row=row,
        code=_text(known.get("code")),
        name_zh=name[0],
        name_en=name[1],
        canonical=_text(known.get("canonical")),
        when=_text(known.get("when")),
        entry_zh=entry[0],
        entry_en=entry[1],
        owner_role=_text(known.get("owner_role")),
        book=book or PlaybookFields(),
        extra=json.dumps(rest, ensure_ascii=False),
    )


def _do(form: LifecycleForm, wanted: str) -> None:
    """Add, remove or move a stage: ``add``, ``remove:ROW``, ``up:ROW``, ``check-down:ROW``."""
    act, _, row = wanted.partition(":")
    if act == "add":
        fresh = StageRow(row=f"new{len(form.stages)}", canonical="active")
        form.stages.append(fresh)
        form.check.insert(max(len(form.check) - 1, 0), fresh)
    elif act == "remove":
        form.stages = [one for one in form.stages if one.row != row]
        form.check = [one for one in form.check if one.row != row]
    elif act in ("up", "down"):
        _move(form.stages, row, -1 if act == "up" else 1)
    elif act in ("check-up", "check-down"):
        _move(form.check, row, -1 if act == "check-up" else 1)


def _move(rows: list[StageRow], row: str, by: int) -> None:
    at = next((place for place, one in enumerate(rows) if one.row == row), None)
    if at is not None and 0 <= at + by < len(rows):
        rows[at], rows[at + by] = rows[at + by], rows[at]


def _mapping(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _words(value: Any) -> tuple[str, str]:
    known = value if isinstance(value, Mapping) else {}
    return _text(known.get("zh")), _text(known.get("en"))
