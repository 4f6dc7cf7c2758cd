"""Why each interval began: the event, the comparison that time crossed, and its limit.

While intervals are put together a cause is one number, its *origin*: an event's id, the start of
a history, a kind of exit from a window, or a deadline.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from tenure.engine.expressions import number
from tenure.engine.stages.atoms import Atom, Plan
from tenure.engine.stages.linear import constant_of
from tenure.engine.stages.rows import Figures

# The origin of an interval that began at deadline i is this minus i.
_FIRST_DEADLINE = -1000


def _crossings(deadlines: int, split: ir.Table) -> list[tuple[ir.BooleanValue, int]]:
    """For each deadline: is it the moment of this row."""
    return [(split.at_us == split[f"deadline_{i}"], i) for i in range(deadlines)]


def origin_of(deadlines: int, split: ir.Table) -> ir.Value:
    """What stands at each moment, as one number; ``split`` has so many ``deadlines``."""
    crossed = [(at, _FIRST_DEADLINE - index) for at, index in _crossings(deadlines, split)]
    return ibis.cases(
        (split.at_us == split.from_us, split.event_id), *crossed, else_=split.event_id
    ).cast("int64")


def has_computed_limit(atom: Atom) -> bool:
    """Whether what is compared with differs from customer to customer."""
    return atom.limit is not None and constant_of(atom.limit) is None


def computed_limits(
    plan: Plan, figures: Figures, split: ir.Table
) -> list[tuple[ir.BooleanValue, ir.Value]]:
    """The limits that differ from customer to customer, each where it was crossed."""
    named = {index for index, atom in enumerate(plan.atoms) if has_computed_limit(atom)}
    if not named:
        return []
    begins = split.at_us == split.from_us
    swept = [
        (begins & (split.event_id == exit_id), split[f"limit_{index}"])
        for exit_id, index in _atom_by_exit(plan, figures).items()
        if index in named
    ]
    # Limits that are literals are put in at the end, but they must not let a later deadline
    # of the same moment speak for an earlier one.
    nothing = ibis.null("float64")
    crossed = [
        (at, split[f"limit_{index}"] if index in named else nothing)
        for at, index in _crossings(len(plan.deadlines), split)
    ]
    return [*swept, (begins, nothing), *crossed]


def _atom_by_exit(plan: Plan, figures: Figures) -> dict[int, int]:
    """For each kind of exit, the first comparison that it can change."""
    found: dict[int, int] = {}
    for index, atom in enumerate(plan.atoms):
        for key in atom.metrics if atom.kind == "window" else ():
            exit_id = figures.exit_of(key)
            if exit_id is not None:
                found.setdefault(exit_id, index)
    return found


def atom_of(plan: Plan, figures: Figures, rows: ir.Table) -> ir.Value:
    """Index of the comparison crossed: the deadline's, or the first that an exit can change."""
    by_exit = _atom_by_exit(plan, figures)
    known = [(rows.origin == exit_id, index) for exit_id, index in by_exit.items()]
    deadline = (rows.origin <= _FIRST_DEADLINE, _FIRST_DEADLINE - rows.origin)
    return ibis.cases(deadline, *known, else_=None).cast("int64")


def limit_of(plan: Plan, rows: ir.Table, atom: ir.Value) -> ir.Value:
    """What was crossed, in days or in the metric's unit."""
    literals = [
        (atom == index, number(constant))
        for index, one in enumerate(plan.atoms)
        if one.limit is not None and (constant := constant_of(one.limit)) is not None
    ]
    otherwise = rows.crossed if "crossed" in rows.columns else ibis.null("float64")
    return ibis.cases(*literals, else_=otherwise) if literals else otherwise
