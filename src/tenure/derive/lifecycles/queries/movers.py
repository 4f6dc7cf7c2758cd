"""The customers behind the figures of a flow: who came, who left, who went from here to there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from tenure.actor import Actor
from tenure.clock import from_microseconds, to_microseconds
from tenure.derive.lifecycles.queries.lives import check_stage
from tenure.derive.lifecycles.queries.reading import SEE, Group, history_of
from tenure.engine import flows

if TYPE_CHECKING:
    import ibis.expr.types as ir

Way = Literal["entered", "left", "between"]


@dataclass(frozen=True, slots=True)
class Mover:
    """A customer who moved, and when (aware)."""

    customer_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Movers:
    """Some of the customers who moved, and how many moves there were in all."""

    listed: tuple[Mover, ...]
    total: int


def movers(
    lifecycle: str,
    way: Way,
    *,
    stage: str,
    from_at: datetime,
    to_at: datetime,
    viewer: Actor,
    came_from: str = "",
    known_at: datetime | None = None,
    among: Group | None = None,
    limit: int = 50,
    offset: int = 0,
    right: str = SEE,
) -> Movers:
    """Customers who moved in a period, the latest first; one who moved twice is listed twice.

    Args:
        lifecycle: its key.
        way: entered the stage, left it, or stood in it at the end having stood in
            ``came_from`` at the beginning.
        stage: code of the stage.
        from_at: the beginning, excluded; aware.
        to_at: the end, aware.
        viewer: who asks; only customers the viewer may see.
        came_from: for ``between``; empty for those who were no customers yet.
        known_at: as it was believed at this moment (aware); as known now when ``None``.
        among: only these customers.
        limit: at most so many.
        offset: how many to leave out before them.
        right: which right says whom the viewer may see.

    Raises:
        UnknownLifecycleError: no such lifecycle.
        UnknownStageError: no such stage.
    """
    begin, end = to_microseconds(from_at), to_microseconds(to_at)
    with history_of(
        lifecycle, viewer=viewer, known_at=known_at, among=among, right=right
    ) as reading:
        for code in filter(None, (stage, came_from)):
            check_stage(reading.lifecycle, code)
        rows = _rows(reading.intervals, way, (came_from, stage), (begin, end))
        total = reading.run(rows.aggregate(total=rows.count()))["total"][0].as_py()
        ordered = rows.order_by(rows.at_us.desc(), rows.customer_id)
        found = reading.run(ordered.limit(limit, offset=offset)).to_pylist()
    found.sort(key=lambda row: (-row["at_us"], row["customer_id"]))
    listed = [Mover(row["customer_id"], from_microseconds(row["at_us"])) for row in found]
    return Movers(tuple(listed), int(total))


def _rows(
    intervals: ir.Table, way: Way, stages: tuple[str, str], period: tuple[int, int]
) -> ir.Table:
    (came_from, stage), (begin, end) = stages, period
    if way == "between":
        return flows.passing(
            intervals, from_stage=came_from, to_stage=stage, from_us=begin, to_us=end
        )
    rows = flows.entries if way == "entered" else flows.exits
    return rows(intervals, stage=stage, from_us=begin, to_us=end)
