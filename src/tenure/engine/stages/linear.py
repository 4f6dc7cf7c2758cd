"""Numbers that time moves: linear forms of ages, and choices lifted out of comparisons."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

from tenure.definitions.expression.tree import (
    Arithmetic,
    Case,
    Comparison,
    Constant,
    Function,
    Name,
    Negate,
    Node,
    NullTest,
    children,
)

Moves = Callable[[Node], bool]
"""Whether the value of a node can change between two rows, by time alone."""


class NotLinear(Exception):  # noqa: N818 - caught by the reader of the lifecycle, never shown
    """An age is used in a way that has no single moment of crossing."""

    def __init__(self, node: Node) -> None:
        super().__init__(node)
        self.node = node


@dataclass(frozen=True, slots=True)
class Linear:
    """``sum(coefficient * age) + rest``; ``rest`` has no ages, None stands for 0.

    Attributes:
        ages: coefficient by key of the age metric, in order of first use. A coefficient may
            be 0: the age still makes the whole NULL where it is NULL.
        rest: everything else.
    """

    ages: tuple[tuple[str, float], ...] = ()
    rest: Node | None = None

    def plus(self, other: Linear) -> Linear:
        """The sum of both."""
        ages = dict(self.ages)
        for key, coefficient in other.ages:
            ages[key] = ages.get(key, 0.0) + coefficient
        rest = self.rest or other.rest
        if self.rest is not None and other.rest is not None:
            rest = Arithmetic("+", self.rest, other.rest)
        return Linear(tuple(ages.items()), rest)

    def times(self, factor: float) -> Linear:
        """This form multiplied by a constant."""
        rest = self.rest
        if rest is not None and factor != 1.0:
            rest = Arithmetic("*", rest, Constant(factor, "number"))
        return Linear(tuple((key, factor * by) for key, by in self.ages), rest)

    def over(self, divisor: float) -> Linear:
        """This form divided by a constant."""
        rest = self.rest
        if rest is not None:
            rest = Arithmetic("/", rest, Constant(divisor, "number"))
        return Linear(tuple((key, by / divisor) for key, by in self.ages), rest)

    def negated_rest(self) -> Node:
        """Minus ``rest``: the other side of the comparison once the ages stand alone."""
        if self.rest is None:
            return Constant(0.0, "number")
        if isinstance(self.rest, Negate):
            return self.rest.operand
        if isinstance(self.rest, Constant):
            return Constant(-(constant_of(self.rest) or 0.0), "number")
        return Negate(self.rest)


def linear(node: Node, moves: Moves) -> Linear:  # noqa: PLR0911 (one per kind of node)
    """``node`` as a linear form of ages.

    Raises:
        NotLinear: ages are multiplied or divided by something that is not a literal.
    """
    if not moves(node):
        return Linear(rest=node)
    match node:
        case Name(key):
            return Linear(ages=((key, 1.0),))
        case Negate(operand):
            inner = linear(operand, moves)
            ages = tuple((key, -by) for key, by in inner.ages)
            return Linear(ages, None if inner.rest is None else Negate(inner.rest))
        case Arithmetic("+", left, right):
            return linear(left, moves).plus(linear(right, moves))
        case Arithmetic("-", left, right):
            return linear(left, moves).plus(linear(Negate(right), moves))
        case Arithmetic("*", left, right):
            return _product(node, left, right, moves)
        case Arithmetic("/", left, right):
            divisor = constant_of(right)
            if divisor:
                return linear(left, moves).over(divisor)
    raise NotLinear(node)


def _product(node: Node, left: Node, right: Node, moves: Moves) -> Linear:
    for factor, other in ((left, right), (right, left)):
        constant = constant_of(factor)
        if constant is not None:
            return linear(other, moves).times(constant)
    raise NotLinear(node)


def constant_of(node: Node) -> float | None:
    """The number that ``node`` always is, or None when it is not made of literals alone."""
    match node:
        case Constant(value, "number"):
            assert isinstance(value, int | float)
            return float(value)
        case Negate(operand):
            inner = constant_of(operand)
            return None if inner is None else -inner
        case Arithmetic(op, left, right):
            return _fold(op, constant_of(left), constant_of(right))
    return None


def _fold(op: str, left: float | None, right: float | None) -> float | None:
    if left is None or right is None:
        return None
    match op:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
    return left / right if right else None


def lifted(comparison: Comparison, moves: Moves) -> Case | None:
    """The comparison with its first choice that time moves taken out, or None without one.

    ``coalesce(a, b) <= k`` becomes ``case when a is not null then a <= k else b <= k end``;
    what is left under each branch compares plain arithmetic.
    """
    choice = _first_choice(comparison, moves)
    if choice is None:
        return None
    case = _as_case(choice)

    def with_value(value: Node) -> Comparison:
        replaced = replaced_in(comparison, choice, value)
        assert isinstance(replaced, Comparison)
        return replaced

    return Case(
        tuple((condition, with_value(value)) for condition, value in case.branches),
        None if case.otherwise is None else with_value(case.otherwise),
    )


def _first_choice(node: Node, moves: Moves) -> Case | Function | None:
    if not moves(node):
        return None
    if isinstance(node, Case | Function):
        return node
    return next((found for part in children(node) if (found := _first_choice(part, moves))), None)


def replaced_in(node: Node, old: Node, new: Node) -> Node:
    """``node`` with the very node ``old`` (not its equals) replaced by ``new``."""
    if node is old:
        return new
    match node:
        case Arithmetic(_, left, right) | Comparison(_, left, right):
            return dataclasses.replace(
                node, left=replaced_in(left, old, new), right=replaced_in(right, old, new)
            )
        case Negate(operand):
            return Negate(replaced_in(operand, old, new))
    return node


def _as_case(choice: Case | Function) -> Case:
    if isinstance(choice, Case):
        return choice
    arguments = choice.arguments
    match choice.name:
        case "coalesce":
            given = tuple((NullTest(part, negated=True), part) for part in arguments[:-1])
            return Case(given, arguments[-1])
        case "abs":
            below = Comparison("<", arguments[0], Constant(0.0, "number"))
            return Case(((below, Negate(arguments[0])),), arguments[0])
        case "greatest" | "least":
            return _extreme(choice, arguments[0], arguments[1:])
    raise NotLinear(choice)


def _extreme(choice: Function, first: Node, others: tuple[Node, ...]) -> Case:
    # greatest and least pass over NULLs.
    second: Node = others[0]
    if len(others) > 1:
        second = Function(choice.name, others)
    wins = Comparison(">=" if choice.name == "greatest" else "<=", first, second)
    return Case(((NullTest(first), second), (NullTest(second), first), (wins, first)), second)
