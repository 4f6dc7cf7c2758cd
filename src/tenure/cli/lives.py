"""Parts of a customer's page: identifiers, stages, what comes next, timeline."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rich.text import Text

from tenure.cli import screen
from tenure.cli.boards import stage_text
from tenure.cli.language import say
from tenure.words import Words

if TYPE_CHECKING:
    from tenure.definitions import Library
    from tenure.derive.lifecycles.queries import NextChange, StageInterval
    from tenure.record.events.queries import EventView, IdentifierView

_MASK = "••••••"
_PINS = ("stage.pinned", "stage.unpinned")
_INTERNAL = "tenure:"
"""Begins the names of properties that Tenure keeps for itself."""


def show_identifiers(views: Sequence[IdentifierView], library: Library) -> None:
    """Print identifiers; personal ones masked unless they were revealed."""
    names = {
        kind.key: kind.name for party in library.party_types.values() for kind in party.identifiers
    }
    told = []
    for view in views:
        name = names.get(view.type)
        told.append(f"{say(name) if name else view.type} {view.value or _MASK}")
    screen.line(" · ".join(told))


def show_stages(history: Sequence[StageInterval], as_of: datetime, zone: ZoneInfo) -> None:
    """Print the stages a customer went through, each with its length and its cause."""
    columns: list[screen.Column] = [
        (Words(zh="进入", en="Entered"), "left"),
        (Words(zh="阶段", en="Stage"), "left"),
        (Words(zh="停留", en="Stayed"), "right"),
        (Words(zh="原因", en="Why"), "left"),
    ]
    rows: list[list[screen.Cell]] = []
    for interval in history:
        stay = (interval.left_at or as_of) - interval.entered_at
        stayed = Text(screen.days(stay.total_seconds() / 86_400))
        if interval.left_at is None:
            stayed.stylize("bold")
        name = stage_text(interval.name, interval.canonical)
        entered = screen.short_date(interval.entered_at, zone)
        rows.append([entered, name, stayed, say(interval.cause)])
    screen.table(columns, rows)


def show_next(coming: NextChange | None, zone: ZoneInfo) -> None:
    """Print what will happen if nothing happens."""
    if coming is None:
        screen.line(
            Words(zh="如果什么都不发生，阶段不再变化", en="If nothing happens, the stage stays"),
            style="dim",
        )
        return
    day = screen.long_date(coming.at.astimezone(zone).date())
    screen.line(
        Words(
            zh=f"如果什么都不发生，{day}将进入“{coming.name.zh}”：{coming.cause.zh}",
            en=f"If nothing happens: {coming.name.en} on {day} ({coming.cause.en})",
        ),
        style="bold",
    )


def show_timeline(
    events: Sequence[EventView], library: Library, zone: ZoneInfo, *, more: int
) -> None:
    """Print events, the newest first."""
    columns: list[screen.Column] = [
        (Words(zh="时间", en="When"), "left"),
        (Words(zh="事件", en="Event"), "left"),
        (Words(zh="金额", en="Amount"), "right"),
        (Words(zh="详情", en="Details"), "left"),
    ]
    rows = [
        [
            screen.short_moment(event.occurred_at, zone),
            _event_name(event.type, library),
            "" if event.amount is None else f"{event.amount:,.2f}",
            _details(event, library),
        ]
        for event in events
    ]
    screen.table(columns, rows, more=more)


def _event_name(key: str, library: Library) -> str:
    known = library.event_types.get(key)
    return say(known.name) if known else key


def _details(event: EventView, library: Library) -> str:
    """Fields with their names; the amount has a column of its own."""
    known = library.event_types.get(event.type)
    names = {field.key: field.name for field in (known.fields if known else ())}
    parts = []
    shown = {k: v for k, v in event.properties.items() if not k.startswith(_INTERNAL)}
    for key, value in {**shown, **event.personal}.items():
        name = names.get(key)
        told = ("✓" if value else "✗") if isinstance(value, bool) else str(value)
        if event.type in _PINS:
            told = _pin_name(key, told, event, library)
        parts.append(f"{say(name) if name else key} {told}")
    return " · ".join(parts)


def _pin_name(key: str, told: str, event: EventView, library: Library) -> str:
    """The name of the lifecycle or stage that a pin tells by its code."""
    lifecycle = library.lifecycles.get(str(event.properties.get("lifecycle")))
    if lifecycle is None:
        return told
    if key == "lifecycle":
        return say(lifecycle.name)
    if key == "stage":
        return next((say(one.name) for one in lifecycle.stages if one.code == told), told)
    return told
