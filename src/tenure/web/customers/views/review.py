"""The queue of customers who may be one: look, decide by key, accept many, take back."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from tenure.clock import now
from tenure.derive.customers.operations import (
    decline_suggestion,
)
from tenure.derive.customers.operations.profiling import reveal_group
from tenure.derive.customers.operations.suggesting import reopen_suggestion
from tenure.derive.customers.queries.contradictions import contradictions
from tenure.derive.customers.queries.faults import identifier_faults
from tenure.derive.customers.queries.suggestions import (
    COUNTED,
    SuggestionView,
    suggestion,
    suggestion_count,
    suggestion_runs,
    suggestions,
)
from tenure.derive.lifecycles.jobs import follow_log
from tenure.record.library.queries import current_library
from tenure.web.components.pages import Pages, page_number
from tenure.web.components.people import actor_names
from tenure.web.components.toasts import toast
from tenure.web.customers.forms import whole
from tenure.web.customers.views.identity_log import log_context
from tenure.web.customers.views.preview_table import depth_asked
from tenure.web.customers.views.review_many import accept, many_context
from tenure.web.customers.views.review_pair import pair_context
from tenure.web.viewer import page, rights_on, viewer_of
from tenure.words import Words

Context = dict[str, Any]
RIGHT = "customer.merge"
SIZE = 20
_STATES = {
    "open": Words("待处理", "Open"),
    "declined": Words("不是同一位", "Kept apart"),
    "accepted": Words("已合并", "Merged"),
    "history": Words("合并历史", "History"),
    "conflicts": Words("标识冲突", "Conflicts"),
}
_APART = Words("已记下：不是同一位客户，不再建议", "Noted: two customers; never suggested again")


@page(RIGHT)
def review(request: HttpRequest) -> HttpResponse:
    """The queue, and the pair one looks at."""
    return _shown(request, whole(request.GET.get("pair", "")))


@page(RIGHT)
@require_POST
def reveal(request: HttpRequest, suggestion_id: int) -> HttpResponse:
    """The pair with one group of personal fields as they are, this once; the audit notes it."""
    viewer, group = viewer_of(request), request.POST.get("group", "")
    pair = suggestion(suggestion_id, viewer=viewer)
    if pair is None:
        raise Http404
    revealing: frozenset[str] = frozenset()
    for one in (pair.left_id, pair.right_id):
        revealing = reveal_group(one, group, by=viewer, at=now())
    return _shown(request, suggestion_id, revealing)


@page(RIGHT)
@require_POST
def decide(request: HttpRequest, suggestion_id: int) -> HttpResponse:
    """Accept or decline one, and go on with the next."""
    viewer = viewer_of(request)
    if suggestion(suggestion_id, viewer=viewer) is None:
        raise Http404
    following = whole(request.POST.get("next", ""))
    if request.POST.get("decision") == "accept":
        accept(request, [suggestion_id])
    else:
        decline_suggestion(suggestion_id, by=viewer, at=now())
        toast(request, _APART)
    return redirect(_address(pair=following) if following else _address())


@page(RIGHT)
@require_POST
def reopen(request: HttpRequest, suggestion_id: int) -> HttpResponse:
    """Take back that two are not one: the suggestion is open again."""
    viewer = viewer_of(request)
    if suggestion(suggestion_id, viewer=viewer) is None:
        raise Http404
    reopen_suggestion(suggestion_id, by=viewer, at=now())
    follow_log.enqueue()
    toast(request, Words("已收回，重新待处理", "Taken back; open again"))
    return redirect(_address(pair=suggestion_id))


def _shown(
    request: HttpRequest, wanted: int | None, revealing: frozenset[str] = frozenset()
) -> HttpResponse:
    viewer, state = viewer_of(request), request.GET.get("state", "open")
    state = state if state in _STATES else "open"
    context: Context = {
        "tabs": _tabs(state),
        "state": state,
        "runs": suggestion_runs(),
        **many_context(request),
    }
    if state == "history":
        context |= log_context(request)
        return render(request, "customers/review.html", context)
    if state == "conflicts":
        context |= {"conflicts": contradictions(viewer=viewer), "promised": _promised()}
        context["faults"] = identifier_faults(viewer=viewer)
        return render(request, "customers/review.html", context)
    total = suggestion_count(viewer=viewer, state=state)
    pages = Pages(page_number(request.GET.get("page")), SIZE, min(total, COUNTED), total > COUNTED)
    rows = suggestions(viewer=viewer, state=state, start=(pages.number - 1) * SIZE, limit=SIZE)
    chosen = next((row for row in rows if row.id == wanted), rows[0] if rows else None)
    if wanted and (chosen is None or chosen.id != wanted):
        chosen = suggestion(wanted, viewer=viewer) or chosen
    context |= {
        "pages": pages,
        "found": rows,
        "names": actor_names({row.decided_by for row in rows if row.decided_by}),
        **_around(rows, chosen),
    }
    if chosen is not None:
        deep, only = depth_asked(request)
        context |= pair_context(
            chosen,
            viewer=viewer,
            rights=rights_on(request),
            deep=deep,
            only_deep=only,
            revealing=revealing,
        )
        if only:
            return render(request, "customers/preview.html", context)
    response = render(request, "customers/review.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


def _promised() -> bool:
    """Whether any identifier type is declared unique or single."""
    parties = current_library()[0].party_types.values()
    return any(kind.unique or kind.single for party in parties for kind in party.identifiers)


def _around(rows: list[SuggestionView], chosen: SuggestionView | None) -> Context:
    """The pairs before and after the chosen one, for keys and for going on."""
    place = next((at for at, row in enumerate(rows) if chosen and row.id == chosen.id), None)
    if place is None:
        return {"before": None, "after": rows[0].id if rows else None}
    before = rows[place - 1].id if place else None
    return {"before": before, "after": rows[place + 1].id if place + 1 < len(rows) else None}


def _tabs(state: str) -> list[Context]:
    return [
        {
            "words": words,
            "address": _address(state=key) if key != "open" else _address(),
            "here": key == state,
            "count": None,
        }
        for key, words in _STATES.items()
    ]


def _address(**query: str | int) -> str:
    address = reverse("customers:review")
    return f"{address}?{urlencode(query)}" if query else address
