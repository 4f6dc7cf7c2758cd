"""The tree of the condition language: the only things an expression can be made of."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

ValueType = Literal["number", "text", "boolean", "date"]
ConstantValue = float | str | bool | date
ArithmeticOperator = Literal["+", "-", "*", "/"]
ComparisonOperator = Literal["<", "<=", ">", ">=", "=", "<>"]
FunctionName = Literal["coalesce", "greatest", "least", "abs", "lower"]


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal: float for numbers (durations are days), str, bool, or a calendar date."""

    value: ConstantValue
    type: ValueType


@dataclass(frozen=True, slots=True)
class Name:
    """A metric, a named expression, or a field of an event.

    The type follows from the key within one library, so equality looks at the key alone;
    it is None only before a library has typed the tree.
    """

    key: str
    type: ValueType | None = dataclasses.field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """``left op right`` in double arithmetic; ``/`` gives NULL when the divisor is 0."""

    op: ArithmeticOperator
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Negate:
    """Minus ``operand``."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Comparison:
    """``left op right`` of two values of one type; NULL when either is NULL."""

    op: ComparisonOperator
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Between:
    """``operand [not] between low and high``, both ends included."""

    operand: Node
    low: Node
    high: Node
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Membership:
    """``operand [not] in (options)``."""

    operand: Node
    options: tuple[Constant, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class NullTest:
    """``operand is [not] null``."""

    operand: Node
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Logic:
    """Two or more conditions joined by ``and`` or by ``or``, in three-valued logic."""

    op: Literal["and", "or"]
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """``not operand``."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Case:
    """``case when condition then value … [else otherwise] end``; NULL when nothing holds."""

    branches: tuple[tuple[Node, Node], ...]
    otherwise: Node | None = None


@dataclass(frozen=True, slots=True)
class Function:
    """One of the few allowed functions.

    ``greatest`` and ``least`` pass over NULLs and are NULL only when all arguments are.
    """

    name: FunctionName
    arguments: tuple[Node, ...]


Node: TypeAlias = (
    Constant
    | Name
    | Arithmetic
    | Negate
    | Comparison
    | Between
    | Membership
    | NullTest
    | Logic
    | Not
    | Case
    | Function
)


def children(node: Node) -> tuple[Node, ...]:  # noqa: PLR0911 (one per kind of node)
    """The nodes directly below ``node``, from left to right."""
    match node:
        case Constant() | Name():
            return ()
        case Arithmetic(_, left, right) | Comparison(_, left, right):
            return (left, right)
        case Between(operand, low, high):
            return (operand, low, high)
        case Membership(operand, options):
            return (operand, *options)
        case Logic(_, operands):
            return operands
        case Case(branches, otherwise):
            last = () if otherwise is None else (otherwise,)
            return (*(part for branch in branches for part in branch), *last)
        case Function(_, arguments):
            return arguments
    return (node.operand,)


def walk(node: Node) -> Iterator[Node]:
    """``node`` and everything below it, parents before children."""
    yield node
    for child in children(node):
        yield from walk(child)


def names_in(node: Node) -> tuple[str, ...]:
    """Keys of the names used, each once, in order of first use."""
    return tuple(dict.fromkeys(part.key for part in walk(node) if isinstance(part, Name)))


def replace_names(node: Node, by: Callable[[Name], Node]) -> Node:  # noqa: PLR0911 (one per kind of node)
    """The same tree with every name replaced by what ``by`` gives for it."""

    def go(part: Node) -> Node:
        return replace_names(part, by)

    match node:
        case Name():
            return by(node)
        case Constant():
            return node
        case Arithmetic(_, left, right) | Comparison(_, left, right):
            return dataclasses.replace(node, left=go(left), right=go(right))
        case Between(operand, low, high):
            return dataclasses.replace(node, operand=go(operand), low=go(low), high=go(high))
        case Logic(_, operands):
            return dataclasses.replace(node, operands=tuple(go(part) for part in operands))
        case Case(branches, otherwise):
            return Case(
                tuple((go(condition), go(value)) for condition, value in branches),
                None if otherwise is None else go(otherwise),
            )
        case Function(_, arguments):
            return dataclasses.replace(node, arguments=tuple(go(part) for part in arguments))
    return dataclasses.replace(node, operand=go(node.operand))
