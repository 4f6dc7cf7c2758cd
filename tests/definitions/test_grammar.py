"""The grammar against another SQL parser: same text, same tree."""

from __future__ import annotations

import sqlglot
from hypothesis import given, settings
from sqlglot import exp

from tenure.definitions import parse, render
from tenure.definitions.expression import (
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
from tests.definitions.strategies import any_tree


def _plain(node: Node) -> object:
    """A tree without what two parsers may differ in: nesting of equal operators."""
    match node:
        case Constant(value):
            return str(value) if not isinstance(value, float) else value
        case Name(key):
            return key
        case Negate(operand):
            return ("-", _plain(operand))
        case Not(operand):
            return ("not", _plain(operand))
        case Arithmetic(op, left, right) | Comparison(op, left, right):
            return (op, _plain(left), _plain(right))
        case Logic(op, operands):
            parts: list[object] = []
            for operand in map(_plain, operands):
                same = isinstance(operand, tuple) and operand[0] == op
                parts += operand[1:] if same else [operand]  # type: ignore[index]
            return (op, *parts)
        case Between(operand, low, high, negated):
            return _denied(("between", *map(_plain, (operand, low, high))), negated)
        case Membership(operand, options, negated):
            return _denied(("in", _plain(operand), *map(_plain, options)), negated)
        case NullTest(operand, negated):
            return _denied(("null", _plain(operand)), negated)
        case Function(name, arguments):
            return (name, *map(_plain, arguments))
        case Case(branches, otherwise):
            flat = [_plain(part) for branch in branches for part in branch]
            return ("case", *flat, None if otherwise is None else _plain(otherwise))


def _denied(tree: tuple[object, ...], negated: bool) -> tuple[object, ...]:
    return ("not", tree) if negated else tree


_BINARY = {
    exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.Div: "/", exp.LT: "<", exp.LTE: "<=",
    exp.GT: ">", exp.GTE: ">=", exp.EQ: "=", exp.NEQ: "<>", exp.And: "and", exp.Or: "or",
}  # fmt: skip


def _theirs(node: exp.Expression | None) -> object:
    """What another SQL parser made of the same text, in the same plain form."""
    match node:
        case None:
            return None
        case exp.Paren():
            return _theirs(node.this)
        case exp.Column():
            return node.name
        case exp.Literal():
            return node.this if node.is_string else float(node.this)
        case exp.Boolean():
            return str(node.this)
        case exp.Cast():
            return node.this.this
        case exp.Neg():
            inner = _theirs(node.this)
            literal = isinstance(node.this, exp.Literal)
            return -inner if literal else ("-", inner)  # type: ignore[operator]
        case exp.Not():
            return ("not", _theirs(node.this))
        case exp.Is():
            return ("null", _theirs(node.this))
        case exp.In():
            return ("in", _theirs(node.this), *map(_theirs, node.expressions))
        case exp.Between():
            return ("between", *(_theirs(node.args[key]) for key in ("this", "low", "high")))
        case exp.Case():
            flat = [_theirs(node_) for one in node.args["ifs"] for node_ in
                    (one.this, one.args["true"])]  # fmt: skip
            return ("case", *flat, _theirs(node.args.get("default")))
        case exp.Abs() | exp.Lower():
            return (node.key, _theirs(node.this))
        case exp.Coalesce() | exp.Greatest() | exp.Least():
            return (node.key, _theirs(node.this), *map(_theirs, node.expressions))
    op = _BINARY[type(node)]
    parts: list[object] = []
    for part in (_theirs(node.left), _theirs(node.right)):
        same = op in ("and", "or") and isinstance(part, tuple) and part[0] == op
        parts += part[1:] if same else [part]  # type: ignore[index]
    return (op, *parts)


@settings(max_examples=150)
@given(any_tree)
def test_the_grammar_is_that_of_sql(tree: Node) -> None:
    text = render(tree).replace("date", "day").replace("day '", "date '")
    assert _plain(parse(text)) == _theirs(sqlglot.parse_one(text, dialect="duckdb"))
