"""Conditions of a map as functions of a row."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from tenure.words import Words

from ..mapping.model import CellTest, Condition
from ..problems import RowProblem
from ..reading.table import Cell, Cells
from ..values.amounts import NumberReader, NumberStyle
from ..values.scalars import text_of
from .columns import Columns

Holds = Callable[[Cells], bool]


def compile_condition(condition: Condition, columns: Columns) -> Holds | None:
    """The function that says whether a row meets ``condition``; None = every row does."""
    if not condition:
        return None
    groups = [[_compile_test(test, columns) for test in group] for group in condition]
    if len(groups) == 1 and len(groups[0]) == 1:
        return groups[0][0]
    return lambda cells: any(all(holds(cells) for holds in group) for group in groups)


def _compile_test(test: CellTest, columns: Columns) -> Holds:
    index = columns.index(test.column, test.place)
    holds = _test(test)
    if test.negated:
        return lambda cells: not holds(cells[index])
    return lambda cells: holds(cells[index])


def _test(test: CellTest) -> Callable[[Cell], bool]:
    options = test.options
    if test.test in {"above", "below", "at_least", "at_most"}:
        return _numeric_test(test)
    if test.test == "empty":
        return lambda cell: text_of(cell) is None
    if test.test == "starts_with":
        return lambda cell: (text_of(cell) or "").startswith(options)
    if test.test == "contains":
        return lambda cell: any(option in (text_of(cell) or "") for option in options)
    allowed = frozenset(option.strip() for option in options)
    return lambda cell: (text_of(cell) or "") in allowed


def _numeric_test(test: CellTest) -> Callable[[Cell], bool]:
    limit = Decimal(test.options[0])
    read = NumberReader(NumberStyle())

    def number(cell: Cell) -> Decimal | None:
        try:
            return read(cell)
        except RowProblem as problem:
            raise RowProblem(
                Words(
                    zh=f"列「{test.column}」：{problem.words.zh}",
                    en=f"column “{test.column}”: {problem.words.en}",
                )
            ) from problem

    compare: dict[str, Callable[[Decimal], bool]] = {
        "above": lambda value: value > limit,
        "below": lambda value: value < limit,
        "at_least": lambda value: value >= limit,
        "at_most": lambda value: value <= limit,
    }
    holds = compare[test.test]
    return lambda cell: (value := number(cell)) is not None and holds(value)
