"""Values of a map as functions of a row."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from tenure.words import Words

from ..mapping.model import ImportMap, Value
from ..problems import RowProblem
from ..reading.table import Cell, Cells
from ..values.amounts import NumberReader, NumberStyle
from ..values.moment_reader import MomentReader
from ..values.scalars import (
    DateReader,
    boolean_of,
    integer_from,
    money_from,
    number_from,
    text_of,
)
from .columns import Columns

Getter = Callable[[Cells, int], object]
"""From the cells of a row and its line to a value; None where there is none."""
RawGetter = Callable[[Cells, int], Cell]
_PLAIN_MONEY = re.compile(
    r"-?(?:\d{1,14}|\d{1,3}(?:,\d{3}){1,3})(?:\.\d{1,4})?", re.ASCII
)  # the common case needs no arithmetic
DEFAULT_FORMATS = ("ymd", "yyyymmdd")


@dataclass(frozen=True, slots=True)
class Setting:
    """What compiling values needs besides the value."""

    columns: Columns
    map: ImportMap
    zone: ZoneInfo
    currency: str


def compile_raw(value: Value, setting: Setting) -> RawGetter:
    """The cell as read: column, constant, row number or joined parts; blanks and replacements."""
    getter = _source(value, setting)
    blank, values, prefix = value.blank, value.values, value.prefix
    if not (blank or values or (prefix and value.source != "line_number")):
        return getter

    def dressed(cells: Cells, line: int) -> Cell:
        text = text_of(getter(cells, line))
        if text is None or text in blank:
            return None
        return prefix + values.get(text, text)

    return dressed


def _source(value: Value, setting: Setting) -> RawGetter:
    indexes = [setting.columns.index(name, value.place) for name in value.columns]
    if value.source == "constant":
        constant = value.constant
        return lambda _cells, _line: constant
    if value.source == "line_number":
        prefix = value.prefix
        return lambda _cells, line: f"{prefix}{line}"
    if value.source == "parts":
        joiner = value.joiner
        return lambda cells, _line: (
            joiner.join(text for i in indexes if (text := text_of(cells[i])) is not None) or None
        )
    index = indexes[0]
    return lambda cells, _line: cells[index]


def _plain_column(value: Value, setting: Setting) -> int | None:
    """The position of a column that is taken as it is: the common case, made short."""
    if value.source != "column" or value.blank or value.values or value.prefix:
        return None
    return setting.columns.index(value.columns[0], value.place)


def compile_text(value: Value, setting: Setting) -> Callable[[Cells, int], str | None]:
    """The value as text."""
    index = _plain_column(value, setting)
    if index is not None:

        def text(cells: Cells, _line: int) -> str | None:
            cell = cells[index]
            return (cell.strip() or None) if type(cell) is str else text_of(cell)

        return text
    raw = compile_raw(value, setting)
    return lambda cells, line: text_of(raw(cells, line))


def compile_number(
    value: Value, setting: Setting, *, money: bool
) -> Callable[[Cells, int], Decimal | None]:
    """The value as an exact number; products are None where a factor is blank."""
    currency = setting.currency if money else None
    style = NumberStyle(value.decimal)
    if value.source == "multiply":
        number = _product(value, setting, currency, style)
    else:
        number = _single(value, setting, NumberReader(style, currency))

    if not value.negate:
        return number
    return lambda cells, line: None if (found := number(cells, line)) is None else -found


def _single(
    value: Value, setting: Setting, read: NumberReader
) -> Callable[[Cells, int], Decimal | None]:
    index = _plain_column(value, setting)
    if index is not None:
        return lambda cells, _line: read(cells[index])
    raw = compile_raw(value, setting)
    return lambda cells, line: read(raw(cells, line))


def _product(
    value: Value, setting: Setting, currency: str | None, style: NumberStyle
) -> Callable[[Cells, int], Decimal | None]:
    indexes = [setting.columns.index(name, value.place) for name in value.columns]
    readers = [NumberReader(style, currency) for _ in indexes]
    pairs = list(zip(indexes, readers, strict=True))

    def number(cells: Cells, _line: int) -> Decimal | None:
        product = Decimal(1)
        for index, read in pairs:
            factor = read(cells[index])
            if factor is None:
                return None
            product *= factor
        return product

    return number


def compile_moment(value: Value, setting: Setting) -> Callable[[Cells, int], datetime | None]:
    """The value as an aware UTC moment; None where it is blank."""
    zone = ZoneInfo(value.time_zone) if value.time_zone else setting.zone
    raw = compile_raw(value, setting)
    if value.year_from is not None:
        return _with_years(raw, value.year_from, zone)
    read = MomentReader(value.formats or DEFAULT_FORMATS, zone)
    index = _plain_column(value, setting)
    if index is not None:
        return lambda cells, _line: read(cells[index])
    return lambda cells, line: read(raw(cells, line))


def _with_years(
    raw: RawGetter, first_year: int, zone: ZoneInfo
) -> Callable[[Cells, int], datetime | None]:
    """Days and months in order of time: the year goes up where the month falls back."""
    read = MomentReader(("dmy", "mdy"), zone)
    year, latest = first_year, 0

    def moment(cells: Cells, line: int) -> datetime | None:
        nonlocal year, latest
        text = text_of(raw(cells, line))
        if text is None:
            return None
        found = read(f"{text} {year}")
        assert found is not None
        month = found.astimezone(zone).month
        if month < latest:
            year += 1
            found = read(f"{text} {year}")
        latest = month
        return found

    return moment


def compile_field(value: Value, kind: str, setting: Setting) -> Getter:
    """The value as a field of the type ``kind`` (unknown fields keep what the file holds)."""
    if kind == "money":
        return _money(value, setting)
    if kind in {"integer", "number"} or value.source == "multiply":
        number = compile_number(value, setting, money=False)
        if kind == "integer":
            return lambda cells, line: integer_from(number(cells, line))
        return lambda cells, line: number_from(number(cells, line))
    if kind == "boolean":
        raw = compile_raw(value, setting)
        return lambda cells, line: boolean_of(raw(cells, line))
    if kind == "date":
        read = DateReader(MomentReader(value.formats or DEFAULT_FORMATS, ZoneInfo("UTC")))
        raw = compile_raw(value, setting)
        return lambda cells, line: read(raw(cells, line))
    return compile_text(value, setting)


def _money(value: Value, setting: Setting) -> Getter:
    amount = compile_number(value, setting, money=True)
    index = _plain_column(value, setting)
    if index is None or value.negate or value.decimal != ".":
        return lambda cells, line: money_from(amount(cells, line))

    def money(cells: Cells, line: int) -> str | None:
        cell = cells[index]
        if type(cell) is str and _PLAIN_MONEY.fullmatch(cell):
            return cell.replace(",", "")
        return money_from(amount(cells, line))

    return money


def named(problem: RowProblem, name: str) -> RowProblem:
    """The problem, saying which field it is about."""
    return RowProblem(Words(zh=f"{name}：{problem.words.zh}", en=f"{name}: {problem.words.en}"))
