"""Reads the moments of a column fast: days and times of day are remembered apart."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tenure.words import Words

from ..problems import RowProblem
from ..reading.table import Cell
from .moments import clean, in_words, reader_of

_REMEMBERED = 200_000
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?")
_DAY = timedelta(days=1)


class MomentReader:
    """Reads the moments of one column.

    Args:
        formats: tried in this order.
        zone: of moments that name none themselves.
    """

    def __init__(self, formats: tuple[str, ...], zone: ZoneInfo) -> None:
        self.formats = formats
        self._readers = [reader_of(name) for name in formats]
        self._zone = zone
        self._known: dict[Cell, datetime] = {}
        self._days: dict[str, datetime | None] = {}
        self._clocks: dict[str, timedelta | None] = {}

    def __call__(self, cell: Cell) -> datetime | None:
        """The aware UTC moment of ``cell``; None where it is blank.

        Raises:
            RowProblem: no format fits.
        """
        if type(cell) is str:
            day, _, clock = cell.partition(" ")
            start = self._days[day] if day in self._days else self._start_of(day)
            passed = self._clocks[clock] if clock in self._clocks else self._passed(clock)
            if start is not None and passed is not None:
                return start + passed
        known = self._known.get(cell)
        return known if known is not None else self._whole(cell)

    def _start_of(self, text: str) -> datetime | None:
        """Midnight of a day written alone, in UTC; None where its offset changes that day."""
        if len(self._days) >= _REMEMBERED:
            self._days.clear()
        start = next((moment for read in self._readers if (moment := read(text))), None)
        if start is None or start.tzinfo is not None or start.time() != time():
            self._days[text] = None
            return None
        local = start.replace(tzinfo=self._zone)
        if not 1 < start.year < 9999 or local.utcoffset() != (local + _DAY).utcoffset():
            self._days[text] = None
            return None
        self._days[text] = local.astimezone(UTC)
        return self._days[text]

    def _passed(self, text: str) -> timedelta | None:
        """Time since midnight of a plain time of day; None where it is written otherwise."""
        if len(self._clocks) >= _REMEMBERED:
            self._clocks.clear()
        found = _CLOCK.fullmatch(text)
        passed = None
        if found is not None:
            hour, minute, second = (int(part or 0) for part in found.groups())
            passed = timedelta(hours=hour, minutes=minute, seconds=second)
        elif not text:
            passed = timedelta()
        self._clocks[text] = passed
        return passed

    def _whole(self, cell: Cell) -> datetime | None:
        moment = self._read(cell)
        if moment is None:
            return None
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=self._zone)
        try:
            moment = moment.astimezone(UTC)
        except OverflowError as problem:
            raise self._problem(str(cell)) from problem
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known[cell] = moment
        return moment

    def _read(self, cell: Cell) -> datetime | None:
        if isinstance(cell, datetime):
            return cell
        if isinstance(cell, date):
            return datetime.combine(cell, time())
        text = clean(_text_of(cell))
        if not text:
            return None
        for read in self._readers:
            moment = read(text)
            if moment is not None:
                return moment
        raise self._problem(text)

    def _problem(self, text: str) -> RowProblem:
        told = [in_words(name) for name in self.formats]
        return RowProblem(
            Words(
                zh=f"日期「{text}」不符合格式 {'、'.join(one.zh for one in told)}",
                en=f"date “{text}” does not fit {', '.join(one.en for one in told)}",
            )
        )


def _text_of(cell: Cell) -> str:
    """Whole numbers of workbooks and Parquet without their ``.0``."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
