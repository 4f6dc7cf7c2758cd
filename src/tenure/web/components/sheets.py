"""Tables as files that a spreadsheet opens without taking any cell for a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from openpyxl import Workbook

Cell = str | int | float | None
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"[-+]?[\d.,\s]+%?")
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What XML cannot hold; a cell with it would break the whole file.
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def disarmed(cell: Cell) -> Cell:
    """The cell; text that a spreadsheet would take for a formula stands behind an apostrophe."""
    if isinstance(cell, str) and cell.startswith(_FORMULA) and not _NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell


def csv_answer(name: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> HttpResponseBase:
    """A CSV file called ``name``, written as it is read; UTF-8 with the mark that Excel needs.

    Bytes that were no UTF-8 where the cells come from (surrogates) stay as they were.
    """
    answer = StreamingHttpResponse(_lines(heads, rows), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def xlsx_answer(
    name: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> HttpResponseBase:
    """An XLSX file called ``name``."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append([disarmed(head) for head in heads])
    for row in rows:
        sheet.append([_writable(disarmed(cell)) for cell in row])
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=_XLSX)


def _lines(heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    yield b"\xef\xbb\xbf"
    for row in (heads, *rows):
        line = io.StringIO()
        csv.writer(line).writerow([disarmed(cell) for cell in row])
        yield line.getvalue().encode("utf-8", "surrogateescape")


def _writable(cell: Cell) -> Cell:
    return _UNWRITABLE.sub("", cell) if isinstance(cell, str) else cell
