"""The list of customers."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from tenure.actor import Actor
from tenure.definitions.base import DefinitionError
from tenure.derive.customers.operations.stating import MOST_AT_ONCE
from tenure.derive.customers.queries import saved_views
from tenure.derive.customers.queries.condition_words import chips
from tenure.derive.customers.queries.conditions import Vocabulary
from tenure.derive.customers.queries.search import MOST_SOUGHT
from tenure.derive.lifecycles.queries.roster import (
    CustomerList,
    customer_page,
    list_vocabulary,
)
from tenure.derive.lifecycles.queries.roster_asked import BEST_FIRST, DEFAULT_SORT, MOST_COUNTED
from tenure.derive.lifecycles.queries.roster_tags import tags_listed
from tenure.guard.access.queries import colleagues
from tenure.web.components.addresses import address_with
from tenure.web.components.pages import Pages
from tenure.web.customers.forms import OPERATORS, SIZE, Question, question, with_filter
from tenure.web.customers.views.list_cells import rows_of
from tenure.web.language import told
from tenure.web.viewer import page, rights_on, viewer_of
from tenure.words import TenureError, Words


@page("customer.view")
def show(request: HttpRequest) -> HttpResponse:
    """The list, or what the search found."""
    viewer, known = viewer_of(request), list_vocabulary()
    views = saved_views(viewer)
    asked = question(request, views, known)
    if known is None:
        return render(request, "customers/list_none.html", {"asked": asked})
    if "add" in request.GET:
        return _added(request, asked, known)
    owners = colleagues()
    context = _frame(request, viewer, asked, known, owners) | {"views": views}
    try:
        listed = _listed(asked, viewer)
        context["chips"] = _chips(asked, known, owners)
    except DefinitionError as error:
        context["problem"] = error.problems[0]
        listed = None
    if listed is not None:
        rows = rows_of(listed.rows, asked.columns, known, owners)
        pages = Pages(asked.number, SIZE, listed.total, listed.bounded)
        if not rows and asked.number > pages.last:
            return redirect(address_with(request, {"page": str(pages.last)}))
        context |= {"rows": rows, "list": listed, "pages": pages}
    return render(request, "customers/list.html", context)


def _listed(asked: Question, viewer: Actor) -> CustomerList | None:
    return customer_page(
        asked.condition,
        viewer=viewer,
        sought=asked.sought,
        columns=asked.columns,
        sort=asked.sort,
        offset=min((asked.number - 1) * SIZE, MOST_COUNTED),
        limit=SIZE,
    )


def _frame(
    request: HttpRequest, viewer: Actor, asked: Question, known: Vocabulary, owners: dict[int, str]
) -> dict[str, Any]:
    rights = rights_on(request)
    groups: dict[str, list[Any]] = {"card": [], "stage": [], "metric": []}
    for column in known.columns.values():
        groups[column.group].append(column)
    return {
        "asked": asked,
        "columns": [known.columns[key] for key in asked.columns],
        "groups": [
            (Words("客户", "Customer"), groups["card"]),
            (Words("阶段", "Stages"), groups["stage"]),
            (Words("指标", "Metrics"), groups["metric"]),
        ],
        "operators": OPERATORS.items(),
        "owners": owners,
        "tags": tags_listed(viewer),
        "most_at_once": MOST_AT_ONCE,
        "most_sought": MOST_SOUGHT,
        "may_assign": rights.may("customer.assign"),
        "may_edit": rights.may("customer.edit"),
        "may_export": rights.may("customer.export"),
        "sorted": asked.sort not in (BEST_FIRST, DEFAULT_SORT),
        "here": request.get_full_path(),
    }


def _chips(asked: Question, known: Vocabulary, owners: dict[int, str]) -> list[Any]:
    shown = {str(number): name for number, name in owners.items()}
    shown["me"] = told(Words("我", "me"))
    parties = {key: one.name for key, one in known.library.party_types.items()}
    return chips(asked.condition, known, owners=shown, parties=parties)


def _added(request: HttpRequest, asked: Question, known: Vocabulary) -> HttpResponse:
    """The address with one more filter, made of the form's three fields."""
    column = known.columns.get(request.GET.get("add", ""))
    if column is None:
        raise TenureError(Words("请选择要筛选的内容", "choose what to filter by"))
    operator, value = request.GET.get("op", "="), request.GET.get("value", "")
    condition = with_filter(asked.condition, column, operator, value)
    gone = {"add": None, "op": None, "value": None, "page": None}
    return redirect(address_with(request, {**gone, "q": condition}))
