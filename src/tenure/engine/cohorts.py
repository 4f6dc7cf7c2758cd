"""Conversion per entry cohort and time in stage, honest about what is not observed yet.

A customer who entered last week cannot have failed to convert within ninety days: such
customers are counted apart, as censored, never as failures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.types as ir

from tenure.clock import DAY_US, to_microseconds
from tenure.engine.flows import as_known_at


@dataclass(frozen=True, slots=True)
class Cohort:
    """Customers who enter from ``start_us`` on, until the next cohort starts."""

    label: str
    start_us: int


def monthly(first: date, last: date, zone: ZoneInfo) -> tuple[Cohort, ...]:
    """Cohorts by calendar month of ``zone``, from the month of ``first`` to that of ``last``."""
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    starts = [datetime(month // 12, month % 12 + 1, 1, tzinfo=zone) for month in months]
    return tuple(Cohort(f"{start:%Y-%m}", to_microseconds(start)) for start in starts)


def conversion(
    intervals: ir.Table,
    *,
    entered: str,
    reached: str,
    within_us: int,
    as_of_us: int,
    cohorts: Sequence[Cohort],
) -> ir.Table:
    """Of the customers who entered a stage, the share that reached another in time.

    A customer belongs to the cohort of the first entry into ``entered`` and converts with the
    first entry into ``reached`` after it. The share is taken only of customers observed for the
    whole time; taking in those who converted early would count successes before failures.

    Args:
        intervals: a stage history.
        entered: code of the stage that begins the observation.
        reached: code of the stage to reach; may be the same (entered once more).
        within_us: how long a customer has, inclusive, in microseconds.
        as_of_us: the moment up to which anything is known.
        cohorts: by ascending start; customers who entered before the first are left out.

    Returns:
        cohort, customers, observed (for the whole time), converted (of the observed), share
        (NULL if none is observed), waiting (not observed long enough, not converted), early
        (not observed long enough, converted already).
    """
    marked = observations(
        intervals,
        entered=entered,
        reached=reached,
        within_us=within_us,
        as_of_us=as_of_us,
        cohorts=cohorts,
    )
    counted = marked.group_by("cohort").agg(
        customers=marked.count(),
        observed=_count(marked.whole),
        converted=_count(marked.whole & marked.in_time),
        waiting=_count(~marked.whole & ~marked.in_time),
        early=_count(~marked.whole & marked.in_time),
    )
    share = counted.converted.cast("float64") / counted.observed.nullif(0)
    return counted.mutate(share=share)


def observations(
    intervals: ir.Table,
    *,
    entered: str,
    reached: str,
    within_us: int,
    as_of_us: int,
    cohorts: Sequence[Cohort],
) -> ir.Table:
    """The customers that :func:`conversion` counts; arguments as there.

    Returns:
        customer_id, at_us (of the first entry), cohort, whole (observed for the whole time),
        in_time (reached the other stage in time).
    """
    known = as_known_at(intervals, as_of_us=as_of_us)
    began = known.filter(known.stage == entered).group_by("customer_id")
    began = began.agg(began_us=lambda rows: rows.entered_us.min())
    goals = known.filter(known.stage == reached)
    goals = goals.select(goal_of=goals.customer_id, goal_us=goals.entered_us)
    later = began.join(goals, [began.customer_id == goals.goal_of, goals.goal_us > began.began_us])
    done = later.group_by("customer_id").agg(goal_us=later.goal_us.min())
    done = done.select(done_by=done.customer_id, goal_us=done.goal_us)
    facts = began.left_join(done, began.customer_id == done.done_by)
    facts = facts.filter(facts.began_us >= cohorts[0].start_us)
    return facts.select(
        "customer_id",
        at_us=facts.began_us,
        cohort=_cohort_of(facts.began_us, cohorts),
        whole=facts.began_us <= as_of_us - within_us,
        in_time=(facts.goal_us - facts.began_us <= within_us).fill_null(False),
    )


def time_in_stage(
    intervals: ir.Table, *, as_of_us: int, stage: str | None = None, from_us: int | None = None
) -> ir.Table:
    """How long each stay lasted, or has lasted so far: the input of a survival curve.

    Args:
        intervals: a stage history.
        as_of_us: the moment up to which anything is known; later ends are unknown.
        stage: only this stage; all if ``None``.
        from_us: only stays begun at or after this moment.

    Returns:
        customer_id, stage, entered_us, days (of exactly 24 hours), ended (False: censored, the
        stay went on at ``as_of_us``).
    """
    known = as_known_at(intervals, as_of_us=as_of_us)
    if stage is not None:
        known = known.filter(known.stage == stage)
    if from_us is not None:
        known = known.filter(known.entered_us >= from_us)
    until = known.left_us.fill_null(as_of_us)
    return known.select(
        "customer_id",
        "stage",
        "entered_us",
        days=(until - known.entered_us).cast("float64") / float(DAY_US),
        ended=known.left_us.notnull(),
    )


def _cohort_of(moment: ir.Value, cohorts: Sequence[Cohort]) -> ir.Value:
    """The label of the cohort a moment falls into, by halving, so that many months are cheap."""
    if len(cohorts) == 1:
        return ibis.literal(cohorts[0].label)
    half = len(cohorts) // 2
    return ibis.ifelse(
        moment < cohorts[half].start_us,
        _cohort_of(moment, cohorts[:half]),
        _cohort_of(moment, cohorts[half:]),
    )


def _count(condition: ir.BooleanValue) -> ir.Value:
    return condition.cast("int64").sum()
