"""What arrived, added up for people to look at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from tenure.definitions import Library
from tenure.record.sources.queries import ArrivalView, SourceView
from tenure.web.language import told
from tenure.words import Words

HOURS = 24
DAY = timedelta(hours=HOURS)
HOUR = timedelta(hours=1)
SILENT_AFTER = timedelta(days=3)
RESULTS = (
    ("accepted", Words("接收", "Accepted"), "teal"),
    ("repeated", Words("重复", "Repeated"), "gray-400"),
    ("refused", Words("拒绝", "Refused"), "red"),
)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many events arrived, by what became of them."""

    accepted: int = 0
    repeated: int = 0
    refused: int = 0

    @classmethod
    def of(cls, rows: Iterable[ArrivalView]) -> Counts:
        """The sums of some rows."""
        listed = list(rows)
        return cls(*(sum(getattr(row, name) for row in listed) for name, _, _ in RESULTS))


@dataclass(frozen=True, slots=True)
class TypeArrived:
    """What arrived of one event type; ``name`` is None where the library does not declare it."""

    type: str
    name: Words | None
    counts: Counts
    last_at: datetime


def by_type(rows: Sequence[ArrivalView], library: Library) -> list[TypeArrived]:
    """What arrived of each type, the most frequent first; without what could be no event."""
    found = []
    for key in {row.type for row in rows} - {""}:
        own = [row for row in rows if row.type == key]
        kind = library.event_types.get(key)
        name = kind.name if kind else None
        found.append(TypeArrived(key, name, Counts.of(own), max(row.last_at for row in own)))
    return sorted(found, key=lambda one: (-one.counts.accepted, one.type))


def state_of(source: SourceView, at: datetime) -> str:
    """paused, new (nothing arrived yet), silent (nothing for days) or live."""
    if source.paused_at is not None:
        return "paused"
    if source.last_at is None:
        return "new"
    return "silent" if at - source.last_at > SILENT_AFTER else "live"


def hourly(rows: Sequence[ArrivalView], *, since: datetime, at: datetime) -> dict[str, Any]:
    """Bars of what arrived in each hour from ``since`` to ``at``, hours without any included."""
    first = since.replace(minute=0, second=0, microsecond=0)
    hours = [first + HOUR * n for n in range(int((at - first) / HOUR) + 1)]
    sums = {hour: Counts.of(row for row in rows if row.hour == hour) for hour in hours}
    series = [
        {
            "name": told(words),
            "type": "bar",
            "stack": "arrived",
            "itemStyle": {"color": f"var(--tblr-{colour})"},
            "data": [getattr(sums[hour], name) for hour in hours],
        }
        for name, words, colour in RESULTS
    ]
    return {
        "tooltip": {"trigger": "axis"},
        "legend": {"bottom": 0},
        "grid": {"left": 8, "right": 8, "top": 16, "bottom": 40, "containLabel": True},
        "xAxis": {"type": "category", "data": [_clock(hour) for hour in hours]},
        "yAxis": {"type": "value", "minInterval": 1},
        "series": series,
    }


def _clock(hour: datetime) -> str:
    return timezone.localtime(hour).strftime("%H:%M")
