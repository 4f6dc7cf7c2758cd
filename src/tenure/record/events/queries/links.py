"""Who is linked with whom, as known now or at an earlier moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa
from django.db.models import Q

from tenure.clock import from_microseconds
from tenure.record.events.models import Identifier, Link, LinkStatement, UndoneBatch

_COLUMNS: list[pa.Field[Any]] = [
    pa.field("left", pa.int64()),
    pa.field("right", pa.int64()),
    pa.field("explicit", pa.bool_()),
    pa.field("left_type", pa.string()),
    pa.field("right_type", pa.string()),
]
EDGES = pa.schema(_COLUMNS)
"""Columns of the edges: identifier ids (left < right), whether a person stated the link, and the
types of both identifiers, which have limits."""

Pair = tuple[int, int]
_SLICE = 900


@dataclass(frozen=True, slots=True)
class Statement:
    """Someone's explicit word about a pair of identifiers."""

    event_id: int
    left: int
    right: int
    linked: bool
    occurred_at: datetime
    recorded_at: datetime


def edges(known_us: int | None = None) -> pa.Table:
    """All links that hold, each pair once, ordered; the input of identity resolution.

    Per pair the last explicit statement decides; without one, any automatic link that did not
    come from an undone import counts.

    Args:
        known_us: as the log was at that moment (microseconds); as it is now when ``None``.

    Returns:
        A table with the columns of ``EDGES``.
    """
    stated = _stated(known_us)
    pairs: dict[Pair, bool] = {pair: True for pair, linked in stated.items() if linked}
    rows = Link.objects.exclude(batch_id__in=_undone(known_us))
    if known_us is not None:
        rows = rows.filter(recorded_us__lte=known_us)
    for pair in rows.values_list("left_id", "right_id").distinct():
        if pair not in stated:
            pairs[pair] = False
    ordered = sorted(pairs)
    types = _types({number for pair in ordered for number in pair})
    return pa.table(
        {
            "left": [left for left, _ in ordered],
            "right": [right for _, right in ordered],
            "explicit": [pairs[pair] for pair in ordered],
            "left_type": [types[left] for left, _ in ordered],
            "right_type": [types[right] for _, right in ordered],
        },
        schema=EDGES,
    )


def undone_batches(known_us: int | None = None) -> list[int]:
    """Numbers of the imports that were undone, by ``known_us`` (microseconds) or until now."""
    return sorted(_undone(known_us))


def statements_about(identifier_ids: Sequence[int]) -> list[Statement]:
    """Every explicit statement about some identifiers, oldest first."""
    wanted = list(identifier_ids)
    rows = LinkStatement.objects.filter(Q(left_id__in=wanted) | Q(right_id__in=wanted))
    return [
        Statement(
            event_id=row.event_id,
            left=row.left_id,
            right=row.right_id,
            linked=row.linked,
            occurred_at=from_microseconds(row.occurred_us),
            recorded_at=from_microseconds(row.recorded_us),
        )
        for row in rows.order_by("occurred_us", "event_key")
    ]


def _stated(known_us: int | None) -> dict[Pair, bool]:
    rows = LinkStatement.objects.all()
    if known_us is not None:
        rows = rows.filter(recorded_us__lte=known_us)
    columns = ("left_id", "right_id", "linked")
    return {
        (left, right): linked
        for left, right, linked in rows.order_by("occurred_us", "event_key").values_list(*columns)
    }


def _undone(known_us: int | None) -> list[int]:
    rows = UndoneBatch.objects.all()
    if known_us is not None:
        rows = rows.filter(recorded_us__lte=known_us)
    return list(rows.values_list("batch_id", flat=True))


def _types(ids: set[int]) -> dict[int, str]:
    wanted = sorted(ids)
    return {
        number: kind
        for start in range(0, len(wanted), _SLICE)
        for number, kind in Identifier.objects.filter(
            id__in=wanted[start : start + _SLICE]
        ).values_list("id", "type")
    }
