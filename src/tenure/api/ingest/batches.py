"""Bodies taken apart into the exact bytes of each event, and what was said once for all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from tenure.api.ingest.refusing import bad_json, too_many

MOST_EVENTS = 2_500
"""Events of a batch, as Segment's specification has it."""

Parts = dict[str, msgspec.Raw]
_parts = msgspec.json.Decoder(Parts)
_items = msgspec.json.Decoder(list[msgspec.Raw])
_raw = msgspec.json.Decoder(msgspec.Raw)
_any = msgspec.json.Decoder()
_encode = msgspec.json.Encoder().encode


class Batch(NamedTuple):
    """What a request brought.

    Attributes:
        items: the bytes of each event.
        envelope: what was said once for all, as JSON.
        key: the write key, if the body names it.
    """

    items: list[bytes]
    envelope: bytes
    key: str | None


def segment_batch(body: bytes) -> Batch:
    """``{"batch": [...], "sentAt": ...}``; a single event is a batch of one.

    Raises:
        RefusedError: it is none, or of too many events.
    """
    parts = parts_of(body)
    if "batch" not in parts:
        return _alone(parts, body, "writeKey")
    items = items_of(parts.pop("batch"))
    key = text_in(parts, "writeKey")
    parts.pop("writeKey", None)
    return Batch(items, _encode(parts), key)


def segment_single(kind: str, body: bytes) -> Batch:
    """One event, its type told by the address where it does not tell it itself.

    Raises:
        RefusedError: it is no JSON object.
    """
    parts = parts_of(body)
    if "batch" in parts:
        return segment_batch(body)
    if text_in(parts, "type") is None:
        parts["type"] = msgspec.Raw(_encode(kind))
        body = _encode(parts)
    return _alone(parts, body, "writeKey")


def posthog_batch(body: bytes, asked: Mapping[str, str]) -> Batch:
    """``{"api_key": ..., "batch": [...]}``, a list of events, or one event.

    Args:
        body: as sent.
        asked: parameters of the address; ``_`` is when it was sent.

    Raises:
        RefusedError: it is none, or of too many events.
    """
    envelope: Parts = {}
    if asked.get("_", "").isdigit():
        envelope["sent_at"] = msgspec.Raw(asked["_"][:16].lstrip("0").encode() or b"0")
    if body.lstrip()[:1] == b"[":
        items = items_of(msgspec.Raw(body))
        first = parts_of(items[0]) if items else {}
        return Batch(items, _encode(envelope), _posthog_key(first))
    parts = parts_of(body)
    if "batch" not in parts:
        return Batch([body], _encode(envelope), _posthog_key(parts))
    items = items_of(parts.pop("batch"))
    key = _posthog_key(parts)
    if key is None and items:
        key = _posthog_key(parts_of(items[0]))
    parts.pop("api_key", None)
    return Batch(items, _encode({**envelope, **parts}), key)


def sensors_batch(data: bytes) -> Batch:
    """A list of events, or one.

    Raises:
        RefusedError: it is none, or of too many events.
    """
    items = items_of(msgspec.Raw(data)) if data.lstrip()[:1] == b"[" else [data]
    first = parts_of(items[0]) if items else {}
    return Batch(items, b"{}", text_in(first, "token") or text_in(first, "project"))


def parts_of(body: bytes) -> Parts:
    """The members of an object; of a name that stands twice the last one.

    Raises:
        RefusedError: it is no JSON object.
    """
    try:
        return _parts.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise bad_json() from None


def items_of(batch: msgspec.Raw) -> list[bytes]:
    """The elements of a list, as they are.

    Raises:
        RefusedError: it is no list, or of too many.
    """
    try:
        items = _items.decode(batch)
    except (msgspec.DecodeError, RecursionError):
        raise bad_json() from None
    if len(items) > MOST_EVENTS:
        raise too_many(MOST_EVENTS)
    return [bytes(item) for item in items]


def text_in(parts: Parts, name: str) -> str | None:
    """A member that is text and not empty."""
    raw = parts.get(name)
    try:
        value = _any.decode(raw) if raw is not None else None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return value if type(value) is str and value else None


def _alone(parts: Parts, body: bytes, key_name: str) -> Batch:
    sent = {"sentAt": parts["sentAt"]} if "sentAt" in parts else {}
    return Batch([body.strip()], _encode(sent), text_in(parts, key_name))


def _posthog_key(parts: Parts) -> str | None:
    named = text_in(parts, "api_key") or text_in(parts, "token") or text_in(parts, "$token")
    if named is not None or "properties" not in parts:
        return named
    try:
        return text_in(_parts.decode(parts["properties"]), "token")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
