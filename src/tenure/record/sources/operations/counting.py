"""Counting what arrives, in the transaction that records it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from tenure.clock import to_microseconds
from tenure.record.events.operations import Receipt
from tenure.record.vault.operations.inserting import Cell, insert_all

_HOUR_US = 3_600_000_000
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


def keep_counts(counts: Counts, *, at: datetime) -> None:
    """Add counts to those of the hour; call it in the transaction of what they tell."""
    moment = to_microseconds(at)
    hour = moment - moment % _HOUR_US
    rows: list[list[Cell]] = [
        [source, type_, hour, *counts[source, type_], moment] for source, type_ in sorted(counts)
    ]
    insert_all("sources_arrival", _COLUMNS, rows, on_conflict=_ADDED)


def _row(counts: Counts, source_id: int, type_: str) -> list[int]:
    name = type_[:100] if type_.isprintable() else UNREADABLE
    return counts.setdefault((source_id, name), [0, 0, 0])
