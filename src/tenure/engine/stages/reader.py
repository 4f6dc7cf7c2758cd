"""Rewriting conditions over leaves: which comparisons time crosses, and everything else."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cached_property
from typing import TypeVar

from tenure.definitions import Metric
from tenure.definitions.expression import render
from tenure.definitions.expression.tree import (
    Between,
    Case,
    Comparison,
    ComparisonOperator,
    Constant,
    Function,
    Logic,
    Membership,
    Name,
    Node,
    Not,
    NullTest,
    children,
    names_in,
    walk,
)
from tenure.definitions.expression.types import known_type
from tenure.engine.measures import AGES
from tenure.engine.stages.atoms import (
    AgeDeadline,
    Atom,
    CountDeadline,
    Deadline,
    Fixed,
    SpanComparison,
    leaf,
)
from tenure.engine.stages.linear import Linear, NotLinear, constant_of, lifted, linear

# A window holding more events than this against a literal is swept instead: each threshold
# is a column of its own in the deadline form.
MOST_EVENTS = 1000

_FLIPPED: dict[ComparisonOperator, ComparisonOperator] = {
    "<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "<>": "<>",
}  # fmt: skip
_TRUE = Constant(value=True, type="boolean")
_FALSE = Constant(value=False, type="boolean")
T = TypeVar("T")


class ConditionReader:
    """Collects deadlines and fixed conditions while it rewrites conditions."""

    def __init__(self, metrics: Mapping[str, Metric], nodes: list[Node]) -> None:
        self._metrics = metrics
        self._nodes = nodes
        self.deadlines: list[Deadline] = []
        self.atoms: list[Atom] = []
        self.fixed: list[Fixed] = []

    @property
    def swept(self) -> frozenset[str]:
        """Windowed metrics that need the sweep form."""
        return self._windowed - self._counts

    @cached_property
    def _windowed(self) -> frozenset[str]:
        used = {key for node in self._nodes for key in names_in(node)}
        return frozenset(key for key in used if self._metrics[key].window_us is not None)

    @cached_property
    def _counts(self) -> frozenset[str]:
        """Windowed counts that are only ever compared with literals."""
        elsewhere = {key for node in self._nodes for key in self._not_against_literals(node)}
        return frozenset(
            key
            for key in self._windowed
            if self._metrics[key].agg == "count" and key not in elsewhere
        )

    def _not_against_literals(self, node: Node) -> set[str]:
        match node:
            case Comparison(_, Name(_), right) if _small(right):
                return set()
            case Comparison(_, left, Name(_)) if _small(left):
                return set()
            case Between(Name(_), low, high) if _small(low) and _small(high):
                return set()
            case Membership(Name(_), options) if all(_small(option) for option in options):
                return set()
            case Name(key):
                return {key}
        return {key for part in children(node) for key in self._not_against_literals(part)}

    def moves(self, node: Node) -> bool:
        """Whether time alone can change ``node`` between two rows."""
        return any(
            isinstance(part, Name)
            and (part.key in self._counts or self._metrics[part.key].agg in AGES)
            for part in walk(node)
        )

    def condition(self, node: Node) -> Node:  # noqa: PLR0911 (one per kind of node)
        """``node`` over leaves; the value is a condition (true, false or NULL)."""
        if isinstance(node, Constant):
            return node
        if not self.moves(node):
            return leaf("fixed", _index(self.fixed, node))
        match node:
            case Logic(op, operands):
                return Logic(op, tuple(self.condition(part) for part in operands))
            case Not(operand):
                return Not(self.condition(operand))
            case Case(branches, otherwise):
                return self._case(branches, otherwise)
            case Function(name, arguments):
                return Function(name, tuple(self.condition(part) for part in arguments))
            case NullTest():
                return self._null_test(node)
            case Between(operand, low, high, negated):
                inside = Logic(
                    "and", (Comparison(">=", operand, low), Comparison("<=", operand, high))
                )
                return self.condition(Not(inside) if negated else inside)
            case Membership(operand, options, negated):
                equal = [Comparison("=", operand, option) for option in options]
                among = equal[0] if len(equal) == 1 else Logic("or", tuple(equal))
                return self.condition(Not(among) if negated else among)
            case Comparison():
                return self._comparison(node)
        raise NotLinear(node)

    def _case(self, branches: tuple[tuple[Node, Node], ...], otherwise: Node | None) -> Case:
        return Case(
            tuple((self.condition(when), self.condition(then)) for when, then in branches),
            None if otherwise is None else self.condition(otherwise),
        )

    def _null_test(self, node: NullTest) -> Node:
        operand = node.operand
        if known_type(operand) == "boolean":
            return NullTest(self.condition(operand), node.negated)
        if isinstance(operand, Case):
            return self._case(
                tuple((when, NullTest(then, node.negated)) for when, then in operand.branches),
                NullTest(operand.otherwise, node.negated)
                if operand.otherwise is not None
                else (_FALSE if node.negated else _TRUE),
            )
        if not isinstance(operand, Function):
            linear(operand, self.moves)
        # An age is NULL before its first event and never again: only a row changes that.
        return leaf("fixed", _index(self.fixed, node))

    def _comparison(self, node: Comparison) -> Node:
        if known_type(node.left) == "boolean":
            return Comparison(node.op, self.condition(node.left), self.condition(node.right))
        case = lifted(node, self.moves)
        if case is not None:
            return self._case(case.branches, case.otherwise)
        if isinstance(node.left, Name) and node.left.key in self._counts:
            return self._count(node, node.left.key, node.op, constant_of(node.right))
        if isinstance(node.right, Name) and node.right.key in self._counts:
            return self._count(node, node.right.key, _FLIPPED[node.op], constant_of(node.left))
        return self._age(node)

    def _count(
        self, node: Comparison, metric: str, op: ComparisonOperator, limit: float | None
    ) -> Node:
        assert limit is not None
        ceiling, above = math.ceil(limit), math.floor(limit) + 1
        match op:
            case ">=":
                return self._at_least(node, metric, ceiling)
            case ">":
                return self._at_least(node, metric, above)
            case "<":
                return Not(self._at_least(node, metric, ceiling))
            case "<=":
                return Not(self._at_least(node, metric, above))
        equal: Node = _FALSE
        if ceiling != above:
            equal = Logic(
                "and",
                (
                    self._at_least(node, metric, ceiling),
                    Not(self._at_least(node, metric, above)),
                ),
            )
        return equal if op == "=" else Not(equal)

    def _at_least(self, node: Comparison, metric: str, least: int) -> Node:
        if least <= 0:
            return _TRUE
        limit = Constant(float(least), "number")
        atom = Atom(node, render(node), "count", (metric,), limit)
        return self._deadline(CountDeadline(metric, least), atom)

    def _age(self, node: Comparison) -> Node:
        left, right = linear(node.left, self.moves), linear(node.right, self.moves)
        # A limit that stands alone is kept as it is written: nothing is rounded in between.
        difference = left.plus(right.times(-1.0))
        limit = difference.negated_rest()
        op, ages = node.op, difference.ages
        if not right.ages and left.rest is None and right.rest is not None:
            limit = right.rest
        elif not left.ages and right.rest is None and left.rest is not None:
            limit, op = left.rest, _FLIPPED[op]
            ages = tuple((key, -by) for key, by in ages)
        return self._ages_against(node, op, ages, limit)

    def _ages_against(
        self,
        node: Comparison,
        op: ComparisonOperator,
        ages: tuple[tuple[str, float], ...],
        limit: Node,
    ) -> Node:
        scale = math.fsum(by for _, by in ages)
        (metric, _), spans = ages[0], ages[1:]
        if scale == 0:
            form = AgeDeadline(metric, True, limit, spans, 0.0)
            return leaf("fixed", _index(self.fixed, SpanComparison(op, form)))
        if scale < 0:
            op, scale = _FLIPPED[op], -scale
            limit, spans = Linear(rest=limit).negated_rest(), tuple((key, -by) for key, by in spans)
        if op in ("=", "<>"):
            raise NotLinear(node)
        form = AgeDeadline(metric, op in ("<=", ">"), limit, spans, scale)
        atom = Atom(node, render(node), "age", (metric, *(key for key, _ in spans)), limit)
        holds = self._deadline(form, atom)
        return holds if op in ("<", "<=") else Not(holds)

    def _deadline(self, deadline: Deadline, atom: Atom) -> Name:
        if deadline not in self.deadlines:
            self.deadlines.append(deadline)
            self.atoms.append(atom)
        return leaf("deadline", self.deadlines.index(deadline))


def _small(node: Node) -> bool:
    constant = constant_of(node)
    return constant is not None and constant <= MOST_EVENTS


def _index(items: list[T], item: T) -> int:
    if item not in items:
        items.append(item)
    return items.index(item)
