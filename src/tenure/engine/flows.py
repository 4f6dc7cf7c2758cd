"""Who is in which stage, and flow accounts that add up: opening + entered - left = closing.

All readings are expressions over a stage history (columns ``INTERVALS``). The history runs on
into the future ("what comes if nothing happens"), so no reading looks beyond the moment it is
given. An interval holds from its ``entered_us`` on up to, not including, its ``left_us``.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from tenure.clock import DAY_US


def as_known_at(intervals: ir.Table, *, as_of_us: int) -> ir.Table:
    """The intervals begun up to a moment; those not yet ended then are open (NULL)."""
    begun = intervals.filter(intervals.entered_us <= as_of_us)
    ended = begun.left_us <= as_of_us
    return begun.mutate(left_us=ibis.ifelse(ended, begun.left_us, ibis.null("int64")))


def stage_counts(intervals: ir.Table, *, at_us: int) -> ir.Table:
    """How many customers are in each stage at a moment: stage, customers."""
    present = intervals.filter(_holds_at(intervals, at_us))
    return present.group_by("stage").agg(customers=present.count())


def flow_accounts(
    intervals: ir.Table, *, from_us: int, to_us: int, values: ir.Table | None = None
) -> ir.Table:
    """The flow account of each stage over the period from ``from_us``, excluded, to ``to_us``.

    Each interval counts for itself, so every account adds up whatever the history is:
    opening + entered - left = closing. Coming to life counts as entering the first stage.

    Args:
        intervals: a stage history.
        from_us: the moment of the opening balance.
        to_us: the moment of the closing balance; not beyond what is known.
        values: customer_id and amount_e4, the worth of each customer (one moment's, so that
            the money too adds up); a customer not listed is worth 0.

    Returns:
        stage, opening, entered, left, closing in heads; with ``values`` also opening_e4,
        entered_e4, left_e4, closing_e4.
    """
    touched = intervals.filter((intervals.entered_us <= to_us) & _ends_after(intervals, from_us))
    marked = touched.select(
        "customer_id",
        "stage",
        opening=touched.entered_us <= from_us,
        entered=touched.entered_us > from_us,
        left=(touched.left_us <= to_us).fill_null(False),
        closing=_ends_after(touched, to_us),
    )
    heads = {name: _count(marked[name]) for name in _BALANCES}
    if values is None:
        return marked.group_by("stage").agg(**heads)
    worth = values.select(worth_of=values.customer_id, worth_e4=values.amount_e4)
    valued = marked.left_join(worth, marked.customer_id == worth.worth_of)
    heads = {name: _count(valued[name]) for name in _BALANCES}
    money = {f"{name}_e4": _sum_where(valued[name], valued.worth_e4) for name in _BALANCES}
    return valued.group_by("stage").agg(**heads, **money)


def transitions(intervals: ir.Table, *, from_us: int, to_us: int) -> ir.Table:
    """Moves between stages in the period from ``from_us``, excluded, to ``to_us``.

    Returns:
        from_stage (NULL: the customer came to life), to_stage, n, and median_days, the median
        time spent in ``from_stage`` before the move.
    """
    made = moves(intervals, from_us=from_us, to_us=to_us)
    return made.group_by("from_stage", "to_stage").agg(
        n=made.count(), median_days=made.days.median()
    )


def moves(intervals: ir.Table, *, from_us: int, to_us: int) -> ir.Table:
    """Each move from one stage to the next in the period from ``from_us``, excluded.

    Returns:
        customer_id, at_us, from_stage (NULL: the customer came to life), to_stage, days (spent
        in ``from_stage`` before).
    """
    # the interval before a move ends with it, so it is never filtered away
    touched = intervals.filter((intervals.entered_us <= to_us) & _ends_after(intervals, from_us))
    ordered = ibis.window(group_by="customer_id", order_by="entered_us")
    found = touched.select(
        "customer_id",
        at_us=touched.entered_us,
        from_stage=touched.stage.lag().over(ordered),
        to_stage=touched.stage,
        since_us=touched.entered_us.lag().over(ordered),
    )
    found = found.filter(found.at_us > from_us)
    days = (found.at_us - found.since_us).cast("float64") / float(DAY_US)
    return found.select("customer_id", "at_us", "from_stage", "to_stage", days=days)


def between(intervals: ir.Table, *, from_us: int, to_us: int) -> ir.Table:
    """Where customers stood at one moment and where at another, whatever lay between.

    Summed over ``to_stage`` it gives the stage counts at ``from_us``, summed over
    ``from_stage`` those at ``to_us``: the rows of a Sankey diagram of two dates.

    Args:
        intervals: a stage history.
        from_us: the earlier moment.
        to_us: the later moment; not beyond what is known.

    Returns:
        from_stage (NULL: not yet a customer), to_stage (NULL: no more of one), customers.
    """
    before = intervals.filter(_holds_at(intervals, from_us))
    before = before.select(before_id="customer_id", from_stage="stage")
    after = intervals.filter(_holds_at(intervals, to_us))
    after = after.select(after_id="customer_id", to_stage="stage")
    joined = before.outer_join(after, before.before_id == after.after_id)
    return joined.group_by("from_stage", "to_stage").agg(customers=joined.count())


def standing_in(intervals: ir.Table, *, stage: str = "", at_us: int) -> ir.Table:
    """Who stood in a stage, or in any, at a moment: customer_id, at_us (since when)."""
    present = intervals.filter(_holds_at(intervals, at_us))
    present = _of_stage(present, stage)
    return present.select("customer_id", at_us=present.entered_us)


def entries(intervals: ir.Table, *, stage: str = "", from_us: int, to_us: int) -> ir.Table:
    """Who entered a stage, or any, in a period, its begin excluded: customer_id, at_us."""
    came = intervals.filter((intervals.entered_us > from_us) & (intervals.entered_us <= to_us))
    came = _of_stage(came, stage)
    return came.select("customer_id", at_us=came.entered_us)


def exits(intervals: ir.Table, *, stage: str = "", from_us: int, to_us: int) -> ir.Table:
    """Who left a stage, or any, in a period, its begin excluded: customer_id, at_us."""
    went = intervals.filter((intervals.left_us > from_us) & (intervals.left_us <= to_us))
    went = _of_stage(went, stage)
    return went.select("customer_id", at_us=went.left_us)


def passing(
    intervals: ir.Table, *, from_stage: str, to_stage: str, from_us: int, to_us: int
) -> ir.Table:
    """Who stood in one stage at a moment and in another at a later one.

    Args:
        intervals: a stage history.
        from_stage: code of the former stage; empty for those who were no customers yet.
        to_stage: code of the latter.
        from_us: the earlier moment.
        to_us: the later moment.

    Returns:
        customer_id, at_us (since when in the latter stage).
    """
    after = intervals.filter(_holds_at(intervals, to_us))
    after = after.filter(after.stage == to_stage)
    before = intervals.filter(_holds_at(intervals, from_us))
    if from_stage:
        before = before.filter(before.stage == from_stage)
        found = after.semi_join(before, "customer_id")
    else:
        found = after.anti_join(before, "customer_id")
    return found.select("customer_id", at_us=found.entered_us)


def stage_money(intervals: ir.Table, *, at_us: int, values: ir.Table) -> ir.Table:
    """What the customers of each stage are worth at a moment, in ten-thousandths.

    Args:
        intervals: a stage history.
        at_us: the moment.
        values: customer_id and amount_e4; a customer not listed is worth 0.

    Returns:
        stage, amount_e4.
    """
    present = intervals.filter(_holds_at(intervals, at_us)).select("customer_id", "stage")
    worth = values.select(worth_of=values.customer_id, worth_e4=values.amount_e4)
    joined = present.join(worth, present.customer_id == worth.worth_of)
    return joined.group_by("stage").agg(amount_e4=joined.worth_e4.sum().cast("int64"))


_BALANCES = ("opening", "entered", "left", "closing")


def _of_stage(intervals: ir.Table, stage: str) -> ir.Table:
    return intervals.filter(intervals.stage == stage) if stage else intervals


def _holds_at(intervals: ir.Table, at_us: int) -> ir.BooleanValue:
    return (intervals.entered_us <= at_us) & _ends_after(intervals, at_us)


def _ends_after(intervals: ir.Table, moment_us: int) -> ir.BooleanValue:
    return intervals.left_us.isnull() | (intervals.left_us > moment_us)


def _count(condition: ir.BooleanValue) -> ir.Value:
    return condition.cast("int64").sum()


def _sum_where(condition: ir.BooleanValue, amount: ir.Value) -> ir.Value:
    return ibis.ifelse(condition, amount.fill_null(0), 0).sum().cast("int64")
