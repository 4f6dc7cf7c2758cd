"""What answers look like in a terminal: tables, bars, numbers, dates, and JSON for programs."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec
from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tenure.cli.language import language, say
from tenure.cli.wrapping import wrap
from tenure.words import Words

Align = Literal["left", "right"]
Column = tuple[Words | str, Align]
Cell = str | Text
_EIGHTHS = " ▏▎▍▌▋▊▉█"
_MONTHS = "January February March April May June July August September October November December"
UNKNOWN = "–"
_GAP = 3
"""Cells between two columns of a table."""
_NARROWEST = 14


class _Pipe(Console):
    """A console that lets a closed pipe be heard (errors.py ends the program quietly)."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def console(*, stderr: bool = False, width: int | None = None) -> Console:
    """The terminal, as wide as it is now unless ``width`` says otherwise."""
    return _Pipe(stderr=stderr, width=width, highlight=False, markup=False, emoji=False)


def line(text: Words | str = "", *, style: str = "") -> None:
    """Print one line (or paragraph) of text."""
    screen = console()
    plain = text if isinstance(text, str) else say(text)
    screen.print(Text(wrap(plain, screen.width), style=style))


def heading(text: Words | str) -> None:
    """Print a heading with space above it."""
    line()
    line(text, style="bold")


def note(text: Words | str) -> None:
    """Tell the person something without disturbing what programs read from standard output."""
    console(stderr=True).print(Text(text if isinstance(text, str) else say(text)))


def table(columns: Sequence[Column], rows: Iterable[Sequence[Cell]], *, more: int = 0) -> None:
    """Print a table; ``more`` says how many further rows were left out.

    The last column, where it is text, takes what width is left and is broken as Chinese and
    English are; where that is not enough, the first as well. Nothing is ever cut off: a table
    too wide for the terminal stays too wide.
    """
    screen = console()
    titles = [Text(title if isinstance(title, str) else say(title)) for title, _ in columns]
    cells = [[cell if isinstance(cell, Text) else Text(cell) for cell in row] for row in rows]
    widths = [max(_cells(row[index]) for row in [titles, *cells]) for index in range(len(columns))]
    for index in (-1, 0):
        if columns[index][1] == "left":
            _fit(cells, widths, index, screen.width - _GAP * (len(columns) - 1))
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    for title, (_, align), width in zip(titles, columns, widths, strict=True):
        shown.add_column(title, justify=align, overflow="fold", width=width)
    for row in cells:
        shown.add_row(*row)
    needed = sum(widths) + _GAP * (len(columns) - 1)
    console(width=max(needed, screen.width)).print(shown)
    if more > 0:
        line(Words(zh=f"…… 还有 {more:,} 行", en=f"… and {more:,} more"), style="dim")


def _fit(cells: list[list[Text]], widths: list[int], index: int, room: int) -> None:
    """Break the texts of a column where its table would be wider than ``room``."""
    left = room - (sum(widths) - widths[index])
    widths[index] = min(widths[index], max(left, _NARROWEST))
    for row in cells:
        if not row[index].spans:
            row[index] = Text(wrap(row[index].plain, widths[index]), style=row[index].style)


def _cells(text: Text) -> int:
    return max(cell_len(line) for line in text.plain.split("\n"))


def bar(share: float, width: int = 16, style: str = "cyan") -> Text:
    """A bar for ``share`` of one, ``width`` cells long, exact to an eighth of a cell."""
    eighths = round(max(0.0, min(1.0, share)) * width * 8)
    if eighths == 0 and share > 0:
        eighths = 1
    full, rest = divmod(eighths, 8)
    return Text((_EIGHTHS[8] * full + (_EIGHTHS[rest] if rest else "")).ljust(width), style=style)


def count(number: int | None) -> str:
    """12345 → ``12,345``."""
    return UNKNOWN if number is None else f"{number:,}"


def change(number: int) -> Text:
    """A difference with its sign, green or red; nothing where nothing changed."""
    if number == 0:
        return Text("·", style="dim")
    return Text(f"{number:+,}".replace("-", "−"), style="green" if number > 0 else "red")


def percent(share: float | None) -> str:
    """0.1234 → ``12.3%``."""
    return UNKNOWN if share is None else f"{share:.1%}"


def amount(value: Decimal, currency: str) -> str:
    """An amount of money with its currency: ``1,234.50 CNY``."""
    return f"{value:,.2f} {currency}"


def days(number: float | None) -> str:
    """A length of time in days, with one decimal below ten days."""
    if number is None:
        return UNKNOWN
    text = f"{number:,.1f}" if number < 10 else f"{number:,.0f}"
    return say(Words(zh=f"{text} 天", en=f"{text} days" if text != "1" else "1 day"))


def long_date(day: date) -> str:
    """A date in a sentence: ``2024年5月1日`` or ``1 May 2024``."""
    if language() == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS.split()[day.month - 1]} {day.year}"


def short_date(moment: datetime | None, zone: ZoneInfo) -> str:
    """The date in a table, always the same width: ``2024-05-01``."""
    return UNKNOWN if moment is None else moment.astimezone(zone).date().isoformat()


def short_moment(moment: datetime | None, zone: ZoneInfo) -> str:
    """A moment in a table: ``2024-05-01 13:45``."""
    return UNKNOWN if moment is None else f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"


def print_json(value: object) -> None:
    """Print ``value`` as JSON with readable indentation."""
    text = msgspec.json.format(msgspec.json.encode(value, enc_hook=_plain), indent=2)
    sys.stdout.write(text.decode() + "\n")


def _plain(value: object) -> object:
    if isinstance(value, Words):
        return {"zh": value.zh, "en": value.en}
    if isinstance(value, ZoneInfo):
        return value.key
    raise NotImplementedError(type(value).__name__)
