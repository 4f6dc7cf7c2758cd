"""XLSX workbooks, streamed row by row."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import cast

from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from tenure.words import Words

from ..problems import CannotImportError, did_you_mean
from .sniffing import find_header
from .table import Cell, Cells, ReadOptions, Refuse, is_blank, usable_names

_LARGEST_TEXTS = 1 << 30  # the shared texts of a workbook lie in memory whole


class WorkbookTable:
    """One sheet of a workbook."""

    def __init__(self, path: Path, options: ReadOptions, rows: int, notes: list[Words]) -> None:
        self.path = path
        self.options = options
        names = usable_names(options.columns)
        self.columns = names.names
        self.notes: tuple[Words, ...] = (*notes, *names.notes)
        self._total = max(rows, 1)
        self._done = 0

    def progress(self) -> float:
        """The share of the sheet's rows read."""
        return min(self._done / self._total, 1.0)

    def rows(self, refuse: Refuse) -> Iterator[tuple[int, Cells]]:
        """Each row as (row of the sheet, typed cells)."""
        header, width = self.options.header or 0, len(self.columns)
        for line, cells in enumerate(sheet_rows(self.path, self.options.sheet), start=1):
            self._done = line
            if line > header and not is_blank(cells):
                yield line, (cells[:width] + (None,) * (width - len(cells)))


def sheet_rows(path: Path, sheet: str | None) -> Iterator[tuple[Cell, ...]]:
    """The rows of a sheet (the first one where none is named)."""
    with _opened(path) as book:
        rows = book[sheet or book.sheetnames[0]].iter_rows(values_only=True)
        yield from cast(Iterator[tuple[Cell, ...]], rows)


@contextmanager
def _opened(path: Path) -> Iterator[Workbook]:
    """The workbook, by what it holds: openpyxl itself goes by the name's ending."""
    with path.open("rb") as file:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # openpyxl warns of styles it does not keep
                book = load_workbook(file, read_only=True, data_only=True)
        except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError) as problem:
            raise _damaged(path) from problem
        try:
            yield book
        finally:
            book.close()


def open_workbook(path: Path, options: ReadOptions) -> WorkbookTable:
    """The table of an XLSX file; the first sheet where ``options`` names none.

    Raises:
        CannotImportError: damaged, too large to unpack, or no such sheet.
    """
    _check_size(path)
    sheets, total = _sheets(path, options.sheet)
    sheet = options.sheet or sheets[0]
    first = list(islice(sheet_rows(path, sheet), 50))
    header = options.header
    if header is None:
        header = 0 if options.columns else find_header(first)
    names = options.columns or _names(first, header)
    if not names:
        raise CannotImportError(
            Words(
                zh=f"{path.name} 的工作表「{sheet}」是空的",
                en=f"{path.name}: sheet {sheet} is empty",
            )
        )
    notes = []
    if len(sheets) > 1 and options.sheet is None:
        others = "、".join(sheets[1:])
        notes.append(
            Words(
                zh=f"读取第一个工作表「{sheet}」，未读：{others}",
                en=f"reading the first sheet “{sheet}”; not read: {', '.join(sheets[1:])}",
            )
        )
    settled = replace(options, format="workbook", header=header, columns=names, sheet=sheet)
    return WorkbookTable(path, settled, total, notes)


def _names(first: Sequence[Sequence[Cell]], header: int) -> tuple[str, ...]:
    if header and header <= len(first):
        cells = list(first[header - 1])
        while cells and cells[-1] is None:
            cells.pop()
        return tuple("" if cell is None else str(cell) for cell in cells)
    return ("",) * max((len(row) for row in first), default=0)


def _check_size(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            texts = sum(
                entry.file_size
                for entry in archive.infolist()
                if entry.filename.endswith("sharedStrings.xml")
            )
    except zipfile.BadZipFile as problem:
        raise _damaged(path) from problem
    if texts > _LARGEST_TEXTS:
        raise CannotImportError(
            Words(
                zh=f"{path.name} 的文本超过 1 GB，请另存为 CSV 再导入",
                en=f"{path.name} holds more than 1 GB of text: save it as CSV and import that",
            )
        )


def _damaged(path: Path) -> CannotImportError:
    return CannotImportError(
        Words(
            zh=f"{path.name} 已损坏或不是 XLSX 工作簿，请用表格软件打开并另存",
            en=f"{path.name} is damaged or not an XLSX workbook: open it and save it again",
        )
    )


def _sheets(path: Path, wanted: str | None) -> tuple[list[str], int]:
    """The sheets, and the rows of the one wanted."""
    with _opened(path) as book:
        names = list(book.sheetnames)
        if wanted is not None and wanted not in names:
            hint = did_you_mean(wanted, names)
            raise CannotImportError(
                Words(
                    zh=f"{path.name} 没有工作表「{wanted}」{hint.zh}",
                    en=f"{path.name} has no sheet “{wanted}”{hint.en}",
                )
            )
        return names, book[wanted or names[0]].max_row or 0
