"""How good customers' records are, by owner and source, out of the roster: counted once for each.

The figures are of the roster's moment. Whom a viewer does not see does not count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa

from tenure.actor import Actor
from tenure.derive.customers.projection.record_scores import SCORE_COLUMNS
from tenure.derive.customers.projection.records import asked_fields
from tenure.derive.customers.projection.roster import reading_roster
from tenure.derive.customers.queries import visible
from tenure.derive.lifecycles.projection.places import house_runner
from tenure.engine.schema import unbound
from tenure.guard.access.queries import organisation
from tenure.record.events.queries import basis
from tenure.record.library.queries import current_library

Key = TypeVar("Key", bound=Hashable)
STEP = 10
"""Width of a bar of the distribution, in points of the score."""
_SUMS = ("customers", "score", "complete", "identified", "doubled", "outdated")


@dataclass(slots=True)
class RecordFigures:
    """The records of some customers.

    Attributes:
        customers: how many.
        score: the sum of their scores; ``complete`` of their shares of filled fields.
        identified: with a valid strong identifier.
        doubled: possible duplicates.
        outdated: not told for longer than the organisation's limit.
        bars: customers by score, in steps of ``STEP``; 100 is in the last.
        lacking: field to customers whose party type asks for it and who have none.
    """

    customers: int = 0
    score: float = 0.0
    complete: float = 0.0
    identified: int = 0
    doubled: int = 0
    outdated: int = 0
    bars: Counter[int] = field(default_factory=Counter)
    lacking: Counter[str] = field(default_factory=Counter)

    def take(self, row: dict[str, Any]) -> None:
        """Count a row of the figures in."""
        for name in _SUMS:
            setattr(self, name, getattr(self, name) + (row[name] or 0))
        for name, count in row.items():
            kind, _, key = name.partition(":")
            if kind == "bar":
                self.bars[int(key)] += count or 0
            elif kind == "lacks":
                self.lacking[key] += count or 0

    def share(self, name: str) -> float:
        """The mean of one of the sums."""
        return float(getattr(self, name)) / self.customers if self.customers else 0.0


@dataclass(frozen=True, slots=True)
class RecordQuality:
    """All a viewer may see.

    Attributes:
        at: the moment the figures are true of, aware.
        outdated_before: records told last before this day are outdated.
        owners: by account, ``None`` for nobody; ``sources`` by first source.
    """

    at: datetime
    outdated_before: date
    whole: RecordFigures
    owners: dict[int | None, RecordFigures]
    sources: dict[str, RecordFigures]


def record_quality(*, viewer: Actor, at: datetime) -> RecordQuality | None:
    """How good the records are of the customers ``viewer`` may see.

    Args:
        viewer: who asks.
        at: the present, aware; says what is outdated.

    Returns:
        ``None`` where there is no roster yet that knows scores.
    """
    owners, before = visible(viewer).owners, outdated_before(at)
    with reading_roster() as found:
        if found is None or not set(SCORE_COLUMNS) <= set(found.schema.names):
            return None
        keys = tuple(one.key for one in asked_fields(current_library()[0]))
        rows = _counted(found.path, found.schema, before, keys)
    rows = tuple(row for row in rows if owners is None or row["owner_id"] in owners)
    whole = RecordFigures()
    for row in rows:
        whole.take(row)
    return RecordQuality(
        at=found.at,
        outdated_before=before,
        whole=whole,
        owners=_grouped(rows, lambda row: row["owner_id"]),
        sources=_grouped(rows, lambda row: row["source"] or ""),
    )


def outdated_before(at: datetime) -> date:
    """The day before which a record told last is outdated at ``at`` (aware)."""
    today = at.astimezone(basis().zone).date()
    return today - timedelta(days=organisation().fresh_days)


def outdated_condition(before: date) -> str:
    """The condition of the list that holds for outdated records."""
    return f"updated < date '{before.isoformat()}'"


def _grouped(
    rows: Iterable[dict[str, Any]], key: Callable[[dict[str, Any]], Key]
) -> dict[Key, RecordFigures]:
    found: dict[Key, RecordFigures] = {}
    for row in rows:
        found.setdefault(key(row), RecordFigures()).take(row)
    return dict(sorted(found.items(), key=lambda pair: -pair[1].customers))


@lru_cache(maxsize=2)
def _counted(
    path: Path, schema: pa.Schema, before: date, keys: tuple[str, ...]
) -> tuple[dict[str, Any], ...]:
    import ibis

    rows = unbound("roster", schema)
    bar = (rows.data_score / STEP).floor().clip(upper=100 // STEP - 1)
    bars = {f"bar:{n}": (bar == n).sum() for n in range(100 // STEP)}
    lacks = {f"lacks:{key}": rows.lacking.contains(f"\n{key}\n").sum() for key in keys}
    counted = rows.group_by("owner_id", "source").agg(
        customers=rows.count(),
        score=rows.data_score.sum(),
        complete=rows.complete.sum(),
        identified=rows.identified.sum(),
        doubled=rows.doubled.sum(),
        outdated=(rows.updated < ibis.literal(before)).sum(),
        **bars,
        **lacks,
    )
    return tuple(house_runner().run(counted, {"roster": [path]}).to_pylist())
