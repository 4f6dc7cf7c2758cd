"""From tokens to tree: a precedence-climbing parser that can build nothing but the tree.

The grammar is SQL's for the part that is kept (precedence, three-valued logic), so what is
not in the grammar cannot be written at all; there is no later filter to slip past.
Method: V. Pratt, "Top Down Operator Precedence", POPL 1973.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NoReturn, cast

from tenure.definitions.base import DefinitionError
from tenure.definitions.expression.operands import OperandReader
from tenure.definitions.expression.reading import Located
from tenure.definitions.expression.render import AND, NOT, OR, PREDICATE, PRODUCT, SIGN, SUM
from tenure.definitions.expression.text import SourceText
from tenure.definitions.expression.tree import (
    Arithmetic,
    ArithmeticOperator,
    Between,
    Comparison,
    ComparisonOperator,
    Constant,
    Logic,
    Membership,
    Negate,
    Node,
    Not,
    NullTest,
    ValueType,
)
from tenure.definitions.expression.types import known_type, mismatch
from tenure.words import Words

_COMPARISONS = ("<", "<=", ">", ">=", "=", "<>")


def parse(
    text: str,
    names: Mapping[str, ValueType | None] | None = None,
    file: str | None = None,
    line: int = 1,
    column: int = 1,
    *,
    expected: ValueType | None = None,
) -> Node:
    """The tree of an expression.

    Args:
        text: the expression, such as ``orders >= 2 and days_since_last_order <= 30d``.
        names: what may be named, with types; None leaves names untyped and unchecked.
        file: file the text stands in, for messages.
        line: line of the first character in that file.
        column: column of the first character in that file.
        expected: type the whole must have.

    Raises:
        DefinitionError: with line, column, carets, cause and the nearest known name.
    """
    return parse_source(SourceText(text, file, line, column), names, expected=expected)


def parse_source(
    source: SourceText,
    names: Mapping[str, ValueType | None] | None = None,
    *,
    expected: ValueType | None = None,
    reasons: Mapping[str, Words] | None = None,
) -> Node:
    """The tree of ``source``; like ``parse``, for text that stands inside a YAML file.

    ``reasons`` says of names that exist why they may not be used here; a name whose type is
    None in ``names`` fits everywhere, so that one mistake is not reported twice.
    """
    parser = _Parser(source, names, reasons or {})
    whole = parser.expression(OR)
    parser.expect_end()
    found = known_type(whole.node)
    if expected and found and found != expected:
        problem = source.problem(whole.start, whole.end, mismatch(expected, found))
        raise DefinitionError([problem])
    return whole.node


class _Parser(OperandReader):
    """Operators between operands; operands themselves are read by the base class."""

    def expression(self, least: int) -> Located:
        """An expression whose operators bind at least as tightly as ``least``."""
        with self.deeper():
            left = self._prefix(least)
            while True:
                level = self._level()
                if level is None or level < least:
                    return left
                left = self._infix(left, level)
                if level == PREDICATE and self._level() == PREDICATE:
                    self._refuse_chain()

    def _prefix(self, least: int) -> Located:
        token = self.token
        if token.kind == "keyword" and token.value == "not":
            if least > NOT:
                cause = Words("这里的 not 要用括号括起来", "put this not in parentheses")
                self.refuse(token.start, token.end, cause)
            self.advance()
            operand = self.expression(NOT)
            self.check(operand, "boolean")
            return self.build(Not(operand.node), token.start, operand.end, operand)
        if self.at_symbol("-"):
            return self._minus()
        return self.operand()

    def _minus(self) -> Located:
        start = self.advance().start
        plain_number = self.token.kind in ("number", "duration")
        operand = self.expression(SIGN)
        self.check(operand, "number")
        if plain_number and isinstance(operand.node, Constant):
            value = -cast(float, operand.node.value) + 0.0  # adding 0.0 turns -0.0 into 0.0
            return self.build(Constant(value, "number"), start, operand.end)
        return self.build(Negate(operand.node), start, operand.end, operand)

    def _level(self) -> int | None:
        token = self.token
        if token.kind == "symbol":
            if token.value in _COMPARISONS:
                return PREDICATE
            return {"+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT}.get(token.value)
        if token.kind == "keyword":
            if token.value in ("in", "between", "is"):
                return PREDICATE
            if token.value == "not" and self.following().value in ("in", "between"):
                return PREDICATE
            return {"or": OR, "and": AND}.get(token.value)
        return None

    def _infix(self, left: Located, level: int) -> Located:
        if level <= AND:
            return self._logic(left, level)
        if level == PREDICATE:
            return self._predicate(left)
        self.check(left, "number")
        op = cast(ArithmeticOperator, self.advance().value)
        right = self.expression(level + 1)
        self.check(right, "number")
        node = Arithmetic(op, left.node, right.node)
        return self.build(node, left.start, right.end, left, right)

    def _logic(self, left: Located, level: int) -> Located:
        word = self.token.value
        parts = [left]
        while self.at_keyword(word):
            self.advance()
            parts.append(self.expression(level + 1))
        for part in parts:
            self.check(part, "boolean")
        operands = tuple(part.node for part in parts)
        node = Logic("or" if level == OR else "and", operands)
        return self.build(node, left.start, parts[-1].end, *parts)

    def _predicate(self, left: Located) -> Located:
        if self.token.value in _COMPARISONS:
            return self._comparison(left)
        if self.at_keyword("is"):
            return self._null_test(left)
        negated = self.at_keyword("not")
        if negated:
            self.advance()
        if self.at_keyword("in"):
            return self._membership(left, negated=negated)
        return self._between(left, negated=negated)

    def _comparison(self, left: Located) -> Located:
        sign = self.advance()
        right = self.expression(SUM)
        self.check_alike([left, right])
        if sign.value not in ("=", "<>") and known_type(left.node) == "boolean":
            cause = Words("条件只能用 = 或 <> 比较", "conditions are compared by = or <> only")
            self.refuse(sign.start, sign.end, cause)
        node = Comparison(cast(ComparisonOperator, sign.value), left.node, right.node)
        return self.build(node, left.start, right.end, left, right)

    def _null_test(self, left: Located) -> Located:
        self.advance()
        negated = self.at_keyword("not")
        if negated:
            self.advance()
        if not self.at_keyword("null"):
            cause = Words(
                "is 后面只能是 null 或 not null", "after is comes null or not null, nothing else"
            )
            self.refuse(self.token.start, self.token.end, cause)
        end = self.advance().end
        return self.build(NullTest(left.node, negated), left.start, end, left)

    def _between(self, left: Located, *, negated: bool) -> Located:
        self.advance()
        low = self.expression(SUM)
        self.expect_keyword("and")
        high = self.expression(SUM)
        self.check_alike([left, low, high])
        self.refuse_boolean(left)
        node = Between(left.node, low.node, high.node, negated)
        return self.build(node, left.start, high.end, left, low, high)

    def _membership(self, left: Located, *, negated: bool) -> Located:
        self.advance()
        self.expect_symbol("(")
        options = [self._option()]
        while self.at_symbol(","):
            self.advance()
            options.append(self._option())
        end = self.expect_symbol(")").end
        self.check_alike([left, *options])
        constants = tuple(cast(Constant, option.node) for option in options)
        node = Membership(left.node, constants, negated)
        return self.build(node, left.start, end, left, *options)

    def _option(self) -> Located:
        found = self.expression(SUM)
        if not isinstance(found.node, Constant):
            cause = Words(
                "in 的括号里只能写固定的值，如 ('app', 'web')",
                "the list after in holds fixed values only, as in ('app', 'web')",
            )
            self.refuse(found.start, found.end, cause)
        return found

    def _refuse_chain(self) -> NoReturn:
        cause = Words(
            "比较不能连写；用 and 连接，或用 between",
            "comparisons cannot be chained; join them by and, or write between",
        )
        self.refuse(self.token.start, self.token.end, cause)
