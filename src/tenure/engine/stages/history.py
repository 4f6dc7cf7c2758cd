"""Exact stage histories: from rows to segments, from segments to intervals.

Between two rows of a customer only deadlines change anything. So each row opens a segment,
the conditions are evaluated at its start and at each deadline inside it, and equal neighbours
are put together. No snapshots, no sampling: every boundary is exact to the microsecond.
"""

from __future__ import annotations

from functools import lru_cache

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir

from tenure.definitions import Library
from tenure.definitions.expression.tree import Name
from tenure.engine.expressions import value_of
from tenure.engine.stages.atoms import (
    CountDeadline,
    Plan,
    index_of,
)
from tenure.engine.stages.causes import (
    atom_of,
    computed_limits,
    has_computed_limit,
    limit_of,
    origin_of,
)
from tenure.engine.stages.deadlines import age_deadline, computed, fixed_column
from tenure.engine.stages.passes import CUSTOMER, EVENT, MOMENT, Make
from tenure.engine.stages.pins import (
    ALWAYS_US,
    NEVER_US,
    can_be_pinned,
    cut_by_pins,
    statements,
    stretches,
)
from tenure.engine.stages.plan import plan_of
from tenure.engine.stages.rows import FIRST_EXIT, Figures


def stage_history(library: Library, lifecycle_key: str, events: ir.Table) -> ir.Table:
    """Every stage of every customer with the exact moments of entering and leaving.

    A customer's history starts at their first event of any type and is unfolded into the
    future: after the last event come the changes that time alone brings "if nothing happens".
    Readers as of a moment take the intervals entered up to it.

    Args:
        library: holds the lifecycle and what it hangs on.
        lifecycle_key: which lifecycle.
        events: of customers (``asof.of_customers``), cut as wanted; all types.

    Returns:
        customer_id, stage, entered_us, left_us (NULL: open), cause (``start``, ``event``,
        ``time``, ``pin``), cause_event_id, cause_atom (index in ``lifecycle_atoms``),
        cause_limit (what was crossed, in days or the metric's unit). One row per interval,
        neighbours differ in stage.

    Raises:
        DefinitionError: a condition uses an age in a way that has no moment of crossing.
        KeyError: there is no such lifecycle.
    """
    return _history(library, lifecycle_key, events.op())


@lru_cache(maxsize=64)
def _history(library: Library, lifecycle_key: str, op: ops.Relation) -> ir.Table:
    # A tick asks for the same histories again and again; building one costs as much as
    # computing a hundred customers.
    events = op.to_expr()
    plan = plan_of(library, lifecycle_key)
    figures = figures_of(library, plan)
    segments = _segments(plan, figures, events)
    pinnable = can_be_pinned(library, events)
    if pinnable:
        codes = tuple(code for code, _ in plan.conditions)
        said = statements(events, lifecycle_key, codes)
        segments = cut_by_pins(segments, stretches(said))
    return _intervals(plan, figures, _moments(plan, figures, segments, pinnable), pinnable)


def figures_of(library: Library, plan: Plan) -> Figures:
    """The metrics' columns that ``plan`` needs."""
    counted = frozenset(d.metric for d in plan.deadlines if isinstance(d, CountDeadline))
    metrics = library.lifecycle_metrics(plan.lifecycle.key)
    return Figures(library, metrics, plan.swept, counted)


def _segments(plan: Plan, figures: Figures, events: ir.Table) -> ir.Table:
    """One row per customer and row: what is fixed until the next, and the deadlines."""
    makers = segment_columns(plan, figures)  # asks for figures: before rows
    rows = figures.rows(events)
    return rows.select(
        customer_id=rows[CUSTOMER],
        event_id=rows[EVENT],
        from_us=rows[MOMENT],
        to_us=rows.next_us.fill_null(NEVER_US),
        **{name: make(rows) for name, make in makers.items()},
    )


def segment_columns(plan: Plan, figures: Figures) -> dict[str, Make]:
    """What holds from a row to the next: ``deadline_i``, ``fixed_i`` and ``limit_i``."""
    makers: dict[str, Make] = {}
    for index, deadline in enumerate(plan.deadlines):
        make = (
            _count_deadline(figures, deadline)
            if isinstance(deadline, CountDeadline)
            else age_deadline(figures, deadline)
        )
        makers[f"deadline_{index}"] = make
    for index, fixed in enumerate(plan.fixed):
        makers[f"fixed_{index}"] = fixed_column(figures, fixed)
    for index, atom in enumerate(plan.atoms):
        if has_computed_limit(atom) and atom.limit is not None:
            makers[f"limit_{index}"] = computed(figures, atom.limit)
    return makers


