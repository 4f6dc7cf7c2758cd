"""The list as a file, by the right to export; noted in the audit with its number of rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase

from tenure.clock import now
from tenure.derive.customers.queries import saved_views
from tenure.derive.customers.queries.conditions import Vocabulary
from tenure.derive.lifecycles.queries.roster import (
    ListedCustomer,
    customer_page,
    customers_in_parts,
    list_vocabulary,
)
from tenure.derive.lifecycles.queries.roster_asked import TooManySoughtError
from tenure.guard.access.queries import colleagues
from tenure.guard.audit.operations import note
from tenure.web.customers.exporting import Value, csv_lines, workbook
from tenure.web.customers.forms import question
from tenure.web.customers.views.list_cells import cell
from tenure.web.language import told
from tenure.web.viewer import page, viewer_of
from tenure.words import Words

RIGHT = "customer.export"
_HEADS = (Words("客户编号", "Customer"), Words("称呼", "Name"))
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@page(RIGHT)
def export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """All results of the list, in its columns and order, as ``csv`` or ``xlsx``.

    Raises:
        TooManySoughtError: the search finds more than it holds.
    """
    viewer, known = viewer_of(request), list_vocabulary()
    if known is None or kind not in ("csv", "xlsx"):
        raise Http404
    asked = question(request, saved_views(viewer), known)
    counted = customer_page(
        asked.condition, viewer=viewer, sought=asked.sought, limit=0, right=RIGHT
    )
    if counted is not None and counted.cut:
        raise TooManySoughtError
    at = now()
    note(
        "customer.exported",
        by=viewer,
        at=at,
        detail={
            "rows": counted.total if counted else 0,
            "condition": asked.condition[:500],
            "searched": bool(asked.sought),
            "columns": list(asked.columns),
            "kind": kind,
        },
        address=request.META.get("REMOTE_ADDR", ""),
    )
    parts = customers_in_parts(
        asked.condition,
        viewer=viewer,
        sought=asked.sought,
        columns=asked.columns,
        sort=asked.sort,
        right=RIGHT,
    )
    heads = [told(head) for head in _HEADS]
    heads += [told(known.columns[key].words) for key in asked.columns]
    rows = _rows(parts, asked.columns, known)
    name = f"customers-{at:%Y-%m-%d}.{kind}"
    if kind == "xlsx":
        book = workbook(heads, rows)
        return FileResponse(book, as_attachment=True, filename=name, content_type=_SHEET)
    response = StreamingHttpResponse(csv_lines(heads, rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _rows(
    parts: Iterator[tuple[ListedCustomer, ...]], columns: tuple[str, ...], known: Vocabulary
) -> Iterator[list[Value]]:
    owners = colleagues()
    for part in parts:
        for one in part:
            values = [_plain(key, one, known, owners) for key in columns]
            yield [str(one.card.customer_id), one.card.name, *values]


def _plain(key: str, one: ListedCustomer, known: Vocabulary, owners: dict[int, str]) -> Value:
    """Figures as figures; all else as the page shows it."""
    value: Any = one.values.get(key)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    return cell(known.columns[key], one.card, one.values, known, owners).text
