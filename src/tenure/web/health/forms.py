"""A refused event as a form: its parts as fields, and back to an event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
from django.http import QueryDict

from tenure.record.events.operations import IncomingEvent
from tenure.web.language import told
from tenure.words import TenureError, Words

_SPARE = 2


class NoEventError(TenureError):
    """What the form says is no event."""


@dataclass(frozen=True, slots=True)
class Line:
    """One named value; ``json`` where it is no plain text."""

    number: int
    name: str
    value: str
    json: bool


@dataclass(frozen=True, slots=True)
class LetterForm:
    """The parts of an event as text.

    Attributes:
        broken: what was sent is no event at all; only its text can be edited.
    """

    type: str
    occurred_at: str
    key: str
    currency: str
    exchange_rate: str
    identifiers: tuple[Line, ...]
    fields: tuple[Line, ...]
    text: str
    broken: bool


def form_of(body: str) -> LetterForm:
    """The form of what was sent."""
    try:
        sent = msgspec.json.decode(body)
    except msgspec.DecodeError:
        sent = None
    if not isinstance(sent, dict):
        return LetterForm("", "", "", "", "", (), (), body, broken=True)
    return LetterForm(
        type=_text(sent.get("type")),
        occurred_at=_text(sent.get("occurred_at")),
        key=_text(sent.get("key")),
        currency=_text(sent.get("currency")),
        exchange_rate=_text(sent.get("exchange_rate")),
        identifiers=_lines(sent.get("identifiers")),
        fields=_lines(sent.get("fields")),
        text=msgspec.json.format(body, indent=2),
        broken=False,
    )


def event_of(said: QueryDict) -> IncomingEvent:
    """The event the form says.

    Raises:
        NoEventError: it says none; which part is wrong is told.
    """
    if whole := said.get("whole", ""):
        return _decoded(whole.encode())
    parts: dict[str, Any] = {
        name: said.get(name, "").strip() or None for name in ("key", "currency", "exchange_rate")
    }
    parts |= {name: said.get(name, "").strip() for name in ("type", "occurred_at")}
    parts["identifiers"] = {name: value for name, value, _ in _said(said, "identifier")}
    parts["fields"] = {
        name: _value(value) if plain != "1" else value
        for name, value, plain in _said(said, "field")
    }
    return _decoded(msgspec.json.encode({k: v for k, v in parts.items() if v is not None}))


def _decoded(text: bytes) -> IncomingEvent:
    try:
        event = msgspec.json.decode(text, type=IncomingEvent, strict=False)
    except (msgspec.ValidationError, msgspec.DecodeError) as problem:
        raise NoEventError(
            Words(zh=f"这不是一个事件：{problem}", en=f"This is no event: {problem}")
        ) from problem
    if event.occurred_at.tzinfo is None:
        raise NoEventError(
            Words(
                zh="发生时间要带时区，如 2026-05-01T10:00:00+08:00",
                en="The moment needs a time zone, such as 2026-05-01T10:00:00+08:00",
            )
        )
    return event


def _said(said: QueryDict, prefix: str) -> list[tuple[str, str, str]]:
    """(name, value, whether it is plain text) of every line that has a name."""
    found = []
    for key, name in said.items():
        if not key.startswith(f"{prefix}-name-") or not isinstance(name, str) or not name.strip():
            continue
        number = key.rpartition("-")[2]
        value = said.get(f"{prefix}-value-{number}", "")
        if value != "":
            found.append((name.strip(), value, said.get(f"{prefix}-plain-{number}", "1")))
    return found


def _value(text: str) -> object:
    try:
        found: object = msgspec.json.decode(text)
    except msgspec.DecodeError:
        return text
    return found


def _lines(values: object) -> tuple[Line, ...]:
    given = list(values.items()) if isinstance(values, dict) else []
    lines = [
        Line(number, str(name), _text(value), not isinstance(value, str))
        for number, (name, value) in enumerate(given)
    ]
    spare = range(len(lines), len(lines) + _SPARE)
    return (*lines, *(Line(number, "", "", json=False) for number in spare))


def _text(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def state_words(status: str) -> str:
    """Where a refused event stands, in the reader's language."""
    return told(
        {
            "waiting": Words("等待处理", "waiting"),
            "replayed": Words("已记入", "recorded"),
            "discarded": Words("已放弃", "discarded"),
        }[status]
    )
