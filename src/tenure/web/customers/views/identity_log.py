"""The log of merges: who said when and why that two are one, or two; filtered, as a file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from tenure.actor import Actor
from tenure.clock import now
from tenure.derive.customers.operations.suggesting import take_back_word
from tenure.derive.customers.queries import cards
from tenure.derive.customers.queries.identity_log import (
    WordAsked,
    WordView,
    all_words_said,
    words_said,
)
from tenure.derive.lifecycles.jobs import follow_log
from tenure.guard.access.queries import colleagues, demand
from tenure.guard.audit.operations import note
from tenure.web.components import figures
from tenure.web.components.addresses import safe_return
from tenure.web.components.people import actor_names
from tenure.web.components.toasts import toast
from tenure.web.customers.exporting import csv_lines
from tenure.web.customers.forms import whole
from tenure.web.language import told, zone_of
from tenure.web.viewer import page, rights_on, viewer_of
from tenure.words import Words

Context = dict[str, Any]
RIGHT, EXPORT = "customer.merge", "customer.export"
KINDS: dict[str, Words] = {
    "merged": Words("合并", "Merged"),
    "apart": Words("判定为不同", "Kept apart"),
    "reopened": Words("收回了说法", "Word taken back"),
}
_HEADS = (
    Words("时间", "When"), Words("说法", "What"), Words("操作人", "Who"), Words("原因", "Why"),
    Words("一侧客户", "One customer"), Words("另一侧客户", "The other"),
    Words("仍然有效", "Stands"),
)  # fmt: skip
_FILTERS = ("kind", "by", "since", "until")


def log_context(request: HttpRequest) -> Context:
    """What the page of the log needs."""
    viewer = viewer_of(request)
    asked = _asked(request)
    found, before = words_said(asked, viewer=viewer, before=whole(request.GET.get("before", "")))
    known = cards({n for one in found for n in (one.left, one.right)}, viewer)
    query = {
        key: request.GET[key] for key in ("kind", "by", "since", "until") if request.GET.get(key)
    }
    older: dict[str, str | int] = {"state": "history", **query, "before": before or 0}
    return {
        "history": found,
        "names": actor_names({one.said.by for one in found}),
        "called": {number: card.name for number, card in known.items()},
        "kinds": KINDS,
        "asked": query,
        "people": sorted(colleagues().items(), key=lambda one: one[1]),
        "older": f"{reverse('customers:review')}?{urlencode(older)}" if before else None,
        "file": f"{reverse('customers:review-log')}?{urlencode(query)}"
        if rights_on(request).may(EXPORT)
        else None,
    }


@page(RIGHT)
def export(request: HttpRequest) -> HttpResponseBase:
    """The log as a CSV file, as filtered."""
    viewer, at = viewer_of(request), now()
    demand(viewer, EXPORT)
    asked = _asked(request)
    note(
        "identity.exported",
        by=viewer,
        at=at,
        detail={key: request.GET[key][:100] for key in ("kind", "by") if request.GET.get(key)},
        address=request.META.get("REMOTE_ADDR", ""),
    )
    lines = csv_lines([told(head) for head in _HEADS], _rows(asked, viewer))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    name = f"merges-{at:%Y-%m-%d}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@page(RIGHT)
@require_POST
def take_back(request: HttpRequest, event_id: int) -> HttpResponse:
    """Take back what was last said about two identifiers."""
    take_back_word(event_id, by=viewer_of(request), at=now())
    follow_log.enqueue()
    words = Words("已收回，片刻后生效；可以再次建议", "Taken back; may be suggested again")
    toast(request, words)
    back = f"{reverse('customers:review')}?state=history"
    return redirect(safe_return(request, request.headers.get("Referer"), back))


def word_kind(one: WordView) -> Words:
    """What a word says."""
    if one.said.taken_back:
        return KINDS["reopened"]
    return KINDS["merged" if one.said.merged else "apart"]


def _rows(asked: WordAsked, viewer: Actor) -> Iterator[list[str | int | float | None]]:
    names: dict[str, str] = {}
    yes, no = told(Words("是", "yes")), told(Words("否", "no"))
    for one in all_words_said(asked, viewer=viewer):
        if one.said.by not in names:
            names |= actor_names({one.said.by})
        yield [
            figures.moment(one.said.at),
            told(word_kind(one)),
            names[one.said.by],
            one.said.reason,
            str(one.left),
            str(one.right),
            yes if one.stands else no,
        ]


def _asked(request: HttpRequest) -> WordAsked:
    kind, by = request.GET.get("kind", ""), request.GET.get("by", "")
    since, until = (_midnight(request, key) for key in ("since", "until"))
    return WordAsked(
        kind=kind if kind in KINDS else None,  # type: ignore[arg-type]
        by=f"account:{by}" if by.isdecimal() else "",
        since=since,
        until=until + timedelta(days=1) if until else None,
    )


def _midnight(request: HttpRequest, key: str) -> datetime | None:
    try:
        day = parse_date(request.GET.get(key, ""))
    except ValueError:
        day = None
    return datetime.combine(day, time(), zone_of(request)) if day else None
