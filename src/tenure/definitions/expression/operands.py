"""Operands: literals, names, functions, ``case`` and parentheses."""

from __future__ import annotations

import re
from datetime import date
from typing import cast

from tenure.definitions.base import nearest_name
from tenure.definitions.expression.reading import Located, TokenReader
from tenure.definitions.expression.render import OR
from tenure.definitions.expression.tokens import Token
from tenure.definitions.expression.tree import (
    Case,
    Constant,
    Function,
    FunctionName,
    Name,
)
from tenure.definitions.expression.types import common_type
from tenure.words import Words

FUNCTIONS: dict[str, tuple[int, int]] = {
    "coalesce": (2, 20),
    "greatest": (2, 20),
    "least": (2, 20),
    "abs": (1, 1),
    "lower": (1, 1),
}
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NULL = Words(
    "null 只能用在 is null 和 is not null 里",
    "null stands only in is null and is not null",
)


class OperandReader(TokenReader):
    """Reads one operand; the parser above it reads the operators between them."""

    def expression(self, least: int) -> Located:
        """An expression whose operators bind at least as tightly as ``least``."""
        raise NotImplementedError

    def operand(self) -> Located:
        """One operand."""
        token = self.token
        if token.kind == "name":
            return self._named()
        if token.kind in ("number", "duration"):
            self.advance()
            return self.build(Constant(float(token.value), "number"), token.start, token.end)
        if token.kind == "string":
            self.advance()
            return self.build(Constant(token.value, "text"), token.start, token.end)
        if token.kind == "keyword" and token.value in ("true", "false"):
            self.advance()
            node = Constant(token.value == "true", "boolean")
            return self.build(node, token.start, token.end)
        if self.at_symbol("("):
            return self._parentheses()
        if self.at_keyword("null"):
            self.refuse(token.start, token.end, _NULL)
        if not self.at_keyword("case"):
            self.refuse_token("名称、数值或括号", "a name, a value or a parenthesis")
        return self._case()

    def _parentheses(self) -> Located:
        start = self.advance().start
        inner = self.expression(OR)
        end = self.expect_symbol(")").end
        return Located(inner.node, start, end, inner.depth)

    def _named(self) -> Located:
        token = self.advance()
        if self.at_symbol("("):
            return self._function(token)
        if self.token.kind == "string" and token.value.lower() == "date":
            return self._date(token)
        if self.names is None:
            return self.build(Name(token.value), token.start, token.end)
        if token.value in self.reasons:
            self.refuse(token.start, token.end, self.reasons[token.value])
        if token.value not in self.names:
            nearest = nearest_name(token.value, self.names)
            cause = Words(f"没有名为 {token.value} 的值", f"nothing is named {token.value}")
            self.refuse(token.start, token.end, cause, nearest=nearest)
        return self.build(Name(token.value, self.names[token.value]), token.start, token.end)

    def _date(self, word: Token) -> Located:
        token = self.advance()
        try:
            day = date.fromisoformat(token.value) if _DATE.fullmatch(token.value) else None
        except ValueError:
            day = None
        if day is None:
            cause = Words(
                "日期要写成 date '2024-05-01'，并且确有这一天",
                "a date is written date '2024-05-01' and must be a day that exists",
            )
            self.refuse(token.start, token.end, cause)
        return self.build(Constant(day, "date"), word.start, token.end)

    def _function(self, word: Token) -> Located:
        name = word.value.lower()
        if name not in FUNCTIONS:
            allowed = ", ".join(FUNCTIONS)
            cause = Words(
                f"没有函数 {word.value}；可用的函数：{allowed}",
                f"there is no function {word.value}; the functions are {allowed}",
            )
            self.refuse(word.start, word.end, cause, nearest=nearest_name(name, FUNCTIONS))
        self.advance()
        arguments = [self.expression(OR)]
        while self.at_symbol(","):
            self.advance()
            arguments.append(self.expression(OR))
        end = self.expect_symbol(")").end
        self._check_arguments(name, arguments, word.start, end)
        node = Function(cast(FunctionName, name), tuple(part.node for part in arguments))
        return self.build(node, word.start, end, *arguments)

    def _check_arguments(self, name: str, arguments: list[Located], start: int, end: int) -> None:
        fewest, most = FUNCTIONS[name]
        if not fewest <= len(arguments) <= most:
            wanted = str(fewest) if fewest == most else f"{fewest}-{most}"
            cause = Words(f"{name} 要 {wanted} 个参数", f"{name} takes {wanted} arguments")
            self.refuse(start, end, cause)
        if name == "abs":
            self.check(arguments[0], "number")
        elif name == "lower":
            self.check(arguments[0], "text")
        else:
            self.check_alike(arguments)
            if name != "coalesce":
                for argument in arguments:
                    self.refuse_boolean(argument)

    def _case(self) -> Located:
        start = self.advance().start
        branches = [self._branch()]
        while self.at_keyword("when"):
            branches.append(self._branch())
        otherwise = self._otherwise()
        end = self.expect_keyword("end").end
        values = [value for _, value in branches] + ([otherwise] if otherwise else [])
        if common_type([value.node for value in values]):
            self.check_alike(values)
        node = Case(
            tuple((condition.node, value.node) for condition, value in branches),
            otherwise.node if otherwise else None,
        )
        conditions = [condition for condition, _ in branches]
        return self.build(node, start, end, *conditions, *values)

    def _branch(self) -> tuple[Located, Located]:
        self.expect_keyword("when")
        condition = self.expression(OR)
        self.check(condition, "boolean")
        self.expect_keyword("then")
        return condition, self.expression(OR)

    def _otherwise(self) -> Located | None:
        """The value after ``else``; ``else null`` says the same as no ``else``."""
        if not self.at_keyword("else"):
            return None
        self.advance()
        if self.at_keyword("null"):
            self.advance()
            return None
        return self.expression(OR)
