"""Finds the separator and the header line of a text table from its first lines."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

DELIMITERS = (",", ";", "\t", "|")
_VALUE = re.compile(
    r"^[-+(]?[¥￥$€£]?\s?\d[\d.,:/\-\sTZ年月日时分秒%)]*$"  # numbers, amounts, dates
    r"|^[\w.+-]+@[\w-]+\.[\w.]+$"
)


@dataclass(frozen=True, slots=True)
class Shape:
    """How the lines fall into cells.

    Attributes:
        delimiter: None = runs of spaces.
        width: cells of most lines; ``share`` of the lines have as many.
        first: whether the first line has.
    """

    delimiter: str | None
    width: int
    share: float
    first: bool


def find_shape(lines: Sequence[str]) -> Shape | None:
    """The likeliest separator of ``lines``, or None where nothing gives columns."""
    shapes = [shape for mark in DELIMITERS if (shape := _delimited_shape(lines, mark))]
    if shapes:
        return max(
            shapes,
            # A decimal comma is in the rows, but not between the names of the header.
            key=lambda shape: (shape.share > 0.8, shape.first, shape.share * shape.width),
        )
    return _spaced_shape(lines)


def _delimited_shape(lines: Sequence[str], delimiter: str) -> Shape | None:
    try:
        rows = [row for row in csv.reader(lines, delimiter=delimiter) if row]
    except csv.Error:
        return None
    return _shape(delimiter, [len(row) for row in rows])


def _spaced_shape(lines: Sequence[str]) -> Shape | None:
    return _shape(None, [len(parts) for line in lines if (parts := line.split())])


def _shape(delimiter: str | None, widths: Sequence[int]) -> Shape | None:
    if not widths:
        return None
    # Of equally common widths the larger: titles above a table are narrower than it.
    width, count = max(Counter(widths).items(), key=lambda pair: (pair[1], pair[0]))
    share = count / len(widths)
    needed = 0.9 if delimiter is None else 0.5
    first = widths[0] == width
    return Shape(delimiter, width, share, first) if width > 1 and share >= needed else None


def find_header(rows: Sequence[Sequence[object]]) -> int:
    """Line of the column names (1 = first), 0 where the first full row holds values already.

    Title lines above the header have fewer cells than the table and are passed over.
    """
    width = max((_filled(row) for row in rows), default=0)
    for line, row in enumerate(rows, start=1):
        if _filled(row) * 2 > width:
            return line if _looks_like_names(row) else 0
    return 1


def _filled(row: Iterable[object]) -> int:
    return sum(1 for cell in row if cell is not None and str(cell).strip())


def _looks_like_names(row: Sequence[object]) -> bool:
    texts = [cell.strip() for cell in row if isinstance(cell, str) and cell.strip()]
    if len(texts) < _filled(row):
        return False  # a workbook's numbers and dates are values
    return not any(_VALUE.match(text) for text in texts)
