"""Refused rows: why, mended in place, sent again; or taken home as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from tenure.clock import now
from tenure.guard.audit.operations import note
from tenure.record.imports.operations.mapping import load_map
from tenure.record.imports.operations.mending import receive_mended, send_mended
from tenure.record.imports.operations.problems import CannotImportError
from tenure.record.imports.queries import ImportSummary, RefusedRow, refused_page, report_rows
from tenure.web.components.pages import Pages, page_number
from tenure.web.components.sheets import csv_answer
from tenure.web.components.uploads import content_of, handed_in
from tenure.web.imports.acts import send_off
from tenure.web.imports.views.reporting import found
from tenure.web.language import reader_language
from tenure.web.viewer import page, viewer_of
from tenure.words import Words

SIZE = 25
_LONGEST_CELL = 10_000


@page("import.run")
def refused(request: HttpRequest, import_id: int) -> HttpResponse:
    """The refused rows in a table whose cells can be changed."""
    summary = found(import_id)
    report = _report(summary)
    if request.method == "POST":
        return _send(request, summary)
    number = page_number(request.GET.get("page"))
    reason = request.GET.get("reason", "")
    shown = refused_page(import_id, report, start=(number - 1) * SIZE, size=SIZE, reason=reason)
    note(
        "import_rows.viewed",
        by=viewer_of(request),
        at=now(),
        about=f"import:{import_id}",
        detail={"rows": len(shown.rows)},
        address=request.META.get("REMOTE_ADDR", ""),
    )
    context = {
        "one": summary,
        "page": shown,
        "pages": Pages(number, SIZE, shown.total, shown.bounded),
        "reason": reason,
        "grouped": bool(_group_columns(summary, shown.columns)),
    }
    return render(request, "imports/refused.html", context)


@page("import.run")
def refused_file(request: HttpRequest, import_id: int) -> HttpResponseBase:
    """The report as a file that a spreadsheet opens without taking cells for formulas."""
    summary = found(import_id)
    report = _report(summary)
    note(
        "import_rows.exported",
        by=viewer_of(request),
        at=now(),
        about=f"import:{import_id}",
        detail={"rows": summary.tally.refused},
        address=request.META.get("REMOTE_ADDR", ""),
    )
    lines = report.open(encoding="utf-8-sig", errors="surrogateescape", newline="")
    return csv_answer(report.stem, *_table(lines))


@page("import.run")
@require_POST
def mended_file(request: HttpRequest, import_id: int) -> HttpResponse:
    """A report that was mended in a spreadsheet: imported under the same map."""
    [given] = handed_in(request, "files")[:1]
    upload_id = receive_mended(
        import_id,
        given.name or "",
        content_of(given),
        by=viewer_of(request),
        at=now(),
        language=reader_language(),
    )
    send_off(request, upload_id)
    return redirect("imports:running", upload_id)


def _report(summary: ImportSummary) -> Path:
    if summary.report is None or not summary.report.is_file():
        raise CannotImportError(
            Words(
                zh=f"导入 {summary.id} 没有被拒绝的行，或它的报告已不在",
                en=f"import {summary.id} refused no rows, or its report is gone",
            )
        )
    return summary.report


def _send(request: HttpRequest, summary: ImportSummary) -> HttpResponse:
    """Send the chosen rows again, mended as the form says."""
    assert summary.report is not None
    chosen = {int(text) for text in request.POST.getlist("row") if text.isdecimal()}
    columns, rows = report_rows(summary.report)
    kept = list(_chosen(rows, chosen, _group_columns(summary, columns)))
    given = [
        (row.index, row.line, [_cell(request, row, n) for n in range(len(columns))]) for row in kept
    ]
    by, at = viewer_of(request), now()
    upload_id = send_mended(summary.id, columns, given, by=by, at=at, language=reader_language())
    send_off(request, upload_id)
    return redirect("imports:running", upload_id)


def _cell(request: HttpRequest, row: RefusedRow, column: int) -> str:
    return request.POST.get(f"cell-{row.index}-{column}", row.cells[column])[:_LONGEST_CELL]


def _chosen(
    rows: Iterable[RefusedRow], chosen: set[int], group: Sequence[int]
) -> Iterator[RefusedRow]:
    """The chosen rows; where rows make an event together, the others of the same event too."""
    if not group:
        yield from (row for row in rows if row.index in chosen)
        return
    known = list(rows)
    keys = {tuple(row.cells[n] for n in group) for row in known if row.index in chosen}
    yield from (row for row in known if tuple(row.cells[n] for n in group) in keys)


def _group_columns(summary: ImportSummary, columns: Sequence[str]) -> list[int]:
    names = load_map(summary.map_text, summary.file_name).group_by
    return [columns.index(name) for name in names if name in columns]


def _table(lines: io.TextIOBase) -> tuple[Sequence[str], Iterator[Sequence[str]]]:
    """The columns of a report and its rows, read as they are asked for."""
    rows = csv.reader(lines)
    heads = next(rows, [])

    def others() -> Iterator[Sequence[str]]:
        with lines:
            yield from rows

    return heads, others()
