"""Messages as senders write them, and what becomes of them."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from types import SimpleNamespace
from typing import Any

import msgspec

from tenure.clock import to_microseconds
from tenure.definitions import Library, load_pack
from tenure.record.events.operations import IncomingEvent
from tenure.record.sources.translating import Untranslatable, translate

ARRIVED = datetime(2026, 3, 1, 12, 0, 1, tzinfo=UTC)
SHOP = SimpleNamespace(id=1, key="shop", settings="{}")


@cache
def library() -> Library:
    return Library.of(load_pack("ecommerce"))


def told_raw(
    dialect: str,
    *items: bytes,
    envelope: bytes = b"{}",
    at: datetime = ARRIVED,
    source: Any = SHOP,
) -> list[IncomingEvent | Untranslatable]:
    arrived: Any = SimpleNamespace(
        source_id=1,
        dialect=dialect,
        received_us=to_microseconds(at),
        envelope=envelope,
        items=list(items),
    )
    return translate(arrived, source, library())


def told(dialect: str, *items: dict[str, Any], **options: Any) -> list[IncomingEvent]:
    """The events of messages that are all in order."""
    if "envelope" in options:
        options["envelope"] = msgspec.json.encode(options["envelope"])
    found = told_raw(dialect, *map(msgspec.json.encode, items), **options)
    assert all(isinstance(event, IncomingEvent) for event in found), found
    return [event for event in found if isinstance(event, IncomingEvent)]


def segment(kind: str, **parts: Any) -> dict[str, Any]:
    return {"type": kind, "messageId": "m1", "userId": "u1", **parts}
