"""CSV and its kin: any delimiter, quotes, line breaks inside quotes, broken rows set aside."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from tenure.words import Words

from ..problems import CannotImportError
from .content import Content
from .encoding import BROKEN, LONGEST_LINE, TextLines, broken_bytes, detect_encoding
from .sniffing import find_header
from .table import Cells, ReadOptions, Refuse, is_blank, usable_names

_MOST_LINES = 1000  # a cell of more lines than this is a quote that was never closed
csv.field_size_limit(LONGEST_LINE)


class DelimitedTable:
    """A text table whose cells stand between delimiters."""

    def __init__(self, path: Path, options: ReadOptions, lines: TextLines) -> None:
        self.path = path
        self.options = options
        self._lines = lines
        self._size = max(path.stat().st_size, 1)
        names = usable_names(options.columns)
        self.columns = names.names
        self.notes: tuple[Words, ...] = tuple(names.notes)

    def progress(self) -> float:
        """The share of the stored bytes read."""
        return min(self._lines.done / self._size, 1.0)

    def rows(self, refuse: Refuse) -> Iterator[tuple[int, Cells]]:
        """Each row as (line it starts on, cells)."""
        return _Reading(self._lines, self.options, len(self.columns), refuse).rows()


class _Reading:
    """One pass over the lines.

    Keeps the lines of the current row: where a quote is opened and never closed, the first
    of them is refused and the others are read again.
    """

    def __init__(self, text: TextLines, options: ReadOptions, width: int, refuse: Refuse) -> None:
        self._text = text
        self._source = iter(text)
        self._delimiter = options.delimiter or ","
        self._width = width
        self._refuse = refuse
        self._skip = options.header or 0
        self._pending: deque[str] = deque()
        self._taken: list[str] = []
        self._read = 0  # lines finished with before the current pass

    def rows(self) -> Iterator[tuple[int, Cells]]:
        """All rows, in as many passes as there are quotes left open."""
        while (yield from self._pass()):
            pass

    def _feed(self) -> Iterator[str]:
        taken, pending = self._taken, self._pending
        while True:
            line = pending.popleft() if pending else next(self._source, None)
            if line is None:
                return
            taken.append(line)
            if len(taken) > _MOST_LINES:
                raise csv.Error
            yield line

    def _pass(self) -> Generator[tuple[int, Cells], None, bool]:
        """Rows until the end (gives False) or a quote left open (gives True)."""
        reader = csv.reader(self._feed(), delimiter=self._delimiter, strict=True)
        taken, text, width, read, skip = (
            self._taken,
            self._text,
            self._width,
            self._read,
            self._skip,
        )
        last = 0
        try:
            for cells in reader:
                end = reader.line_num
                if end - last == 1 and len(cells) == width and not text.dirty:
                    if read + end > skip and (cells[0] or any(cells)):
                        yield read + end, cells
                elif end - last > 1 and len(cells) != width:
                    self._set_aside(read + last)
                    return True
                elif (whole := self._looked_at(read + last + 1, cells)) is not None:
                    yield read + last + 1, whole
                last = end
                taken.clear()
        except csv.Error:
            self._set_aside(read + last)
            return True
        return False

    def _set_aside(self, line: int) -> None:
        """Refuse the first line of the current row and give the others back."""
        self._refuse(
            line + 1,
            _cells_of(self._taken[0], self._delimiter),
            Words(
                zh="引号没有闭合，或单元格过长：检查本行的双引号",
                en="a quote is not closed or a cell is too long: check the quotes of this line",
            ),
        )
        self._pending.extendleft(reversed(self._taken[1:]))
        self._taken.clear()
        self._read = line + 1

    def _looked_at(self, line: int, cells: list[str]) -> Cells | None:
        """The row where it is whole after all; None where it is blank or was refused."""
        if line <= self._skip or is_blank(cells):
            return None
        if len(cells) > self._width and is_blank(cells[self._width :]):
            cells = cells[: self._width]
        if len(cells) != self._width:
            self._refuse(line, cells, wrong_width(len(cells), self._width))
            return None
        broken = next((cell for cell in cells if BROKEN.search(cell)), None)
        if broken is not None and self._text.dirty:
            before = self._delimiter.join(cells).partition(broken)[0]
            self._refuse(line, cells, broken_bytes(before + broken, self._text.encoding))
            return None
        return cells


def _cells_of(line: str, delimiter: str) -> list[str]:
    """A broken line as cells as far as possible, so that it can be mended in the report."""
    try:
        return next(csv.reader([line.rstrip("\n")], delimiter=delimiter), [])
    except csv.Error:
        return [line.rstrip("\n")]


def wrong_width(found: int, wanted: int) -> Words:
    """The reason for a row with too few or too many cells."""
    return Words(
        zh=f"本行有 {found} 个单元格，表头有 {wanted} 列",
        en=f"{found} cells, the header has {wanted}",
    )


def open_delimited(
    path: Path, content: Content, options: ReadOptions, delimiter: str
) -> DelimitedTable:
    """The table of a delimited text file; what ``options`` leaves open is found out."""
    encoding = checked_encoding(options.encoding) or detect_encoding(path, content)
    lines = TextLines(path, encoding, packed=content.packed)
    first = list(islice(csv.reader(islice(iter(lines), 100), delimiter=delimiter), 50))
    header = options.header
    if header is None:
        header = 0 if options.columns else find_header(first)
    names: Sequence[str] = options.columns or _names(first, header)
    settled = replace(
        options,
        format="delimited",
        delimiter=delimiter,
        encoding=encoding,
        header=header,
        columns=tuple(names),
    )
    return DelimitedTable(path, settled, lines)


def _names(first: Sequence[Sequence[str]], header: int) -> Sequence[str]:
    if header and header <= len(first) and first[header - 1]:
        return first[header - 1]
    return [""] * max((len(row) for row in first), default=0)


def checked_encoding(name: str | None) -> str | None:
    """``name`` where it is an encoding.

    Raises:
        CannotImportError: no such encoding.
    """
    if name is None:
        return None
    try:
        "".encode(name)
    except LookupError as problem:
        raise CannotImportError(
            Words(
                zh=f"没有名为 {name} 的编码，常用的有 utf-8、gb18030、utf-16",
                en=f"there is no encoding {name}; common ones are utf-8, gb18030, utf-16",
            )
        ) from problem
    return name
