"""Tables whose columns stand under one another: by runs of spaces, or by given widths."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, islice
from pathlib import Path

from tenure.words import Words

from .content import Content
from .delimited import checked_encoding, wrong_width
from .encoding import BROKEN, TextLines, broken_bytes, detect_encoding
from .sniffing import find_header
from .table import Cells, ReadOptions, Refuse, usable_names


class FixedWidthTable:
    """A text table of aligned columns."""

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
        """Each row as (line, cells without the spaces around them)."""
        width, header = len(self.columns), self.options.header or 0
        lines = self._lines
        for line, text in enumerate(lines, start=1):
            cells = cut(text, self.options.widths)
            if line <= header or not cells:
                continue
            if len(cells) != width:
                refuse(line, [text.rstrip("\n")], wrong_width(len(cells), width))
            elif lines.dirty and BROKEN.search(text):
                refuse(line, cells, broken_bytes(text, lines.encoding))
            else:
                yield line, cells


def cut(text: str, widths: Sequence[int]) -> list[str]:
    """The cells of one line: by ``widths`` characters each, or at runs of spaces."""
    if not widths:
        return text.split()
    ends = list(accumulate(widths))
    starts = [0, *ends[:-1]]
    if not text.strip():
        return []
    return [text[start:end].strip() for start, end in zip(starts, ends, strict=True)]


def open_fixed_width(path: Path, content: Content, options: ReadOptions) -> FixedWidthTable:
    """The table of a fixed-width file; without a header its columns are ``column_1``…"""
    encoding = checked_encoding(options.encoding) or detect_encoding(path, content)
    lines = TextLines(path, encoding, packed=content.packed)
    first = [cut(text, options.widths) for text in islice(iter(lines), 50)]
    header = options.header
    if header is None:
        header = 0 if options.columns else find_header(first)
    names: Sequence[str] = options.columns
    if not names and header and header <= len(first):
        names = first[header - 1]
    if not names:
        names = [""] * max((len(row) for row in first), default=0)
    settled = replace(
        options, format="fixed_width", encoding=encoding, header=header, columns=tuple(names)
    )
    return FixedWidthTable(path, settled, lines)
