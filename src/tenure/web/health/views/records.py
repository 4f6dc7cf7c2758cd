"""Customers' records: a score for each, by owner and source, and those that are outdated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from tenure.clock import now
from tenure.derive.lifecycles.queries.records import (
    STEP,
    RecordFigures,
    RecordQuality,
    outdated_condition,
    record_quality,
)
from tenure.derive.lifecycles.queries.roster import ListedCustomer, customer_page
from tenure.guard.access.operations import set_fresh_days
from tenure.guard.access.queries import colleagues, organisation
from tenure.record.library.queries import current_library
from tenure.web.components.toasts import toast
from tenure.web.health.views.measured import tabs
from tenure.web.language import told
from tenure.web.viewer import page, rights_on, viewer_of
from tenure.words import TenureError, Words

Key = TypeVar("Key")
_WORST, _FIELDS, _ROWS = 8, 12, 50
_LIST_COLUMNS = ("owner", "data_score", "complete", "updated", "lacking")


@dataclass(frozen=True, slots=True)
class Line:
    """An owner or a source: how it is called, its figures, its customers, its outdated ones."""

    name: str
    figures: RecordFigures
    score: float
    complete: float
    address: str
    outdated: str


@dataclass(frozen=True, slots=True)
class Bar:
    """Customers whose scores lie between two; ``share`` is of the longest bar."""

    low: int
    high: int
    customers: int
    share: float
    address: str


@page("health.view")
def records(request: HttpRequest) -> HttpResponse:
    """The scores of all records the viewer may see."""
    found = record_quality(viewer=viewer_of(request), at=now())
    rights = rights_on(request)
    context: dict[str, object] = {
        "tabs": tabs("records"),
        "limit": organisation().fresh_days,
        "may_set": rights.may("organisation.manage"),
        "found": found,
    }
    if found is not None and found.whole.customers:
        context |= _figures(request, found)
    return render(request, "health/records.html", context)


@page("organisation.manage")
@require_POST
def fresh_days(request: HttpRequest) -> HttpResponse:
    """Set after how many days a record is outdated."""
    said = request.POST.get("days", "")
    if not said.isdecimal() or len(said) > 6:
        raise TenureError(Words("请填写天数，例如 365", "give a number of days, such as 365"))
    set_fresh_days(int(said), by=viewer_of(request), at=now())
    told_words = Words(
        "已保存。过期名单立即按新天数算，评分十分钟内跟上",
        "Saved. Outdated records follow at once, scores within ten minutes",
    )
    toast(request, told_words)
    return redirect("health:records")


def customers_where(condition: str, sort: str = "data_score") -> str:
    """The address of the list of customers for whom ``condition`` holds, the worst first."""
    asked = [("q", condition), ("sort", sort), *(("c", key) for key in _LIST_COLUMNS)]
    return f"{reverse('customers:list')}?{urlencode(asked)}"


def _figures(request: HttpRequest, found: RecordQuality) -> dict[str, object]:
    whole, old = found.whole, outdated_condition(found.outdated_before)
    people = colleagues()
    return {
        "whole": whole,
        "score": whole.share("score"),
        "shares": {name: whole.share(name) for name in ("complete", "identified")},
        "fresh": 1 - whole.share("outdated"),
        "addresses": {
            "identified": customers_where("not identified"),
            "doubled": customers_where("doubled"),
            "outdated": customers_where(old, "updated"),
        },
        "bars": _bars(whole),
        "lacking": _lacking(whole),
        "owners": _lines(
            found.owners,
            lambda one: told(_NOBODY) if one is None else people.get(one, str(one)),
            lambda one: "owner is null" if one is None else f"owner = '{one}'",
            old,
        ),
        "sources": _lines(
            found.sources,
            lambda one: one or told(_UNKNOWN),
            lambda one: f"source = {_quoted(one)}" if one else "source is null",
            old,
        ),
        "worst": _worst(request),
    }


_NOBODY = Words("没有负责人", "No owner")
_UNKNOWN = Words("未知", "Unknown")


def _lines(
    groups: Mapping[Key, RecordFigures],
    name: Callable[[Key], str],
    condition: Callable[[Key], str],
    old: str,
) -> list[Line]:
    return [
        Line(
            name=name(key),
            figures=one,
            score=one.share("score"),
            complete=one.share("complete"),
            address=customers_where(condition(key)),
            outdated=customers_where(f"{old} and {condition(key)}", "updated"),
        )
        for key, one in list(groups.items())[:_ROWS]
    ]


def _bars(whole: RecordFigures) -> list[Bar]:
    longest = max(whole.bars.values(), default=0) or 1
    found = []
    for number in range(100 // STEP):
        low, high, count = number * STEP, (number + 1) * STEP, whole.bars[number]
        upper = "" if high == 100 else f" and data_score < {high}"
        address = customers_where(f"data_score >= {low}{upper}")
        found.append(Bar(low, high, count, count / longest, address))
    return found


def _lacking(whole: RecordFigures) -> list[tuple[Words, int, str]]:
    """The fields most often without a value: name, customers, their address."""
    parties = current_library()[0].party_types.values()
    names = {field.key: field.name for party in parties for field in party.fields}
    return [
        (names.get(key) or Words(key, key), count, customers_where(f"lacking = '{key}'"))
        for key, count in whole.lacking.most_common(_FIELDS)
        if count
    ]


def _worst(request: HttpRequest) -> tuple[ListedCustomer, ...]:
    listed = customer_page(
        "data_score is not null",
        viewer=viewer_of(request),
        columns=("data_score", "updated"),
        sort="data_score",
        limit=_WORST,
    )
    return listed.rows if listed else ()


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
