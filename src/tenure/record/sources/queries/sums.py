"""What arrived, added up by the database: however many types a sender makes up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max, QuerySet, Sum

from tenure.actor import Actor
from tenure.clock import from_microseconds, to_microseconds
from tenure.record.sources.models import Arrival, ArrivalMinute

MOST_TYPES = 200
HOUR_US = 3_600_000_000
_MINUTE_US = 60_000_000


@dataclass(frozen=True, slots=True)
class Arrived:
    """How many events arrived, by what became of them; ``last_at`` is None where none did.

    ``left_out`` are records of webhooks that their map leaves out on purpose.
    """

    accepted: int = 0
    repeated: int = 0
    refused: int = 0
    last_at: datetime | None = None
    left_out: int = 0


def arrived_by_source(
    viewer: Actor, *, since: datetime, source_id: int | None = None
) -> dict[int, Arrived]:
    """What arrived from each source, or from one, from the hour of a moment (aware) on."""
    rows = _since(since) if source_id is None else _since(since).filter(source_id=source_id)
    return {row["source_id"]: _sums(row) for row in _summed(rows, "source_id")}


def arrived_by_hour(source_id: int, viewer: Actor, *, since: datetime) -> dict[datetime, Arrived]:
    """What arrived from one source in each hour, from the hour of a moment (aware) on."""
    rows = _summed(_since(since).filter(source_id=source_id), "hour_us")
    return {from_microseconds(row["hour_us"]): _sums(row) for row in rows}


def arrived_by_type(
    source_id: int, viewer: Actor, *, since: datetime, limit: int = MOST_TYPES
) -> dict[str, Arrived]:
    """What arrived from one source of each event type, the most frequent first.

    Args:
        source_id: of the source.
        viewer: who asks.
        since: from the hour of this moment on, aware.
        limit: so many types at most. An empty type is what could be no event.
    """
    rows = _summed(_since(since).filter(source_id=source_id), "type", "-accepted_sum", "type")
    return {row["type"]: _sums(row) for row in rows[:limit]}


@dataclass(frozen=True, slots=True)
class Rate:
    """Messages a minute, over the last five minutes and over the last hour."""

    now: float = 0.0
    hour: float = 0.0


def arrival_rates(viewer: Actor, *, at: datetime) -> dict[int, Rate]:
    """How fast messages come from each source at a moment (aware), as far as they are loaded."""
    minute = to_microseconds(at) // _MINUTE_US * _MINUTE_US
    sums: dict[int, list[int]] = {}
    rows = ArrivalMinute.objects.filter(minute_us__gt=minute - HOUR_US, minute_us__lte=minute)
    for source, when, messages in rows.values_list("source_id", "minute_us", "messages"):
        known = sums.setdefault(source, [0, 0])
        known[0] += messages if when > minute - 5 * _MINUTE_US else 0
        known[1] += messages
    return {source: Rate(five / 5, hour / 60) for source, (five, hour) in sums.items()}


def _since(moment: datetime) -> QuerySet[Arrival]:
    since_us = to_microseconds(moment)
    return Arrival.objects.filter(hour_us__gte=since_us - since_us % HOUR_US)


def _summed(rows: QuerySet[Arrival], by: str, *order: str) -> Any:
    """Rows of sums per value of ``by``, not yet asked for."""
    return (
        rows.values(by)
        .annotate(
            accepted_sum=Sum("accepted"),
            repeated_sum=Sum("repeated"),
            refused_sum=Sum("refused"),
            left_out_sum=Sum("left_out"),
            latest_us=Max("last_us"),
        )
        .order_by(*order)
    )


def _sums(row: dict[str, Any]) -> Arrived:
    return Arrived(
        accepted=row["accepted_sum"],
        repeated=row["repeated_sum"],
        refused=row["refused_sum"],
        last_at=from_microseconds(row["latest_us"]),
        left_out=row["left_out_sum"],
    )
