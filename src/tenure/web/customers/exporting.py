"""Lists of customers as files: CSV line by line, or a workbook; no cell is ever a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from tempfile import TemporaryFile
from typing import IO

from openpyxl import Workbook

Value = str | int | float | None
MOST_ROWS = 1_048_575
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def harmless(value: Value) -> Value:
    """Text that a spreadsheet cannot take for a formula; figures as they are."""
    if not isinstance(value, str):
        return value
    text = _UNFIT.sub("", value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def csv_lines(heads: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterator[str]:
    """The lines of a CSV file that spreadsheets open in the right encoding."""
    yield "\ufeff" + _line(heads)
    for row in rows:
        yield _line(row)


def workbook(heads: Sequence[str], rows: Iterable[Sequence[Value]]) -> IO[bytes]:
    """An XLSX file, open at its beginning; rows beyond what a sheet holds begin another one."""
    book = Workbook(write_only=True)
    sheet = None
    for number, row in enumerate(rows):
        if sheet is None or number % MOST_ROWS == 0:
            sheet = book.create_sheet()
            sheet.freeze_panes = "A2"
            sheet.append([harmless(head) for head in heads])
        sheet.append([harmless(value) for value in row])
    if sheet is None:
        book.create_sheet().append([harmless(head) for head in heads])
    file = TemporaryFile()  # noqa: SIM115  (closed by the answer that sends it)
    book.save(file)
    file.seek(0)
    return file


def _line(cells: Sequence[Value]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([harmless(cell) for cell in cells])
    return out.getvalue()
