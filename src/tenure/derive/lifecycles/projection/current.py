"""From unfolded histories to the rows of one moment: where everybody stands and what is next.

The moment is an input and not part of the expressions, so that each is compiled once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from tenure.engine.schema import INTERVALS, unbound

if TYPE_CHECKING:
    import ibis.expr.types as ir

MOMENT = pa.schema([("moment_us", pa.int64())])


def intervals_table() -> ir.Table:
    """The unbound table of stage intervals, an input named ``intervals``."""
    return unbound("intervals", INTERVALS)


def moment_input(at_us: int) -> pa.Table:
    """The input ``moment`` of the expressions below."""
    return pa.table([pa.array([at_us], pa.int64())], schema=MOMENT)


def standing(intervals: ir.Table) -> ir.Table:
    """The interval everybody is in at the input ``moment``, with the stage that follows it.

    Histories have no gaps, so what follows an interval begins where it ends.

    Returns:
        customer_id, stage, entered_us, next_us and next_stage (NULL where the stage stays).
    """
    timed = intervals.cross_join(unbound("moment", MOMENT))
    now = timed.filter(
        timed.entered_us <= timed.moment_us,
        timed.left_us.isnull() | (timed.left_us > timed.moment_us),
    ).select("customer_id", "stage", "entered_us", next_us="left_us")
    later = timed.filter(timed.entered_us > timed.moment_us).select(
        follower_id="customer_id", follower_us="entered_us", next_stage="stage"
    )
    joined = now.left_join(
        later, [now.customer_id == later.follower_id, now.next_us == later.follower_us]
    )
    return joined.select("customer_id", "stage", "entered_us", "next_us", "next_stage")
