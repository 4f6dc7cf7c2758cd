"""From tree to canonical text: ``parse(render(node)) == node``."""

from __future__ import annotations

from datetime import date

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

OR, AND, NOT, PREDICATE, SUM, PRODUCT, SIGN, ATOM = range(8)


def strength(node: Node) -> int:
    """How tightly ``node`` binds: a weaker one needs parentheses inside a stronger one."""
    match node:
        case Logic(op):
            return OR if op == "or" else AND
        case Not():
            return NOT
        case Comparison() | Between() | Membership() | NullTest():
            return PREDICATE
        case Arithmetic(op):
            return SUM if op in "+-" else PRODUCT
        case Negate():
            return SIGN
    return ATOM


def render(node: Node) -> str:  # noqa: PLR0911 (one per kind of node)
    """The canonical text of ``node``: lower case, single spaces, no needless parentheses."""
    match node:
        case Constant():
            return render_constant(node)
        case Name(key):
            return key
        case Arithmetic(op, left, right):
            own = strength(node)
            return f"{_inside(left, own)} {op} {_inside(right, own + 1)}"
        case Negate(operand):
            return (
                f"-{_inside(operand, ATOM)}" if not _is_number(operand) else f"-({render(operand)})"
            )
        case Logic(op, operands):
            own = strength(node)
            return f" {op} ".join(_inside(part, own + 1) for part in operands)
        case Not(operand):
            return f"not {_inside(operand, PREDICATE)}"
        case Case(branches, otherwise):
            return _render_case(branches, otherwise)
        case Function(name, arguments):
            return f"{name}({', '.join(render(part) for part in arguments)})"
    return _render_predicate(node)


def render_constant(constant: Constant) -> str:
    """A literal as written in an expression."""
    value = constant.value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    if isinstance(value, date):
        return f"date '{value.isoformat()}'"
    return render_number(value)


def render_number(value: float) -> str:
    """A number without needless decimals, from which the same double is read again."""
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return repr(float(value))


def _render_predicate(node: Comparison | Between | Membership | NullTest) -> str:
    negation = "" if isinstance(node, Comparison) or not node.negated else "not "
    match node:
        case Comparison(op, left, right):
            return f"{_inside(left, SUM)} {op} {_inside(right, SUM)}"
        case Between(operand, low, high):
            ends = f"{_inside(low, SUM)} and {_inside(high, SUM)}"
            return f"{_inside(operand, SUM)} {negation}between {ends}"
        case Membership(operand, options):
            listed = ", ".join(render_constant(option) for option in options)
            return f"{_inside(operand, SUM)} {negation}in ({listed})"
        case NullTest(operand):
            return f"{_inside(operand, SUM)} is {negation}null"


def _render_case(branches: tuple[tuple[Node, Node], ...], otherwise: Node | None) -> str:
    parts = [f"when {render(condition)} then {render(value)}" for condition, value in branches]
    last = "" if otherwise is None else f" else {render(otherwise)}"
    return f"case {' '.join(parts)}{last} end"


def _is_number(node: Node) -> bool:
    # A minus written straight before a number belongs to the number.
    return isinstance(node, Constant) and node.type == "number"


def _inside(node: Node, least: int) -> str:
    text = render(node)
    return text if strength(node) >= least else f"({text})"
