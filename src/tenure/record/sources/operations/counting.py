"""Counting what arrives, in the transaction that records it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from tenure.clock import to_microseconds
from tenure.record.events.operations import Receipt
from tenure.record.sources.models import ArrivalMinute
from tenure.record.vault.operations.inserting import Cell, insert_all

_HOUR_US = 3_600_000_000
_MINUTE_US = 60_000_000
_COLUMNS = {
    "source_id": "bigint",
    "type": "text",
    "hour_us": "bigint",
    "accepted": "bigint",
    "repeated": "bigint",
    "refused": "bigint",
    "last_us": "bigint",
}
_ADDED = (
    "(source_id, type, hour_us) DO UPDATE SET "
    "accepted = sources_arrival.accepted + excluded.accepted, "
    "repeated = sources_arrival.repeated + excluded.repeated, "
    "refused = sources_arrival.refused + excluded.refused, "
    "last_us = CASE WHEN excluded.last_us > sources_arrival.last_us "
    "THEN excluded.last_us ELSE sources_arrival.last_us END"
)
_LEFT_OUT = {
    "source_id": "bigint", "type": "text", "hour_us": "bigint", "accepted": "bigint",
    "repeated": "bigint", "refused": "bigint", "left_out": "bigint", "last_us": "bigint",
}  # fmt: skip
_LEFT_OUT_MORE = (
    "(source_id, type, hour_us) DO UPDATE SET "
    "left_out = sources_arrival.left_out + excluded.left_out, last_us = excluded.last_us"
)
_TOTALS = {"source_id": "bigint", "accepted": "bigint", "repeated": "bigint", "refused": "bigint"}
_TOTALLED = (
    "(source_id) DO UPDATE SET "
    "accepted = sources_arrivaltotal.accepted + excluded.accepted, "
    "repeated = sources_arrivaltotal.repeated + excluded.repeated, "
    "refused = sources_arrivaltotal.refused + excluded.refused"
)
_MINUTES = {"source_id": "bigint", "minute_us": "bigint", "messages": "bigint"}
_A_MINUTE_MORE = (
    "(minute_us, source_id) DO UPDATE SET "
    "messages = sources_arrivalminute.messages + excluded.messages"
)
_MINUTES_KEPT_US = 2 * _HOUR_US
_PLACE = {"accepted": 0, "repeated": 1, "refused": 2}
UNREADABLE = ""
"""The type under which is counted what could be no event."""

Counts = dict[tuple[int, str], list[int]]
"""Source and type, to how many were accepted, repeated and refused."""


def count(counts: Counts, source_id: int, told: Iterable[tuple[str, Receipt]]) -> None:
    """Add what became of events, given with their types."""
    for type_, receipt in told:
        _row(counts, source_id, type_)[_PLACE[receipt.status]] += 1


def count_unreadable(counts: Counts, source_id: int, number: int) -> None:
    """Add so many messages that could be no event."""
    if number:
        _row(counts, source_id, UNREADABLE)[2] += number


def keep_left_out(source_id: int, number: int, *, at: datetime) -> None:
    """Add so many records that a map leaves out; call it in the transaction of their batch."""
    if number:
        moment = to_microseconds(at)
        row: list[Cell] = [source_id, UNREADABLE, moment - moment % _HOUR_US]
        row += [0, 0, 0, number, moment]
        insert_all("sources_arrival", _LEFT_OUT, [row], on_conflict=_LEFT_OUT_MORE)


def keep_counts(counts: Counts, *, at: datetime) -> None:
    """Add counts to those of the hour, of the minute and of all time.

    Call it in the transaction of what they tell.
    """
    moment = to_microseconds(at)
    hour = moment - moment % _HOUR_US
    rows: list[list[Cell]] = [
        [source, type_, hour, *counts[source, type_], moment] for source, type_ in sorted(counts)
    ]
    insert_all("sources_arrival", _COLUMNS, rows, on_conflict=_ADDED)
    _keep_sums(counts, moment - moment % _MINUTE_US)


def _keep_sums(counts: Counts, minute: int) -> None:
    sums: dict[int, list[int]] = {}
    for (source, _), row in counts.items():
        known = sums.setdefault(source, [0, 0, 0])
        for place, number in enumerate(row):
            known[place] += number
    totals: list[list[Cell]] = [[source, *sums[source]] for source in sorted(sums)]
    insert_all("sources_arrivaltotal", _TOTALS, totals, on_conflict=_TOTALLED)
    minutes: list[list[Cell]] = [[source, minute, sum(sums[source])] for source in sorted(sums)]
    insert_all("sources_arrivalminute", _MINUTES, minutes, on_conflict=_A_MINUTE_MORE)
    ArrivalMinute.objects.filter(minute_us__lt=minute - _MINUTES_KEPT_US).delete()


def _row(counts: Counts, source_id: int, type_: str) -> list[int]:
    name = type_[:100] if type_.isprintable() else UNREADABLE
    return counts.setdefault((source_id, name), [0, 0, 0])
