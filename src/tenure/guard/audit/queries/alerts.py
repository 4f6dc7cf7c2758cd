"""Exports that are unusual: many rows, or many for this person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tenure.actor import Actor
from tenure.guard.access.queries import rights_of
from tenure.guard.trail.queries import EntryView, exports_since
from tenure.words import Words

MANY_ROWS = 5_000
"""More than this within a day is told, whoever takes them."""
FEW_ROWS = 200
"""Up to this within a day is never told."""
TIMES_USUAL = 5
_DAY = timedelta(days=1)
_LOOKED_BACK = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class UnusualExport:
    """Rows that one person took out of the house within a day, and why that is told.

    Attributes:
        actor: key of the person.
        actor_name: how they are called.
        at: of the export with which it became unusual.
        rows: taken within the day up to then.
        usual: rows on a usual day with exports, of the 30 days before; 0: never before.
        reason: in words.
    """

    actor: str
    actor_name: str
    at: datetime
    rows: int
    usual: int
    reason: Words


def unusual_exports(since: datetime, viewer: Actor) -> list[UnusualExport]:
    """Unusual exports since a moment, the newest first; at most one of a person and day.

    Args:
        since: aware.
        viewer: who asks; who may not see the audit sees none.
    """
    if not rights_of(viewer).may("audit.view"):
        return []
    found: list[UnusualExport] = []
    for entries in exports_since(since - _LOOKED_BACK).values():
        found += _of_one(entries, since)
    return sorted(found, key=lambda each: each.at, reverse=True)


def _of_one(entries: Sequence[EntryView], since: datetime) -> Iterator[UnusualExport]:
    told_until = since
    for entry in entries:
        if entry.at < told_until:
            continue
        rows = _rows_between(entries, entry.at - _DAY, entry.at)
        usual = _usual(entries, entry.at - _DAY)
        reason = _reason(rows, usual)
        if reason is not None:
            told_until = entry.at + _DAY
            yield UnusualExport(entry.actor, entry.actor_name, entry.at, rows, usual, reason)


def _reason(rows: int, usual: int) -> Words | None:
    if rows > MANY_ROWS:
        return Words(
            zh=f"24 小时内导出 {rows:,} 行，超过 {MANY_ROWS:,} 行",
            en=f"{rows:,} rows exported within 24 hours, more than {MANY_ROWS:,}",
        )
    if usual and rows > max(FEW_ROWS, TIMES_USUAL * usual):
        return Words(
            zh=f"24 小时内导出 {rows:,} 行，平时有导出的一天约 {usual:,} 行",
            en=f"{rows:,} rows exported within 24 hours; about {usual:,} on a usual day",
        )
    return None


def _rows(entry: EntryView) -> int:
    rows = entry.detail.get("rows", 0)
    return rows if isinstance(rows, int) else 0


def _rows_between(entries: Sequence[EntryView], after: datetime, until: datetime) -> int:
    return sum(_rows(each) for each in entries if after < each.at <= until)


def _usual(entries: Sequence[EntryView], until: datetime) -> int:
    """The mean of days, counted back from ``until``, on which something was exported."""
    days: dict[int, int] = {}
    for each in entries:
        if until - _LOOKED_BACK < each.at <= until:
            day = (until - each.at) // _DAY
            days[day] = days.get(day, 0) + _rows(each)
    return sum(days.values()) // len(days) if days else 0
