"""The customers behind a figure, and when what is counted happened to each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tenure.actor import Actor
from tenure.clock import from_microseconds
from tenure.derive.lifecycles.queries.figures import Figure
from tenure.derive.lifecycles.queries.lives import check_stage
from tenure.derive.lifecycles.queries.reading import SEE, Group, history_of


@dataclass(frozen=True, slots=True)
class Counted:
    """A customer who counts, and since when or when (aware)."""

    customer_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class CountedCustomers:
    """Some of the customers a figure counts, and the figure."""

    listed: tuple[Counted, ...]
    total: int


def customers_behind(
    lifecycle: str,
    figure: Figure,
    *,
    viewer: Actor,
    known_at: datetime | None = None,
    among: Group | None = None,
    limit: int = 50,
    offset: int = 0,
    right: str = SEE,
) -> CountedCustomers:
    """The customers a figure counts, the latest first; who counts twice is listed twice.

    Args:
        lifecycle: its key.
        figure: what is counted.
        viewer: who asks; only customers the viewer may see.
        known_at: as it was believed at this moment (aware); as known now when ``None``.
        among: only these customers.
        limit: at most so many.
        offset: how many to leave out before them.
        right: which right says whom the viewer may see.

    Raises:
        UnknownLifecycleError: no such lifecycle.
        UnknownStageError: no such stage.
    """
    with history_of(
        lifecycle, viewer=viewer, known_at=known_at, among=among, right=right
    ) as reading:
        for code in filter(None, figure.stages):
            check_stage(reading.lifecycle, code)
        rows = figure.rows(reading.intervals)
        total = reading.run(rows.aggregate(total=rows.count()))["total"][0].as_py()
        ordered = rows.order_by(rows.at_us.desc(), rows.customer_id)
        found = reading.run(ordered.limit(limit, offset=offset)).to_pylist() if limit else []
    found.sort(key=lambda row: (-row["at_us"], row["customer_id"]))
    listed = [Counted(row["customer_id"], from_microseconds(row["at_us"])) for row in found]
    return CountedCustomers(tuple(listed), int(total))
