"""The form of a map: which column is what, offered and read back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from tenure.definitions import Library
from tenure.record.imports.operations.drafts import Draft
from tenure.web.language import told
from tenure.words import Words

_SAMPLES = 3
_PARTS = (
    ("moment", Words("发生时间", "When it happened")),
    ("amount", Words("金额", "Amount")),
    ("price", Words("单价", "Unit price")),
    ("quantity", Words("数量", "Quantity")),
    ("order", Words("订单号", "Order number")),
    ("type", Words("事件类型", "Event type")),
)


@dataclass(frozen=True, slots=True)
class Group:
    """Options under one heading."""

    words: Words
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """One column of the file.

    Attributes:
        number: its position, which names its field.
        samples: the first cells.
        part: what it is taken for.
        group: heading of the part's group, a tone for the eye.
    """

    number: int
    name: str
    samples: tuple[str, ...]
    part: str
    meaning: Words | None
    options: tuple[Group, ...]


def column_rows(draft: Draft) -> list[ColumnRow]:
    """Every column with its samples and its options."""
    guess = draft.guess
    groups = tuple(_groups(draft.library, _types(draft)))
    known = {value for group in groups for value, _ in group.options}
    rows = []
    for number, name in enumerate(guess.columns):
        part = guess.chosen.get(name, "")
        own = groups
        if part and part not in known:
            own = (*groups, Group(Words("其他", "Others"), ((part, part),)))
        samples = tuple(
            "" if row[number] is None else str(row[number]) for row in guess.rows[:_SAMPLES]
        )
        rows.append(ColumnRow(number, name, samples, part, guess.meanings.get(name), own))
    return rows


def event_options(library: Library) -> list[tuple[str, str]]:
    """Every event type by its name."""
    types = library.event_types.items()
    return sorted((key, f"{told(kind.name)} · {key}") for key, kind in types)


def single_type(draft: Draft) -> str | None:
    """The one event type of every row; None where a column or the moments say it."""
    if "type" in draft.guess.chosen.values():
        return None
    if any(part.startswith("moment:") for part in draft.guess.chosen.values()):
        return None
    events = draft.guess.document["events"]
    kind = events[-1].get("type")
    return kind if isinstance(kind, str) and kind != "?" else ""


def type_rows(draft: Draft) -> list[tuple[str, int, str]]:
    """Texts of the column of types: (text, how often in the sample, event type or empty)."""
    rule = draft.guess.document["events"][-1].get("type")
    values = rule.get("values", {}) if isinstance(rule, dict) else {}
    known = draft.library.event_types
    return [
        (text, count, values.get(text) or (text if text in known else ""))
        for text, count in draft.guess.types
    ]


def read_choices(said: QueryDict, draft: Draft) -> dict[str, Any]:
    """What the form says, as an upload keeps it."""
    columns = draft.guess.columns
    roles = {name: said.get(f"column-{number}", "") for number, name in enumerate(columns)}
    texts = [text for text, _ in draft.guess.types]
    types = {text: said.get(f"type-{number}", "") for number, text in enumerate(texts)}
    answers = {
        key.removeprefix("answer-"): int(value)
        for key, value in said.items()
        if key.startswith("answer-") and isinstance(value, str) and value.isdecimal()
    }
    return {
        "roles": roles,
        "event_type": "" if "type" in roles.values() else said.get("event_type", ""),
        "types": {text: kind for text, kind in types.items() if kind},
        "grouped": said.get("grouped") == "1" if "could_group" in said else None,
        "answers": answers,
        "source": said.get("source", "").strip()[:100],
        "exchange_rate": said.get("exchange_rate", "").strip()[:30],
        "duplicates": "drop" if said.get("duplicates") == "drop" else "keep",
        "anonymous": said.get("anonymous") == "1",
    }


def _types(draft: Draft) -> set[str]:
    events = draft.guess.document["events"]
    kinds = [event.get("type") for event in events]
    found = {kind for kind in kinds if isinstance(kind, str)}
    for kind in kinds:
        if isinstance(kind, dict):
            found |= set(kind.get("values", {}).values())
    return found


def _groups(library: Library, types: set[str]) -> Iterator[Group]:
    identifiers = {
        one.key: told(one.name) if one.name else one.key
        for party in library.party_types.values()
        for one in party.identifiers
    }
    yield Group(
        Words("哪位客户", "Which customer"),
        tuple((f"customer:{key}", f"{name} · {key}") for key, name in identifiers.items()),
    )
    yield Group(Words("事件", "The event"), tuple((key, told(words)) for key, words in _PARTS))
    yield Group(Words("事件字段", "Fields of the event"), tuple(_fields(library, types)))
    profile = {
        one.key: told(one.name) if one.name else one.key
        for party in library.party_types.values()
        for one in party.fields
    }
    yield Group(
        Words("客户资料", "Profile of the customer"),
        tuple((f"profile:{key}", name) for key, name in profile.items()),
    )
    yield Group(
        Words("每列是一种事件的时间", "One event per column: the moment of"),
        tuple((f"moment:{key}", name) for key, name in event_options(library)),
    )


def _fields(library: Library, types: set[str]) -> Iterator[tuple[str, str]]:
    known = library.event_types
    seen = {"amount", "quantity", "order_id"}
    chosen = [known[key] for key in sorted(types) if key in known]
    for kind in chosen:
        for one in kind.fields:
            if one.key not in seen:
                seen.add(one.key)
                yield f"field:{one.key}", told(one.name) if one.name else one.key
