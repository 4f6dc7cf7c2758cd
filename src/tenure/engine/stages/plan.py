"""From a lifecycle's conditions to a plan of deadlines and fixed conditions."""

from __future__ import annotations

from collections.abc import Iterator

from tenure.definitions import DefinitionError, Library, Lifecycle
from tenure.definitions.base import problem_in
from tenure.definitions.expression import render
from tenure.definitions.expression.tree import (
    Between,
    Comparison,
    Membership,
    Node,
    names_in,
    walk,
)
from tenure.engine.stages.atoms import Atom, Plan, SpanComparison
from tenure.engine.stages.linear import NotLinear
from tenure.engine.stages.reader import ConditionReader
from tenure.words import Words


def plan_of(library: Library, lifecycle_key: str) -> Plan:
    """The plan of a lifecycle.

    Raises:
        DefinitionError: an age is used in a way that has no single moment of crossing.
        KeyError: there is no such lifecycle.
    """
    lifecycle = library.lifecycles[lifecycle_key]
    whens = {
        stage.code: None if stage.when is None else library.resolve(stage.when)
        for stage in lifecycle.stages
    }
    reader = ConditionReader(library.metrics, [node for node in whens.values() if node is not None])
    conditions: list[tuple[str, Node | None]] = []
    for code in lifecycle.check:
        node = whens[code]
        try:
            conditions.append((code, None if node is None else reader.condition(node)))
        except NotLinear as refused:
            raise _not_linear(lifecycle, code, refused.node) from None
    return _plan(lifecycle, tuple(conditions), reader)


def lifecycle_atoms(library: Library, lifecycle_key: str) -> tuple[Atom, ...]:
    """The comparisons of a lifecycle that time can cross; ``cause_atom`` is an index here."""
    return plan_of(library, lifecycle_key).atoms


def _plan(
    lifecycle: Lifecycle, conditions: tuple[tuple[str, Node | None], ...], reader: ConditionReader
) -> Plan:
    atoms = list(reader.atoms)
    for fixed in reader.fixed:
        if not isinstance(fixed, SpanComparison):
            atoms.extend(_window_atoms(fixed, reader.swept))
    return Plan(
        lifecycle,
        conditions,
        tuple(reader.deadlines),
        tuple(reader.fixed),
        tuple(atoms),
        tuple(sorted(reader.swept)),
    )


def _window_atoms(fixed: Node, swept: frozenset[str]) -> Iterator[Atom]:
    for comparison in _comparisons(fixed):
        left = [key for key in names_in(comparison.left) if key in swept]
        right = [key for key in names_in(comparison.right) if key in swept]
        if left or right:
            limit = None if left and right else comparison.right if left else comparison.left
            moved = tuple(dict.fromkeys(left + right))
            yield Atom(comparison, render(comparison), "window", moved, limit)


def _comparisons(node: Node) -> Iterator[Comparison]:
    """The comparisons in ``node``; what is written as a range or a list is several."""
    for part in walk(node):
        match part:
            case Comparison():
                yield part
            case Between(operand, low, high):
                yield Comparison(">=", operand, low)
                yield Comparison("<=", operand, high)
            case Membership(operand, options):
                for option in options:
                    yield Comparison("=", operand, option)


def _not_linear(lifecycle: Lifecycle, code: str, node: Node) -> DefinitionError:
    index = next(i for i, stage in enumerate(lifecycle.stages) if stage.code == code)
    text = render(node)
    words = Words(
        f"“{text}”里的天数（days_since_*）只能加减，或乘除以一个常数，再用 <、<=、>、>= 比较，"
        "这样才能算出跨过界限的准确时刻；"
        "例如把 days_since_last / gap > 2 写成 days_since_last > 2 * gap",
        f"in {text!r} a number of days (days_since_*) may only be added, subtracted, "
        "multiplied or divided by a literal number and compared with <, <=, > or >=, "
        "so that the moment of crossing is known; "
        "write days_since_last / gap > 2 as days_since_last > 2 * gap",
    )
    return DefinitionError([problem_in(lifecycle, f"stages[{index}].when", words)])