def _count_deadline(figures: Figures, deadline: CountDeadline) -> Make:
    nth = figures.nth_latest(deadline.metric, deadline.least)
    window_us = figures.window_us(deadline.metric)
    return lambda rows: (nth(rows) + window_us).fill_null(ALWAYS_US)


def _moments(plan: Plan, figures: Figures, segments: ir.Table, pinnable: bool) -> ir.Table:
    """Each moment at which a stage may begin, with the stage that holds from it on.

    Returns:
        customer_id, at_us, stage (index in checking order), origin (the event, or what else
        stands at that moment), and where needed ``crossed`` and the pin's columns.
    """
    deadlines = [segments[f"deadline_{i}"] for i in range(len(plan.deadlines))]
    moments = ibis.array([segments.from_us, *deadlines]).unnest()
    split = segments.mutate(at_us=moments)
    inside = (split.at_us > split.from_us) & (split.at_us < split.to_us)
    if pinnable:
        inside = inside & split.pin_stage.isnull()
    split = split.filter((split.at_us == split.from_us) | inside)
    stage = stage_at(plan, split)
    columns: dict[str, ir.Value] = {}
    if pinnable:
        stage = ibis.coalesce(split.pin_stage, stage)
        columns["by_pin"] = split.by_pin & (split.at_us == split.from_us)
        columns["pin_event"] = split.pin_event
    limits = computed_limits(plan, figures, split)
    if limits:
        columns["crossed"] = ibis.cases(*limits, else_=None).cast("float64")
    return split.select(
        customer_id=split[CUSTOMER],
        at_us=split.at_us,
        stage=stage.cast("int8"),
        origin=origin_of(len(plan.deadlines), split),
        **columns,
    )


def stage_at(plan: Plan, split: ir.Table) -> ir.Value:
    """Index of the stage that holds at ``split.at_us``, in checking order."""

    def names(name: Name) -> ir.Value:
        kind, index = index_of(name)
        if kind == "fixed":
            return split[f"fixed_{index}"]
        return split.at_us < split[f"deadline_{index}"]

    branches = [
        (value_of(condition, names), index)
        for index, (_, condition) in enumerate(plan.conditions)
        if condition is not None
    ]
    last = len(plan.conditions) - 1
    return ibis.cases(*branches, else_=last) if branches else ibis.literal(last)


def _intervals(plan: Plan, figures: Figures, moments: ir.Table, pinnable: bool) -> ir.Table:
    """Equal neighbours put together, each interval closed by the next."""
    order = ibis.window(group_by=CUSTOMER, order_by=MOMENT)
    rows = moments.mutate(previous=moments.stage.lag(1).over(order))
    rows = rows.filter(rows.previous.isnull() | (rows.previous != rows.stage))
    rows = rows.mutate(left_us=rows[MOMENT].lead(1).over(order))
    atom = atom_of(plan, figures, rows)
    first = rows.previous.isnull()
    event = ibis.ifelse(rows.origin > 0, rows.origin, ibis.null("int64"))
    pinned = ibis.literal(value=False)
    if pinnable:
        pinned = rows.by_pin & ~first
        event = ibis.ifelse(pinned, rows.pin_event, event)
    timely = ~first & ~pinned & (rows.origin <= FIRST_EXIT)
    cause = ibis.cases((first, "start"), (pinned, "pin"), (rows.origin > 0, "event"), else_="time")
    codes = [(rows.stage == index, code) for index, (code, _) in enumerate(plan.conditions)]
    return rows.select(
        customer_id=rows[CUSTOMER],
        stage=ibis.cases(*codes, else_=None),
        entered_us=rows[MOMENT],
        left_us=rows.left_us,
        cause=cause,
        cause_event_id=event,
        cause_atom=ibis.ifelse(timely, atom, ibis.null("int64")),
        cause_limit=ibis.ifelse(timely, limit_of(plan, rows, atom), ibis.null("float64")),
    )
