"""The file of refused rows: the columns as they were, the line, and why; to mend and import."""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from tenure.words import Language, Words

from ..reading.content import Content
from ..reading.table import REPORT_MARK, Cell, Cells, ReadOptions, Refuse, Table
from ..values.scalars import text_of

_OWNER_ONLY = 0o600
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"[-+]?[\d.,\s]+%?")
_LINE = Words(zh=f"行号 {REPORT_MARK}", en=f"line {REPORT_MARK}")
_REASON = Words(zh=f"原因 {REPORT_MARK}", en=f"reason {REPORT_MARK}")


class RefusedRows:
    """Writes refused rows; readable by the owner only, since they hold personal data.

    Nothing is made until the first row. ``size`` is the length to come back to when an import
    goes on from a checkpoint.
    """

    def __init__(
        self, path: Path, columns: Sequence[str], language: Language, *, size: int = 0
    ) -> None:
        self.path = path
        self._columns = columns
        self._language = language
        self._descriptor: int | None = None
        self._buffer = io.StringIO()
        self._writer = csv.writer(self._buffer)
        self.size = size

    def add(self, line: int, cells: Cells, reason: Words) -> None:
        """Keep one refused row."""
        if self.size == 0 and self._buffer.tell() == 0:
            self._buffer.write("\ufeff")  # so that Excel reads UTF-8
            names = (_LINE.to(self._language), _REASON.to(self._language))
            self._writer.writerow([*self._columns, *names])
        width = len(self._columns)
        shown = [text_of(cell) or "" for cell in cells[:width]]
        rest = [text_of(cell) or "" for cell in cells[width:]]
        shown += [""] * (width - len(shown))
        why = reason.to(self._language) + (f" + {rest}" if rest else "")
        self._writer.writerow([*shown, line, why])

    def flush(self) -> None:
        """Bring everything to the disk.

        Raises:
            OSError: the disk is full.
        """
        text = self._buffer.getvalue()
        if not text:
            return
        if self._descriptor is None:
            self._descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT, _OWNER_ONLY)
            os.ftruncate(self._descriptor, self.size)
            os.lseek(self._descriptor, self.size, os.SEEK_SET)
        data = text.encode("utf-8", "surrogateescape")
        view = memoryview(data)
        while view:
            view = view[os.write(self._descriptor, view) :]
        os.fsync(self._descriptor)
        self.size += len(data)
        self._buffer.seek(0)
        self._buffer.truncate()

    def close(self) -> None:
        """Let go of the file."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def begun_report(
    folder: Path, import_id: int, name: str, size: int
) -> tuple[Path, int, Words | None]:
    """Where the report of an import goes on: its file, the length to go on from, and a note.

    Where the report of an earlier checkpoint is gone or shorter than it was (restored without
    it, or edited), a new one begins; what is left of the old one stays as it is.

    Args:
        name: the report's file at the checkpoint; empty before there was one.
        size: its length in bytes at the checkpoint.
    """
    path = folder / (name or f"import-{import_id}-refused.csv")
    found = path.stat().st_size if path.is_file() else None
    if size == 0 or (found is not None and found >= size):
        return path, size, None
    number = 2
    while path.exists():
        path = folder / f"import-{import_id}-refused-{number}.csv"
        number += 1
    return path, 0, _begun_anew(path)


def _begun_anew(path: Path) -> Words:
    return Words(
        zh=f"中断前的拒绝行报告已不在或不完整，{path.name} 从中断处重新写起。"
        "需要全部被拒绝的行时，请把原文件再导入一次（已记录的不会重复）",
        en=f"the report of rows refused before the stop is gone or not whole: {path.name} starts "
        "anew from there. For all refused rows import the file once more: what is recorded "
        "already is recognised",
    )


def is_report(content: Content) -> bool:
    """Whether a file is a report of refused rows, mended or not."""
    first = content.head.split(b"\n", 1)[0]
    return content.kind == "text" and REPORT_MARK.encode() in first


class ReportTable:
    """A mended report read again: rows bear the lines they had in the original file."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self.path = table.path
        self.options: ReadOptions = replace(table.options)
        self.columns = table.columns
        self.notes = table.notes
        names = {_LINE.zh, _LINE.en}
        self._line = next((i for i, name in enumerate(table.columns) if name in names), None)

    def progress(self) -> float:
        """The share of the report read."""
        return self._table.progress()

    def rows(self, refuse: Refuse) -> Iterator[tuple[int, Cells]]:
        """Each row under its original line."""
        position = self._line
        for line, cells in self._table.rows(refuse):
            written: Cell = cells[position] if position is not None else None
            number = int(written) if isinstance(written, str) and written.isdecimal() else line
            yield number, [_as_it_was(cell) for cell in cells]


def disarmed(text: str) -> str:
    """A cell for a spreadsheet, which must not take it for a formula: behind an apostrophe.

    Numbers stay as they are. Reading a report takes the apostrophe off again.
    """
    return f"'{text}" if text[:1] in _FORMULA and not _NUMBER.fullmatch(text) else text


def _as_it_was(cell: Cell) -> Cell:
    armed = isinstance(cell, str) and cell[:1] == "'" and cell[1:2] in _FORMULA and cell[1:2]
    return cell[1:] if armed and isinstance(cell, str) else cell
