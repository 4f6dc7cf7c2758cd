"""What arrived, added up for people to look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from tenure.definitions import Library
from tenure.record.sources.queries import Arrived, SourceView
from tenure.web.language import told
from tenure.words import Words

HOURS = 24
DAY = timedelta(hours=HOURS)
HOUR = timedelta(hours=1)
SILENT_AFTER = timedelta(days=3)
NOTHING = Arrived()
STATES = {
    "live": Words("正常", "Live"),
    "new": Words("等待第一个事件", "Awaits its first event"),
    "silent": Words("三天没有事件", "Silent for 3 days"),
    "paused": Words("已暂停", "Paused"),
}
RESULTS = (
    ("accepted", Words("接收", "Accepted"), "teal"),
    ("repeated", Words("重复", "Repeated"), "gray-400"),
    ("refused", Words("拒绝", "Refused"), "red"),
)


@dataclass(frozen=True, slots=True)
class TypeArrived:
    """What arrived of one event type; ``name`` is None where the library does not declare it."""

    type: str
    name: Words | None
    counts: Arrived


def with_names(found: Mapping[str, Arrived], library: Library) -> list[TypeArrived]:
    """What arrived of each type with its name, without what could be no event."""
    kinds = library.event_types
    return [
        TypeArrived(key, kinds[key].name if key in kinds else None, counts)
        for key, counts in found.items()
        if key
    ]


def state_of(source: SourceView, at: datetime) -> str:
    """paused, new (nothing arrived yet), silent (nothing for days) or live."""
    if source.paused_at is not None:
        return "paused"
    if source.last_at is None:
        return "new"
    return "silent" if at - source.last_at > SILENT_AFTER else "live"


def hourly(found: Mapping[datetime, Arrived], *, since: datetime, at: datetime) -> dict[str, Any]:
    """Bars of what arrived in each hour from ``since`` to ``at``, hours without any included."""
    first = since.replace(minute=0, second=0, microsecond=0)
    hours = [first + HOUR * n for n in range(int((at - first) / HOUR) + 1)]
    series = [
        {
            "name": told(words),
            "type": "bar",
            "stack": "arrived",
            "itemStyle": {"color": f"var(--tblr-{colour})"},
            "data": [getattr(found.get(hour, NOTHING), name) for hour in hours],
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
