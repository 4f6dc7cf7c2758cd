"""The latest events of each type that came from a source."""

from __future__ import annotations

import msgspec

from tenure.actor import Actor
from tenure.record.events.queries import EventView, events_by_id
from tenure.record.sources.models import Sample

_decode = msgspec.json.Decoder(list[int]).decode


def sample_types(viewer: Actor, *, source_id: int) -> list[str]:
    """Event types that a source has sent, the latest first."""
    rows = Sample.objects.filter(source_id=source_id).order_by("-last_us", "type")
    return list(rows.values_list("type", flat=True)[:200])


def samples(
    viewer: Actor, *, source_id: int | None = None, type_key: str | None = None, limit: int = 20
) -> list[EventView]:
    """The latest events of sources, newest first, without what lies in the vault.

    Args:
        viewer: who asks. Whose events these are is not looked at: doors ask for a right that
            covers all sources, and mask what is personal.
        source_id: only of this source.
        type_key: only of this event type.
        limit: so many at most; of each type the latest twenty are known.
    """
    rows = Sample.objects.order_by("-last_us")
    if source_id is not None:
        rows = rows.filter(source_id=source_id)
    if type_key is not None:
        rows = rows.filter(type=type_key)
    numbers = {
        number
        for text in rows.values_list("event_ids", flat=True)[:200]
        for number in _decode(text)
    }
    found = events_by_id(sorted(numbers, reverse=True)[:limit])
    return [found[number] for number in sorted(found, reverse=True)]
