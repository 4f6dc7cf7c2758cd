"""The histories of several lifecycles in one computation, for a few customers again and again.

Windows over a customer's rows are what a history costs, and for few customers nearly all of it
is what an engine spends on a window before it sees a row. Lifecycles share most of their metrics.
So every figure is computed once over the rows of all lifecycles together; each lifecycle then
takes the rows that are its own, and from there on all go the same way side by side, told apart
by their number. Pins are left to ``stage_history``: those who have one are few.
"""

from __future__ import annotations

from functools import lru_cache, reduce

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir

from tenure.definitions import Library, Metric
from tenure.engine.stages.atoms import CountDeadline, Plan
from tenure.engine.stages.causes import atom_of, computed_limits, limit_of, origin_of
from tenure.engine.stages.history import segment_columns, stage_at
from tenure.engine.stages.passes import CUSTOMER, EVENT, MOMENT
from tenure.engine.stages.pins import NEVER_US
from tenure.engine.stages.plan import plan_of
from tenure.engine.stages.rows import FIRST_EXIT, Figures, last_of_moment

WHICH = "lifecycle"
"""Number of the lifecycle, in the order of the keys."""


def stage_histories(
    library: Library, lifecycle_keys: tuple[str, ...], events: ir.Table
) -> ir.Table:
    """What ``stage_history`` gives for each of some lifecycles, where nobody has a pin.

    Args:
        library: holds the lifecycles and what they hang on.
        lifecycle_keys: which lifecycles, one or more.
        events: of customers (``asof.of_customers``), cut as wanted; all types. Pins among them
            are not looked at.

    Returns:
        ``lifecycle`` (place in ``lifecycle_keys``) and the columns of ``stage_history``.

    Raises:
        DefinitionError: a condition uses an age in a way that has no moment of crossing.
        KeyError: there is no such lifecycle.
    """
    return _histories(library, lifecycle_keys, events.op())


@lru_cache(maxsize=16)
def _histories(library: Library, keys: tuple[str, ...], op: ops.Relation) -> ir.Table:
    plans = [plan_of(library, key) for key in keys]
    figures = _figures_of_all(library, plans)
    segments = _segments(library, plans, figures, op.to_expr())
    return _intervals(plans, figures, _moments(plans, figures, segments))


def _figures_of_all(library: Library, plans: list[Plan]) -> Figures:
    metrics, shown = dict[str, Metric](), set[str]()
    for plan in plans:
        own = {metric.key: metric for metric in library.lifecycle_metrics(plan.lifecycle.key)}
        counted = {d.metric for d in plan.deadlines if isinstance(d, CountDeadline)}
        metrics |= own
        shown |= set(own) - counted
    swept = tuple(sorted({key for plan in plans for key in plan.swept}))
    return Figures(library, tuple(metrics.values()), swept, frozenset(set(metrics) - shown))


def _segments(library: Library, plans: list[Plan], figures: Figures, events: ir.Table) -> ir.Table:
    """The segments of all lifecycles, with the columns that any of them has."""
    columns = [segment_columns(plan, figures) for plan in plans]  # asks for figures: before rows
    rows = figures.all_rows(events)
    named = list(dict.fromkeys(name for one in columns for name in one))
    parts = []
    for number, (plan, own) in enumerate(zip(plans, columns, strict=True)):
        metrics = library.lifecycle_metrics(plan.lifecycle.key)
        chosen = rows.filter(figures.belongs_to(metrics, plan.swept)(rows))
        made = {
            name: (own[name](chosen) if name in own else ibis.null(_kind(name))).cast(_kind(name))
            for name in named
        }
        which = ibis.literal(number).cast("int64")
        parts.append(chosen.select(CUSTOMER, EVENT, MOMENT, **{WHICH: which}, **made))
    all_parts = reduce(lambda a, b: a.union(b), parts)
    order = ibis.window(group_by=[WHICH, CUSTOMER], order_by=[MOMENT, EVENT])
    last = last_of_moment(all_parts.mutate(next_us=all_parts[MOMENT].lead().over(order)))
    return last.mutate(to_us=last.next_us.fill_null(NEVER_US)).rename(from_us=MOMENT)


def _kind(name: str) -> str:
    return {"deadline": "int64", "fixed": "boolean", "limit": "float64"}[name.partition("_")[0]]


def _moments(plans: list[Plan], figures: Figures, segments: ir.Table) -> ir.Table:
    """Each moment at which a stage may begin; ``stage`` counts on from lifecycle to lifecycle."""
    deadlines = max(len(plan.deadlines) for plan in plans)
    every = [segments[f"deadline_{index}"] for index in range(deadlines)]
    split = segments.mutate(at_us=ibis.array([segments.from_us, *every]).unnest())
    inside = (split.at_us > split.from_us) & (split.at_us < split.to_us)
    split = split.filter((split.at_us == split.from_us) | inside)
    stages = [
        (split[WHICH] == number, stage_at(plan, split).cast("int64") + offset)
        for number, (plan, offset) in enumerate(zip(plans, _offsets(plans), strict=True))
    ]
    limits = [
        (split[WHICH] == number, ibis.cases(*found, else_=None).cast("float64"))
        for number, plan in enumerate(plans)
        if (found := computed_limits(plan, figures, split))
    ]
    nothing = ibis.null("float64")
    return split.select(
        WHICH,
        CUSTOMER,
        MOMENT,
        stage=ibis.cases(*stages, else_=None).cast("int64"),
        origin=origin_of(deadlines, split),
        crossed=ibis.cases(*limits, else_=nothing) if limits else nothing,
    )


def _offsets(plans: list[Plan]) -> list[int]:
    sizes = [len(plan.conditions) for plan in plans]
    return [sum(sizes[:number]) for number in range(len(sizes))]


def _intervals(plans: list[Plan], figures: Figures, moments: ir.Table) -> ir.Table:
    """Equal neighbours put together, each interval closed by the next."""
    order = ibis.window(group_by=[WHICH, CUSTOMER], order_by=MOMENT)
    rows = moments.mutate(previous=moments.stage.lag(1).over(order))
    rows = rows.filter(rows.previous.isnull() | (rows.previous != rows.stage))
    rows = rows.mutate(left_us=rows[MOMENT].lead(1).over(order))
    first, is_event = rows.previous.isnull(), rows.origin > 0
    timely = ~first & (rows.origin <= FIRST_EXIT)
    codes = [code for plan in plans for code, _ in plan.conditions]
    atoms = [atom_of(plan, figures, rows) for plan in plans]
    limits = [limit_of(plan, rows, atom) for plan, atom in zip(plans, atoms, strict=True)]
    return rows.select(
        WHICH,
        CUSTOMER,
        stage=ibis.cases(*((rows.stage == i, code) for i, code in enumerate(codes)), else_=None),
        entered_us=rows[MOMENT],
        left_us=rows.left_us,
        cause=ibis.cases((first, "start"), (is_event, "event"), else_="time"),
        cause_event_id=ibis.ifelse(is_event, rows.origin, ibis.null("int64")),
        cause_atom=ibis.ifelse(timely, _of_each(rows, atoms), ibis.null("int64")),
        cause_limit=ibis.ifelse(timely, _of_each(rows, limits), ibis.null("float64")),
    )


def _of_each(rows: ir.Table, values: list[ir.Value]) -> ir.Value:
    """The value of each row's lifecycle."""
    return ibis.cases(*((rows[WHICH] == n, value) for n, value in enumerate(values)), else_=None)
