"""Cells as text, whole numbers, numbers, truth values and dates."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from tenure.words import Words

from ..problems import RowProblem
from ..reading.table import Cell
from .moment_reader import MomentReader
from .moments import clean

_TRUE = frozenset(("true", "t", "yes", "y", "1", "是", "有", "对", "真", "已", "√", "on"))
_FALSE = frozenset(("false", "f", "no", "n", "0", "否", "无", "不", "假", "未", "×", "off"))
_FOUR_DECIMALS = Decimal("0.0001")


def text_of(cell: Cell) -> str | None:
    """A cell as text without the spaces around it; None where nothing is left."""
    if isinstance(cell, str):
        return cell.strip() or None
    if cell is None:
        return None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and cell.tzinfo is not None:
        return cell.astimezone(UTC).isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def boolean_of(cell: Cell) -> bool | None:
    """yes and no in the usual words of both languages.

    Raises:
        RowProblem: another word.
    """
    if isinstance(cell, bool):
        return cell
    text = text_of(cell)
    if text is None:
        return None
    word = clean(text).casefold()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise RowProblem(Words(zh=f"「{text}」不是「是」或「否」", en=f"“{text}” is not yes or no"))


def integer_from(number: Decimal | None) -> int | None:
    """A whole number.

    Raises:
        RowProblem: it has a fraction.
    """
    if number is None:
        return None
    whole = int(number)
    if whole != number:
        raise RowProblem(Words(zh=f"「{number}」不是整数", en=f"“{number}” is not a whole number"))
    return whole


def money_from(number: Decimal | None) -> str | None:
    """An amount with the four decimals that the log keeps, rounded half to even."""
    if number is None:
        return None
    text = format(number, "f")
    if len(text.partition(".")[2]) > 4:
        return format(number.quantize(_FOUR_DECIMALS), "f")
    return text


def number_from(number: Decimal | None) -> float | int | None:
    """A number as JSON holds it."""
    if number is None:
        return None
    whole = int(number)
    return whole if whole == number else float(number)


class DateReader:
    """Reads a column of days."""

    def __init__(self, moments: MomentReader) -> None:
        self._moments = moments

    def __call__(self, cell: Cell) -> str | None:
        """The day as ``YYYY-MM-DD``; ``moments`` reads in UTC, so the day is as written."""
        moment = self._moments(cell)
        return None if moment is None else moment.date().isoformat()
