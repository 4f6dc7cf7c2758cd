"""From unfolded histories to the rows of one moment: where everybody stands and what is next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenure.engine.schema import INTERVALS, unbound

if TYPE_CHECKING:
    import ibis.expr.types as ir


def intervals_table() -> ir.Table:
    """The unbound table of stage intervals, an input named ``intervals``."""
    return unbound("intervals", INTERVALS)


def standing(intervals: ir.Table, *, at_us: int) -> ir.Table:
    """The interval everybody is in at ``at_us``, with the stage that follows it.

    Histories have no gaps, so what follows an interval begins where it ends.

    Returns:
        customer_id, stage, entered_us, next_us and next_stage (NULL where the stage stays).
    """
    now = intervals.filter(
        intervals.entered_us <= at_us,
        intervals.left_us.isnull() | (intervals.left_us > at_us),
    ).select("customer_id", "stage", "entered_us", next_us="left_us")
    later = intervals.filter(intervals.entered_us > at_us).select(
        follower_id="customer_id", follower_us="entered_us", next_stage="stage"
    )
    joined = now.left_join(
        later, [now.customer_id == later.follower_id, now.next_us == later.follower_us]
    )
    return joined.select("customer_id", "stage", "entered_us", "next_us", "next_stage")


def coming(intervals: ir.Table, *, at_us: int) -> ir.Table:
    """Customers whose first interval begins after ``at_us``: customer_id, begins_us."""
    first = intervals.group_by("customer_id").agg(begins_us=intervals.entered_us.min())
    return first.filter(first.begins_us > at_us)
