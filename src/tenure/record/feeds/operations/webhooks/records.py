"""The records in a body: one object, a list, or a list under a path; with what the request said."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import parse_qs, unquote

import msgspec

from tenure.clock import from_microseconds
from tenure.record.sources.translating.reading import Json, decoded, mapping
from tenure.words import Words

RECEIVED = "_received_at"
"""Column of every record: when it arrived; the moment of those that tell none."""
HEADER = "header."
_MOST_FIELDS = 1_000
_NO_JSON = Words(
    "内容不是 JSON，也不是表单（UTF-8）", "the body is neither JSON nor a form, in UTF-8"
)
_NO_OBJECT = Words(
    "这一条不是 JSON 对象：列表里应是对象",
    "this is no JSON object; a list must be one of objects",
)


class Envelope(msgspec.Struct):
    """What a request said besides its body.

    Attributes:
        headers: by lower-case name; those of signatures and senders' addresses are not kept.
    """

    headers: dict[str, str] = {}


class NoRecordError(Exception):
    """A body, or a part of it, that is no record."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.en)
        self.words = words


class Record(NamedTuple):
    """One record: all its fields, and those that its sender wrote."""

    fields: Json
    own: Json


def records_of(
    body: bytes, envelope: Envelope, *, list_at: str, received_us: int
) -> list[Record | NoRecordError]:
    """The records of a body, each with the outer fields of the body and of the request.

    Args:
        body: as it arrived; JSON, or a form (``application/x-www-form-urlencoded``).
        envelope: of the request.
        list_at: dotted path of the list of records; empty: the body itself is one or a list.
        received_us: when it arrived, microseconds, UTC.

    Raises:
        NoRecordError: it is neither JSON nor a form.
    """
    value = _value_of(body)
    said: Json = {RECEIVED: from_microseconds(received_us).isoformat()}
    said |= {f"{HEADER}{name}": text for name, text in envelope.headers.items()}
    inner, outer = _under(value, list_at)
    if not isinstance(inner, list):
        inner, outer = [value], {}
    found: list[Record | NoRecordError] = []
    for one in inner:
        if not isinstance(one, dict):
            found.append(NoRecordError(_NO_OBJECT))
            continue
        own = {**outer, **one}
        before = {name: text for name, text in own.items() if _is_said(name)}
        bare = {name: text for name, text in own.items() if name not in before}
        found.append(Record({**bare, **said, **before}, bare))
    return found


def _is_said(name: str) -> bool:
    """Whether a field was put there by us, when the record first came."""
    return name == RECEIVED or name.startswith(HEADER)


def _under(value: object, path: str) -> tuple[object, Json]:
    """What stands under a path, and the simple fields around it."""
    steps = [step for step in path.split(".") if step]
    outer: Json = {}
    for step in steps:
        around = mapping(value)
        if step not in around:
            return None, {}
        simple = (str, int, float, bool)
        outer |= {name: one for name, one in around.items() if isinstance(one, simple)}
        value = around[step]
    return value, outer


def _value_of(body: bytes) -> object:
    try:
        return decoded(body)
    except ValueError:
        pass
    try:
        text = body.decode()
        named = parse_qs(
            text, keep_blank_values=True, strict_parsing=True, max_num_fields=_MOST_FIELDS
        )
    except ValueError:
        raise NoRecordError(_NO_JSON) from None
    return {name: _field(values) for name, values in named.items()}


def _field(values: list[str]) -> object:
    """A field of a form; one that holds JSON (some shops put all into one) as what it holds."""
    if len(values) > 1:
        return values
    text = unquote(values[0]) if values[0][:3].upper() == "%7B" else values[0]
    if text[:1] == "{":
        try:
            return decoded(text.encode())
        except ValueError:
            return values[0]
    return values[0]
