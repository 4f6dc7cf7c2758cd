"""A timeline page by page, what there is to filter it by, and all of it as columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min, Q

from tenure.clock import from_microseconds
from tenure.record.events.queries.timeline import EventView, counted, views_of

_COLUMNS = {
    "event_id": "id",
    "identifier_id": "identifier_id",
    "type": "type",
    "occurred_us": "occurred_us",
    "recorded_us": "recorded_us",
    "local_date": "local_date",
    "amount_e4": "amount_e4",
    "currency": "currency",
    "source": "source",
    "batch_id": "batch_id",
    "properties": "properties",
}


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """Some events of a timeline, newest first.

    Attributes:
        older: number of the event after which the next page begins; ``None`` on the last one.
    """

    events: list[EventView]
    older: int | None


@dataclass(frozen=True, slots=True)
class TimelineExtent:
    """How many events there are of each type and source, and over what time.

    Attributes:
        types: event type to number of events, the most frequent first.
        sources: source to number of events, the most frequent first.
        first_at: when the oldest happened, aware; ``None`` where there is none.
        last_at: when the newest happened.
    """

    types: dict[str, int]
    sources: dict[str, int]
    first_at: datetime | None
    last_at: datetime | None

    @property
    def total(self) -> int:
        """All events."""
        return sum(self.types.values())


def timeline_page(
    identifier_ids: Sequence[int],
    *,
    occurred_to: datetime | None = None,
    known_at: datetime | None = None,
    types: Sequence[str] = (),
    sources: Sequence[str] = (),
    after: int | None = None,
    limit: int,
) -> TimelinePage:
    """One page of a timeline; events of undone imports are left out.

    Args:
        identifier_ids: mostly all identifiers of one customer.
        occurred_to: only what happened until then (aware).
        known_at: as the log was then (aware).
        types: only these event types; all when empty.
        sources: only from these sources; all when empty.
        after: the event where the page before ended; the first page when ``None``.
        limit: events on a page.
    """
    rows = counted(identifier_ids, occurred_to=occurred_to, known_at=known_at)
    if types:
        rows = rows.filter(type__in=list(types))
    if sources:
        rows = rows.filter(source__in=list(sources))
    if after is not None:
        last = counted(identifier_ids).filter(id=after).values_list("occurred_us", flat=True)
        moment = last.first()
        if moment is None:
            return TimelinePage([], None)
        rows = rows.filter(occurred_us__lte=moment)
        rows = rows.filter(Q(occurred_us__lt=moment) | Q(id__lt=after))
    found = views_of(rows.order_by("-occurred_us", "-id")[: limit + 1])
    page = found[:limit]
    return TimelinePage(page, page[-1].id if len(found) > limit else None)


def timeline_extent(
    identifier_ids: Sequence[int],
    *,
    occurred_to: datetime | None = None,
    known_at: datetime | None = None,
) -> TimelineExtent:
    """What a timeline holds; arguments as :func:`timeline_page`."""
    rows = counted(identifier_ids, occurred_to=occurred_to, known_at=known_at)
    grouped = rows.order_by().values_list("type", "source")
    types: dict[str, int] = {}
    sources: dict[str, int] = {}
    moments: list[int] = []
    for kind, source, number, first_us, last_us in grouped.annotate(
        number=Count("id"), first_us=Min("occurred_us"), last_us=Max("occurred_us")
    ):
        types[kind] = types.get(kind, 0) + number
        sources[source] = sources.get(source, 0) + number
        moments += [first_us, last_us]
    return TimelineExtent(
        types=dict(sorted(types.items(), key=lambda item: (-item[1], item[0]))),
        sources=dict(sorted(sources.items(), key=lambda item: (-item[1], item[0]))),
        first_at=from_microseconds(min(moments)) if moments else None,
        last_at=from_microseconds(max(moments)) if moments else None,
    )


def event_columns(
    identifier_ids: Sequence[int], *, known_at: datetime | None = None
) -> dict[str, list[Any]]:
    """Events of some identifiers as columns of the lake (``engine.schema.EVENT_BASE``), newest
    first, for the engine; arguments as :func:`timeline_page`.
    """
    rows = counted(identifier_ids, known_at=known_at).order_by("-occurred_us", "-id")
    found = list(zip(*rows.values_list(*_COLUMNS.values()), strict=True)) or [()] * len(_COLUMNS)
    return {name: list(column) for name, column in zip(_COLUMNS, found, strict=True)}
