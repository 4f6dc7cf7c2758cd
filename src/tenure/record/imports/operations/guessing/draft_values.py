"""Drafts the values of events: moments, amounts, fields, refunds."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from tenure.words import Words

from ..reading.table import Cell, Table
from ..values.moment_guess import guess_moments
from .profiling import ColumnProfile
from .roles import Roles

_FURTHER_ROWS = 300_000
Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Question:
    """What only a person can say.

    Attributes:
        path: where the answer goes in the document.
        choices: (label, value) in the order to offer them; empty = any event type.
    """

    words: Words
    path: tuple[str | int, ...]
    choices: tuple[tuple[Words, object], ...] = ()


@dataclass(slots=True)
class Findings:
    """What is learnt while drafting: meanings of columns, problems, questions."""

    meanings: dict[str, Words] = field(default_factory=dict)
    problems: list[Words] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)


class ValueDraft:
    """Drafts values from the columns found."""

    def __init__(self, roles: Roles, table: Table, findings: Findings) -> None:
        self._roles = roles
        self._table = table
        self.meanings = findings.meanings
        self.problems = findings.problems
        self.questions = findings.questions

    def no_moment(self) -> str:
        """Ask which column is the moment."""
        self.questions.append(
            Question(
                Words(zh="哪一列是发生时间？", en="which column says when it happened?"),
                ("events", 0, "at"),
                tuple((Words(zh=name, en=name), name) for name in self._table.columns),
            )
        )
        return "?"

    def moment(self, column: ColumnProfile, event: int) -> object:
        """The moment of the event at position ``event`` of the map."""
        guess = column.moments
        if guess.question is not None:
            guess = guess_moments([*column.cells, *self._further(column)])
        self.meanings[column.name] = Words(zh="发生时间", en="when it happened")
        if guess.share < 1:
            self.problems.append(
                Words(
                    zh=f"列「{column.name}」样本中 {1 - guess.share:.1%} 不是日期，这些行会被拒绝",
                    en=f"{1 - guess.share:.1%} of the sample of “{column.name}” are no dates: "
                    "those rows will be refused",
                )
            )
        if guess.question is not None:
            labels = (
                Words(zh="日在前（日/月/年）", en="day first (day/month/year)"),
                Words(zh="月在前（月/日/年）", en="month first (month/day/year)"),
            )
            values = [list(choice) for choice in guess.choices]
            self.questions.append(
                Question(
                    guess.question,
                    ("events", event, "at", "format"),
                    tuple(zip(labels, values, strict=True)),
                )
            )
            return {"column": column.name, "format": None}
        if guess.formats == ("ymd",) or not guess.formats:
            return column.name
        if len(guess.formats) > 1:
            self.problems.append(
                Words(
                    zh=f"列「{column.name}」混用 {len(guess.formats)} 种日期写法："
                    f"{'、'.join(guess.formats)}",
                    en=f"“{column.name}” mixes {len(guess.formats)} ways to write dates: "
                    f"{', '.join(guess.formats)}",
                )
            )
        return {"column": column.name, "format": list(guess.formats)}

    def _further(self, column: ColumnProfile) -> list[Cell]:
        """More different cells of a column whose sample does not tell day from month."""
        index = self._table.columns.index(column.name)
        rows = self._table.rows(lambda _line, _cells, _why: None)
        return list({cells[index] for _, cells in islice(rows, _FURTHER_ROWS)})

    def fields(self, *, grouped: bool) -> Document:
        """The fields of an order; sums and largest lines where rows are ``grouped``."""
        roles = self._roles
        fields: Document = {}
        if roles.order is not None:
            fields["order_id"] = roles.order.name
            self.meanings.setdefault(roles.order.name, Words(zh="订单号", en="order number"))
        amount = self._amount()
        if amount is not None:
            fields["amount"] = {"sum": amount} if grouped else amount
        if roles.quantity is not None:
            fields["quantity"] = {"sum": roles.quantity.name} if grouped else roles.quantity.name
            self.meanings[roles.quantity.name] = Words(zh="数量", en="quantity")
        for key, column in roles.fields.items():
            by_size = grouped and amount is not None
            fields[key] = {"largest": column.name, "by": amount} if by_size else column.name
            self.meanings[column.name] = Words(zh=f"字段 {key}", en=f"field {key}")
        return fields

    def _amount(self) -> object | None:
        roles = self._roles
        if roles.amount is not None:
            self.meanings[roles.amount.name] = Words(zh="金额", en="amount")
            self._tell_odd(roles.amount)
            return _number(roles.amount)
        if roles.price is None:
            return None
        self.meanings[roles.price.name] = Words(zh="单价", en="unit price")
        self._tell_odd(roles.price)
        if roles.quantity is None:
            return _number(roles.price)
        product: Document = {"multiply": [roles.quantity.name, roles.price.name]}
        return product | ({"decimal": ","} if roles.price.style.decimal == "," else {})

    def _tell_odd(self, column: ColumnProfile) -> None:
        """Say how many cells are no numbers."""
        if odd := len(column.texts) - len(column.numbers):
            self.problems.append(
                Words(
                    zh=f"列「{column.name}」样本中 {odd:,} 个值不是数字，这些行会被拒绝",
                    en=f"{odd:,} values in the sample of “{column.name}” are no numbers: "
                    "their rows will be refused",
                )
            )

    def refund(self, event: Document) -> Document | None:
        """A rule for rows below zero, where there are some."""
        roles = self._roles
        signed = [column for column in (roles.amount, roles.quantity) if column is not None]
        column = next((one for one in signed if one.has_negatives), None)
        if column is None:
            return None
        self.problems.append(
            Words(
                zh=f"「{column.name}」有负数：这些行记作退款（order.refunded）",
                en=f"“{column.name}” has negatives: those rows become order.refunded",
            )
        )
        fields = {key: event["fields"][key] for key in ("order_id",) if key in event["fields"]}
        amount = event["fields"].get("amount")
        if amount is not None:
            fields["amount"] = _negated(amount)
        return {
            "type": "order.refunded",
            "when": {column.name: {"below": 0}},
            "at": event["at"],
            "fields": fields,
        }


def _number(column: ColumnProfile) -> object:
    if column.style.decimal == ",":
        return {"column": column.name, "decimal": ","}
    return column.name


def _negated(amount: object) -> Document:
    if isinstance(amount, str):
        return {"column": amount, "negate": True}
    assert isinstance(amount, dict)
    if "sum" in amount:
        inner = amount["sum"]
        return {"sum": _negated(inner)}
    return {**amount, "negate": True}
