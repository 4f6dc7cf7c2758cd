"""From the tree of the condition language to Ibis values: bound literals, never text.

Numbers are doubles, conditions follow SQL's three-valued logic, division by zero is NULL.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import reduce

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir

from tenure.definitions.expression.tree import (
    Arithmetic,
    Between,
    Case,
    Comparison,
    Constant,
    Function,
    Logic,
    Membership,
    Name,
    Negate,
    Node,
    Not,
    NullTest,
)

Names = Callable[[Name], ir.Value]
"""Gives the column behind a name."""

_COMPARE: dict[str, Callable[[ir.Value, ir.Value], ir.BooleanValue]] = {
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
    "=": lambda left, right: left == right,
    "<>": lambda left, right: left != right,
}


def value_of(node: Node, names: Names) -> ir.Value:  # noqa: PLR0911 (one per kind of node)
    """The Ibis value of ``node``; ``names`` resolves metrics or fields.

    Numeric columns are taken as doubles, so that an integer column divides and overflows
    the same way on every engine.
    """
    match node:
        case Constant(value):
            return literal(value)
        case Name():
            return as_double(names(node))
        case Arithmetic(op, left, right):
            return arithmetic(op, value_of(left, names), value_of(right, names))
        case Negate(operand):
            return -value_of(operand, names)
        case Case(branches, otherwise):
            return _case(branches, otherwise, names)
        case Function(name, arguments):
            return _function(name, [value_of(argument, names) for argument in arguments])
    return _condition(node, names)


def _condition(
    node: Comparison | Between | Membership | NullTest | Logic | Not, names: Names
) -> ir.BooleanValue:
    match node:
        case Comparison(op, left, right):
            return compare(op, _operand(left, names), _operand(right, names))
        case Between(operand, low, high, negated):
            value = _operand(operand, names)
            inside = (value >= _operand(low, names)) & (value <= _operand(high, names))
            return ~inside if negated else inside
        case Membership(operand, options, negated):
            among = _operand(operand, names).isin([literal(option.value) for option in options])
            return ~among if negated else among
        case NullTest(operand, negated):
            value = _operand(operand, names)
            return value.notnull() if negated else value.isnull()
        case Logic(op, operands):
            parts = [value_of(operand, names) for operand in operands]
            return reduce(lambda a, b: a & b if op == "and" else a | b, parts)
        case Not(operand):
            return ~value_of(operand, names)


_CLOSED = (ops.Field, ops.Literal, ops.SearchedCase, ops.Coalesce)
"""What stands in SQL text as one term, whatever is written beside it."""


def _operand(node: Node, names: Names) -> ir.Value:
    """``node`` as an operand of a comparison, ``in``, ``between`` or ``is null``.

    Ibis leaves out parentheses there: ``NOT a IS NULL`` is ``NOT (a IS NULL)`` to every engine,
    ``a OR b IN (c)`` is ``a OR (b IN (c))``, and ``a IS NULL IS NULL`` is no SQL to Spark. A
    condition is therefore closed in a CASE.
    """
    value = value_of(node, names)
    if not value.type().is_boolean() or isinstance(value.op(), _CLOSED):
        return value
    return ibis.cases((value, True), (~value, False), else_=None)


def holds(node: Node, names: Names) -> ir.BooleanValue:
    """Whether ``node`` is TRUE; NULL counts as not."""
    return value_of(node, names).fill_null(False)


def compare(op: str, left: ir.Value, right: ir.Value) -> ir.BooleanValue:
    """``left op right``, NULL when either is."""
    return _COMPARE[op](left, right)


def arithmetic(op: str, left: ir.Value, right: ir.Value) -> ir.Value:
    """Double arithmetic; a division by zero is NULL on every engine."""
    match op:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
    return left / right.nullif(number(0.0))


def as_double(value: ir.Value) -> ir.Value:
    """Integers as doubles; every other type as it is."""
    return value.cast("float64") if value.type().is_integer() else value


def number(value: float) -> ir.Value:
    """A double literal, exactly.

    A bare 0.1 in SQL text is a DECIMAL, which engines widen differently; the cast of the
    shortest text that reads back as the same double is exact on all of them.
    """
    return ibis.literal(repr(float(value))).cast("float64")


def literal(value: float | str | bool | date) -> ir.Value:
    """A bound literal of one of the four types of the language."""
    if isinstance(value, bool | str | date):
        return ibis.literal(value)
    return number(value)


def _case(
    branches: tuple[tuple[Node, Node], ...], otherwise: Node | None, names: Names
) -> ir.Value:
    compiled = [(value_of(when, names), value_of(then, names)) for when, then in branches]
    return ibis.cases(*compiled, else_=None if otherwise is None else value_of(otherwise, names))


def _function(name: str, arguments: list[ir.Value]) -> ir.Value:
    match name:
        case "coalesce":
            return ibis.coalesce(*arguments)
        case "greatest":
            return ibis.greatest(*arguments)
        case "least":
            return ibis.least(*arguments)
        case "abs":
            return arguments[0].abs()
    return arguments[0].lower()
