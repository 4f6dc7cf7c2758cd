"""What every reader gives: columns, and rows with their line numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Protocol

from tenure.words import Words

Cell = str | int | float | bool | Decimal | datetime | date | None
"""One value: text in text files, typed in workbooks, Parquet and JSON."""

Cells = Sequence[Cell]

Refuse = Callable[[int, Cells, Words], None]
"""Called with the line, the cells as read, and the reason, for every row that is not given."""

FORMATS = ("delimited", "fixed_width", "workbook", "parquet", "json_lines", "vcard")
REPORT_MARK = "(tenure)"
"""Columns ending so were added by a refused-rows report and are not part of the row."""


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How to read a file; what is None is found out from the file.

    Attributes:
        format: one of ``FORMATS``.
        header: line of the column names (1 = first), or 0 for a file without one.
        columns: names of the columns where the file has none.
        widths: characters per column of a fixed-width file without separators.
    """

    format: str | None = None
    delimiter: str | None = None
    encoding: str | None = None
    header: int | None = None
    columns: tuple[str, ...] = ()
    sheet: str | None = None
    widths: tuple[int, ...] = ()


class Table(Protocol):
    """An opened file. ``rows`` may be called again: it reads from the start each time."""

    @property
    def path(self) -> Path:
        """Where the file lies."""
        ...

    @property
    def columns(self) -> tuple[str, ...]:
        """A name for every column, none twice."""
        ...

    @property
    def options(self) -> ReadOptions:
        """How the file is read, everything settled."""
        ...

    @property
    def notes(self) -> tuple[Words, ...]:
        """What the reader of the guess should know."""
        ...

    def rows(self, refuse: Refuse) -> Iterator[tuple[int, Cells]]:
        """Each row as (line, cells); rows that cannot be read go to ``refuse`` instead."""
        ...

    def progress(self) -> float:
        """The share of the file read by the latest ``rows``, 0 to 1."""
        ...


@dataclass(slots=True)
class Names:
    """Column names made usable: blank and repeated ones get names of their own."""

    names: tuple[str, ...]
    notes: list[Words] = field(default_factory=list)


def usable_names(raw: Sequence[Cell]) -> Names:
    """Every column with a name of its own: blanks become ``column_N``, repeats ``name (2)``."""
    names: list[str] = []
    notes: list[Words] = []
    for position, cell in enumerate(raw, start=1):
        wanted = "" if cell is None else str(cell).strip().lstrip("\ufeff")
        name = wanted or f"column_{position}"
        number = 2
        while name in names:
            name = f"{wanted or 'column'} ({number})"
            number += 1
        if wanted and name != wanted:
            notes.append(
                Words(
                    zh=f"列名「{wanted}」重复，第二列记作「{name}」",
                    en=f"column name “{wanted}” repeats; the later one is called “{name}”",
                )
            )
        names.append(name)
    return Names(tuple(names), notes)


def is_blank(cells: Cells) -> bool:
    """Whether a row holds nothing at all."""
    return not any(cell is not None and cell != "" for cell in cells)
