"""The refused rows of an import, as they stand in its report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..jobs import import_of
from ..models import Import, Upload
from ..operations.reading import open_table
from ..operations.reading.table import REPORT_MARK

_COUNTED = 100_000


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """One refused row.

    Attributes:
        index: its place in the report, from 0; names it for good.
        line: in the file, as written in the report.
    """

    index: int
    line: str
    cells: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class RefusedPage:
    """A page of refused rows that were not sent again yet.

    Attributes:
        total: how many there are, of the first hundred thousand rows of the report.
        bounded: the report has more rows than were looked at.
        reasons: reasons and how many rows have each, the most frequent first.
        sent: rows that were mended and sent again.
    """

    columns: tuple[str, ...]
    rows: list[RefusedRow]
    total: int
    bounded: bool
    reasons: list[tuple[str, int]]
    sent: int


def refused_page(
    import_id: int, report: Path, *, start: int, size: int, reason: str = ""
) -> RefusedPage:
    """The refused rows of an import from ``start`` on that still wait.

    Args:
        import_id: whose.
        report: its report (:class:`ImportSummary`).
        start: rows to pass over.
        size: at most so many.
        reason: only those refused for it.
    """
    sent = sent_rows(import_id)
    columns, rows = report_rows(report)
    reasons: Counter[str] = Counter()
    shown: list[RefusedRow] = []
    total, bounded = 0, False
    for row in rows:
        if row.index >= _COUNTED:
            bounded = True
            break
        if row.index in sent:
            continue
        reasons[row.reason] += 1
        if reason and row.reason != reason:
            continue
        if start <= total < start + size:
            shown.append(row)
        total += 1
    return RefusedPage(columns, shown, total, bounded, reasons.most_common(12), len(sent))


def sent_rows(import_id: int) -> set[int]:
    """Places in the report of rows that were mended and sent again.

    Those whose import was undone since wait anew.
    """
    uploads = Upload.objects.filter(mends=import_id, discarded_at__isnull=True)
    return {index for upload in uploads if not _undone(upload) for index in upload.mended_lines}


def _undone(upload: Upload) -> bool:
    become = import_of(upload)
    return become is not None and become.status == Import.Status.UNDONE


def report_rows(report: Path) -> tuple[tuple[str, ...], Iterator[RefusedRow]]:
    """The columns of a report that are the file's own, and all its rows."""
    table = open_table(report)
    own = sum(not name.endswith(REPORT_MARK) for name in table.columns)
    columns = table.columns[:own]

    def rows() -> Iterator[RefusedRow]:
        for index, (_, cells) in enumerate(table.rows(lambda *_: None)):
            texts = tuple("" if cell is None else str(cell) for cell in cells)
            line, reason = (*texts[own:], "", "")[:2]
            yield RefusedRow(index, line, texts[:own], reason)

    return columns, rows()
