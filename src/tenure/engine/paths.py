"""The commonest ways customers take through the stages."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from tenure.clock import DAY_US
from tenure.engine.flows import as_known_at

STEP = " > "
"""Between the stage codes of a path."""


def commonest_paths(
    intervals: ir.Table,
    *,
    as_of_us: int,
    steps: int = 4,
    starting: str | None = None,
    limit: int = 20,
) -> ir.Table:
    """Which stages follow one another most often, by customers.

    Args:
        intervals: a stage history.
        as_of_us: the moment up to which anything is known.
        steps: the most stages of a path; a customer who has not gone that far has a shorter one.
        starting: begin with each customer's first entry into this stage; ``None`` begins with
            the customer's first stage.
        limit: how many paths.

    Returns:
        path (stage codes joined by ``STEP``), steps, customers, share (of all customers who
        began), median_days (from the first to the last entry of the path; 0 for one stage);
        commonest first, then by path.
    """
    taken = paths_taken(intervals, as_of_us=as_of_us, steps=steps, starting=starting)
    counted = taken.group_by("path", "steps").agg(
        customers=taken.count(), median_days=taken.days.median()
    )
    everyone = counted.customers.sum().over(ibis.window())
    shared = counted.mutate(share=counted.customers.cast("float64") / everyone)
    listed = shared.select("path", "steps", "customers", "share", "median_days")
    return listed.order_by(ibis.desc("customers"), "path").limit(limit)


def paths_taken(
    intervals: ir.Table, *, as_of_us: int, steps: int = 4, starting: str | None = None
) -> ir.Table:
    """The path of each customer; arguments as for :func:`commonest_paths`.

    Returns:
        customer_id, at_us (of the first entry), path, steps, days (to the last entry).
    """
    known = as_known_at(intervals, as_of_us=as_of_us)
    if starting is not None:
        known = _since_first(known, starting)
    ordered = ibis.window(group_by="customer_id", order_by="entered_us")
    placed = known.select(
        "customer_id", "stage", "entered_us", place=ibis.row_number().over(ordered)
    )
    return _taken(placed.filter(placed.place < steps), steps)


def _since_first(intervals: ir.Table, stage: str) -> ir.Table:
    """The intervals from each customer's first entry into ``stage`` on."""
    begun = intervals.filter(intervals.stage == stage).group_by("customer_id")
    begun = begun.agg(begun_us=lambda rows: rows.entered_us.min())
    begun = begun.select(begun_by=begun.customer_id, begun_us=begun.begun_us)
    joined = intervals.join(
        begun,
        [intervals.customer_id == begun.begun_by, intervals.entered_us >= begun.begun_us],
    )
    return joined.select(*intervals.columns)


def _taken(placed: ir.Table, steps: int) -> ir.Table:
    """Of each customer: when it began, the path as text, its number of stages and its days."""
    at = {
        f"stage_{place}": ibis.ifelse(placed.place == place, placed.stage, ibis.null("string"))
        for place in range(steps)
    }
    rows = placed.select("customer_id", "entered_us", **at)
    gone = rows.group_by("customer_id").agg(
        **{name: rows[name].max() for name in at},
        steps=rows.count(),
        first_us=rows.entered_us.min(),
        last_us=rows.entered_us.max(),
    )
    path = gone.stage_0
    for place in range(1, steps):
        stage = gone[f"stage_{place}"]
        path = path + ibis.ifelse(stage.isnull(), "", ibis.literal(STEP) + stage)
    days = (gone.last_us - gone.first_us).cast("float64") / float(DAY_US)
    return gone.select("customer_id", at_us=gone.first_us, path=path, steps=gone.steps, days=days)
