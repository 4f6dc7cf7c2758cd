"""Small answers for the palette, for completion, and for the value of a filter."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from tenure.derive.customers.queries import search_customers
from tenure.derive.lifecycles.queries.roster import list_vocabulary
from tenure.derive.lifecycles.queries.roster_tags import tags_listed
from tenure.guard.access.queries import colleagues
from tenure.web.language import told
from tenure.web.viewer import page, viewer_of
from tenure.words import Words

MOST = 8


@page("customer.view")
def palette(request: HttpRequest) -> HttpResponse:
    """Customers for the command palette: at most eight links."""
    text = request.GET.get("q", "")[:100]
    found = search_customers(text, viewer=viewer_of(request), limit=MOST) if text.strip() else []
    return render(request, "customers/list_palette.html", {"found": found, "sought": text})


@page("customer.view")
def words(request: HttpRequest) -> HttpResponse:
    """All that a condition may name, for completion."""
    known = list_vocabulary()
    columns = known.columns.values() if known else ()
    names = [{"key": one.key, "name": told(one.words), "type": one.type} for one in columns]
    return JsonResponse({"names": names})


@page("customer.view")
def value(request: HttpRequest) -> HttpResponse:
    """The field in which the value of a filter is given, as its column asks for."""
    known = list_vocabulary()
    column = known.columns.get(request.GET.get("add", "")) if known else None
    options: list[tuple[str, str]] = []
    if known is not None and column is not None:
        if column.key == "owner":
            options = [("me", told(Words("我", "me")))]
            options += [(str(number), name) for number, name in colleagues().items()]
        elif column.key == "tag":
            options = [(tag, tag) for tag in tags_listed(viewer_of(request))]
        elif column.key == "party":
            options = [(key, told(one.name)) for key, one in known.library.party_types.items()]
        elif column.lifecycle and column.type == "text":
            stages = known.library.lifecycles[column.lifecycle].stages
            options = [(one.code, told(one.name)) for one in stages]
    context = {"column": column, "options": options}
    return render(request, "customers/list_value.html", context)
