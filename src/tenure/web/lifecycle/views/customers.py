"""The customers behind a figure, page by page and as a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from tenure.clock import now
from tenure.derive.customers.queries import Card, cards
from tenure.derive.lifecycles.queries import check_stage, customers_behind, customers_in
from tenure.guard.access.queries import colleagues, demand
from tenure.guard.audit.operations import note
from tenure.web.components import figures
from tenure.web.components.pages import Pages, page_number
from tenure.web.components.sheets import csv_answer
from tenure.web.language import told
from tenure.web.lifecycle.asking import Asked, asked
from tenure.web.lifecycle.behind import ANY, WAYS, WITH_ANY, figure_of
from tenure.web.lifecycle.frame import frame
from tenure.web.viewer import page, rights_on
from tenure.words import Words

VIEW, EXPORT = "customer.view", "customer.export"
_ROWS = 50
_BATCH = 2_000
_HEADS = (
    Words("客户编号", "Customer"),
    Words("称呼", "Name"),
    Words("负责人", "Owner"),
    Words("时间", "Since"),
    Words("下一次变化", "Next change"),
    Words("变为", "Becomes"),
)


@dataclass(frozen=True, slots=True)
class Listed:
    """A customer of the list.

    Attributes:
        at: since when in the stage, or when the move was.
        next_at: when the stage changes by itself; ``None`` where it stays, or is not asked.
    """

    customer_id: int
    at: datetime
    next_at: datetime | None = None
    next_stage: str | None = None
    card: Card | None = None


@page("customer.view")
def show(request: HttpRequest, key: str, way: str, stage: str) -> HttpResponse:
    """The list, page by page."""
    question = _question(request, key, way, stage)
    number = page_number(request.GET.get("page"))
    rows, total = _rows(question, way, stage, limit=_ROWS, offset=(number - 1) * _ROWS)
    known, owners = cards([row.customer_id for row in rows], question.viewer), colleagues()
    context = {
        "way": way,
        "figure": figure_of(question, way, _code(stage)),
        "stage_shown": question.lifecycle.stage(stage) if _code(stage) else None,
        "customers": [
            (row, card, owners.get(card.owner_id or 0, "") if card else "")
            for row in rows
            for card in [known.get(row.customer_id)]
        ],
        "pages": Pages(number, _ROWS, total),
        "may_export": rights_on(request).may(EXPORT),
        "csv": _csv_address(question, way, stage),
    }
    return render(request, "lifecycle/customers.html", frame(question, "") | context)


@page(EXPORT)
def export(request: HttpRequest, key: str, way: str, stage: str) -> HttpResponseBase:
    """The whole list as CSV: those whom the right to export reaches; noted in the audit."""
    question = _question(request, key, way, stage)
    demand(question.viewer, EXPORT)
    _, total = _rows(question, way, stage, limit=0, offset=0, right=EXPORT)
    note(
        "customer.exported",
        by=question.viewer,
        at=now(),
        about=f"lifecycle:{key}",
        detail={"rows": total, "way": way, "stage": stage, "as_of": str(question.moment.day)},
        address=request.META.get("REMOTE_ADDR", ""),
    )
    name = f"{key}-{way}-{stage}-{question.moment.day}"
    return csv_answer(name, [told(head) for head in _HEADS], _lines(question, way, stage))


def _question(request: HttpRequest, key: str, way: str, stage: str) -> Asked:
    if way not in WAYS:
        raise Http404
    question = asked(request, key)
    if stage != ANY or way not in WITH_ANY:
        check_stage(question.lifecycle, stage)
    return question


def _code(stage: str) -> str:
    return "" if stage == ANY else stage


def _rows(
    question: Asked, way: str, stage: str, *, limit: int, offset: int, right: str = VIEW
) -> tuple[list[Listed], int]:
    key, moment, viewer = question.lifecycle.key, question.moment, question.viewer
    group = question.group()
    shown = limit if way != "in" else 0
    counted = customers_behind(
        key,
        figure_of(question, way, _code(stage)),
        viewer=viewer,
        known_at=moment.known_at,
        among=group,
        limit=shown,
        offset=offset,
        right=right,
    )
    if way != "in":
        return [Listed(one.customer_id, one.at) for one in counted.listed], counted.total
    found = customers_in(
        key,
        _code(stage),
        as_of=moment.at,
        viewer=viewer,
        known_at=moment.known_at,
        limit=limit,
        offset=offset,
        among=group,
        right=right,
    )
    rows = [Listed(one.customer_id, one.entered_at, one.next_at, one.next_stage) for one in found]
    return rows, counted.total


def _csv_address(question: Asked, way: str, stage: str) -> str:
    query = question.request.GET.copy()
    query.pop("page", None)
    path = question.address("csv", way, stage).partition("?")[0]
    return f"{path}?{query.urlencode()}" if query else path


def _lines(question: Asked, way: str, stage: str) -> Iterator[list[str]]:
    owners, names = colleagues(), {one.code: one.name for one in question.lifecycle.stages}
    offset = 0
    while True:
        rows, _ = _rows(question, way, stage, limit=_BATCH, offset=offset, right=EXPORT)
        known = cards([row.customer_id for row in rows], question.viewer)
        for row in rows:
            card = known.get(row.customer_id)
            became = names.get(row.next_stage or "")
            yield [
                str(row.customer_id),
                card.name if card else "",
                owners.get(card.owner_id or 0, "") if card else "",
                figures.moment(row.at),
                figures.moment(row.next_at) if row.next_at else "",
                told(became) if became else "",
            ]
        if len(rows) < _BATCH:
            return
        offset += _BATCH
