"""The stage of every customer at one moment, without their history."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from tenure.definitions import Library
from tenure.definitions.expression.tree import Name
from tenure.engine.expressions import value_of
from tenure.engine.metrics import Snapshot
from tenure.engine.stages.atoms import CountDeadline, Plan, index_of
from tenure.engine.stages.deadlines import age_deadline, fixed_column
from tenure.engine.stages.passes import CUSTOMER
from tenure.engine.stages.pins import can_be_pinned, statements
from tenure.engine.stages.plan import plan_of


def current_stages(
    library: Library, lifecycle_key: str, events: ir.Table, *, at_us: int
) -> ir.Table:
    """Each customer's stage at a moment: the same answer as the history cut there, sooner.

    Args:
        library: holds the lifecycle.
        lifecycle_key: which lifecycle.
        events: of customers (``asof.of_customers``), of all types.
        at_us: the moment, microseconds UTC; later events do not count.

    Returns:
        customer_id, stage: one row per customer with any event up to then.

    Raises:
        DefinitionError: a condition uses an age in a way that has no moment of crossing.
        KeyError: there is no such lifecycle.
    """
    plan = plan_of(library, lifecycle_key)
    snapshot = Snapshot(library, library.lifecycle_metrics(lifecycle_key), at_us=at_us)
    rows = snapshot.rows(events)
    stage = _stage(plan, snapshot, rows, at_us)
    codes = tuple(code for code, _ in plan.conditions)
    if can_be_pinned(library, events):
        said = statements(events.filter(events.occurred_us <= at_us), lifecycle_key, codes)
        # A pin is over at its own end, and the last statement up to the moment counts.
        held = said.filter(said.stage.notnull() & (said.held_us > at_us))
        held = held.select(pinned_customer=held[CUSTOMER], pinned=held.stage)
        stage_rows = rows.select(CUSTOMER, stage=stage)
        joined = stage_rows.left_join(held, stage_rows[CUSTOMER] == held.pinned_customer)
        rows, stage = joined, ibis.coalesce(joined.pinned, joined.stage)
    named = [(stage == index, code) for index, code in enumerate(codes)]
    return rows.select(CUSTOMER, stage=ibis.cases(*named, else_=None))


def _stage(plan: Plan, snapshot: Snapshot, rows: ir.Table, at_us: int) -> ir.Value:
    def names(name: Name) -> ir.Value:
        kind, index = index_of(name)
        if kind == "fixed":
            return fixed_column(snapshot, plan.fixed[index])(rows)
        deadline = plan.deadlines[index]
        if isinstance(deadline, CountDeadline):
            return snapshot.value(rows, Name(deadline.metric)) >= deadline.least
        return age_deadline(snapshot, deadline)(rows) > at_us

    branches = [
        (value_of(condition, names), index)
        for index, (_, condition) in enumerate(plan.conditions)
        if condition is not None
    ]
    last = ibis.literal(len(plan.conditions) - 1).cast("int64")
    return ibis.cases(*branches, else_=last).cast("int64") if branches else last
