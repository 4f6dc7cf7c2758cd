"""An expression in words, as a person would say it."""

from __future__ import annotations

from datetime import date

from tenure.definitions.explanation import phrases
from tenure.definitions.explanation.vocabulary import Vocabulary
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
    children,
)
from tenure.definitions.expression.render import render_number, strength
from tenure.definitions.expression.types import common_type, known_type
from tenure.definitions.metric import Unit
from tenure.words import Language, Words


class Speaker:
    """Says expressions in one language with the names of one vocabulary."""

    def __init__(self, vocabulary: Vocabulary, language: Language) -> None:
        self._vocabulary = vocabulary
        self._language = language

    def say(self, node: Node, unit: Unit | None = None) -> str:  # noqa: PLR0911 (one per kind of node)
        """``node`` in words; ``unit`` is what a bare number here is measured in."""
        match node:
            case Constant():
                return self._constant(node, unit)
            case Name(key):
                return self._name(key, node)
            case Arithmetic():
                return self._arithmetic(node, unit)
            case Negate(operand):
                return self._put(phrases.MINUS, self._part(operand, node, unit))
            case Case():
                return self._case(node, unit)
            case Function():
                return self._function(node, unit)
        return self._condition(node)

    def _condition(self, node: Comparison | Between | Membership | NullTest | Logic | Not) -> str:
        match node:
            case Comparison():
                return self._comparison(node, node.op)
            case Between(operand, low, high, negated):
                unit = self._shared_unit(operand, low, high)
                phrase = phrases.NOT_BETWEEN if negated else phrases.BETWEEN
                parts = (self._part(part, node, unit) for part in (operand, low, high))
                return self._put(phrase, *parts)
            case Membership():
                return self._membership(node)
            case NullTest(operand, negated):
                phrase = phrases.PRESENT if negated else phrases.EMPTY
                return self._put(phrase, self._part(operand, node))
            case Logic(op, operands):
                joint = phrases.AND if op == "and" else phrases.OR
                parts = (self._part(part, node) for part in operands)
                return joint.to(self._language).join(parts)
            case Not(operand):
                return self._denied(operand)

    def _put(self, phrase: Words, *parts: str) -> str:
        return phrase.to(self._language).format(**dict(zip("abc", parts, strict=False)))

    def _part(self, node: Node, above: Node, unit: Unit | None = None) -> str:
        """A part in brackets where it would otherwise run into what stands around it."""
        text = self.say(node, unit)
        inner, outer = strength(node), strength(above)
        loose = inner <= outer and bool(children(node))
        chained = isinstance(above, Arithmetic) and node is above.left and inner == outer
        wordy = isinstance(node, Case | Function) and isinstance(above, Arithmetic | Function)
        nested = isinstance(node, Logic) and isinstance(above, Logic)
        plain = isinstance(above, Function) or chained or not loose
        if plain and not (wordy or nested or isinstance(node, Case)):
            return text
        return self._put(phrases.BRACKETS, text)

    def _name(self, key: str, node: Name) -> str:
        name = self._vocabulary.name(key, self._language)
        return self._put(phrases.HOLDS, name) if node.type == "boolean" else name

    def _constant(self, constant: Constant, unit: Unit | None) -> str:
        value = constant.value
        if isinstance(value, bool):
            return (phrases.TRUE if value else phrases.FALSE).to(self._language)
        if isinstance(value, str):
            return f"“{value}”"
        if isinstance(value, date):
            return self._date(value)
        number = render_number(value)
        if unit != "days":
            return number
        return self._put(phrases.DAY if value == 1 else phrases.DAYS, number)

    def _date(self, day: date) -> str:
        if self._language == "zh":
            return f"{day.year}年{day.month}月{day.day}日"
        return f"{day.day} {phrases.MONTHS.split()[day.month - 1]} {day.year}"

    def _arithmetic(self, node: Arithmetic, unit: Unit | None) -> str:
        # A factor is a bare number even where the product is measured in days.
        inner = unit or self._vocabulary.unit(node) if node.op in "+-" else None
        left = self._part(node.left, node, inner)
        right = self._part(node.right, node, inner)
        return f"{left} {phrases.SIGNS[node.op]} {right}"

    def _shared_unit(self, *nodes: Node) -> Unit | None:
        return next(filter(None, map(self._vocabulary.unit, nodes)), None)

    def _comparison(self, node: Comparison, op: str) -> str:
        unit = self._shared_unit(node.left, node.right)
        kind = common_type([node.left, node.right])
        table = phrases.RATIOS if unit == "ratio" else phrases.AMOUNTS
        if kind == "date":
            table = phrases.DATES
        elif kind == "text":
            table = phrases.TEXTS
        left, right = self._part(node.left, node, unit), self._part(node.right, node, unit)
        return self._put(table[op], left, right)

    def _membership(self, node: Membership) -> str:
        unit = self._vocabulary.unit(node.operand)
        operand = self._part(node.operand, node)
        options = [self.say(option, unit) for option in node.options]
        if len(options) == 1:
            return self._put(phrases.TEXTS["<>" if node.negated else "="], operand, options[0])
        phrase = phrases.NONE_OF if node.negated else phrases.ONE_OF
        listed = phrases.COMMA.to(self._language).join(options)
        if self._language == "zh" and known_type(node.operand) != "text":
            listed = f" {listed} "
        return self._put(phrase, operand, listed)

    def _denied(self, operand: Node) -> str:
        """``not``: said by its opposite where three-valued logic has one."""
        match operand:
            case Comparison():
                return self._comparison(operand, phrases.INVERSE[operand.op])
            case Name(key):
                name = self._vocabulary.name(key, self._language)
                return self._put(phrases.HOLDS_NOT, name)
            case Between(inner, low, high, negated):
                return self.say(Between(inner, low, high, not negated))
            case Membership(inner, options, negated):
                return self.say(Membership(inner, options, not negated))
            case NullTest(inner, negated):
                return self.say(NullTest(inner, not negated))
        return self._put(phrases.DENIED, self.say(operand))

    def _case(self, node: Case, unit: Unit | None) -> str:
        parts = [
            self._put(phrases.BRANCH, self.say(condition), self._part(value, node, unit))
            for condition, value in node.branches
        ]
        if node.otherwise is None:
            parts.append(phrases.OTHERWISE_NOTHING.to(self._language))
        else:
            parts.append(self._put(phrases.OTHERWISE, self._part(node.otherwise, node, unit)))
        return phrases.BRANCHES.to(self._language).join(parts)

    def _function(self, node: Function, unit: Unit | None) -> str:
        unit = unit or self._vocabulary.unit(node)
        parts = [self._part(part, node, unit) for part in node.arguments]
        if node.name == "abs":
            return self._put(phrases.ABSOLUTE, parts[0])
        if node.name == "lower":
            return self._put(phrases.LOWER, parts[0])
        if node.name == "coalesce":
            text = parts[-1]
            for part in reversed(parts[:-1]):
                text = self._put(phrases.FALLBACK, part, text)
            return text
        two, many = (
            (phrases.GREATER, phrases.GREATEST)
            if node.name == "greatest"
            else (phrases.LESSER, phrases.LEAST)
        )
        listed = phrases.COMMA.to(self._language).join(parts[:-1])
        return self._put(two if len(parts) == 2 else many, listed, parts[-1])
