"""Who will change stage if nothing happens: the list to work through this week."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse

from tenure.clock import now
from tenure.derive.customers.queries import cards
from tenure.derive.lifecycles.queries import check_stage, coming_changes, coming_counts
from tenure.guard.access.queries import colleagues
from tenure.web.components.pages import Pages, page_number
from tenure.web.lifecycle.asking import asked
from tenure.web.lifecycle.frame import show_tab
from tenure.web.viewer import page

PERIODS = (7, 14, 30, 90)
_ROWS = 25


@page("customer.view")
def show(request: HttpRequest, key: str) -> HttpResponse:
    """Counts by from and to, and the customers with date and reason; always from the present."""
    question = asked(request, key)
    text = request.GET.get("days", "")
    days = int(text) if text in {str(one) for one in PERIODS} else PERIODS[0]
    at, viewer, group = now(), question.viewer, question.group()
    until = at + timedelta(days=days)
    counts = coming_counts(key, at=at, until=until, viewer=viewer, among=group)
    pair = (request.GET.get("from", ""), request.GET.get("to", ""))
    for code in filter(None, pair):
        check_stage(question.lifecycle, code)
    chosen = [
        one for one in counts if pair[0] in ("", one.stage) and pair[1] in ("", one.next_stage)
    ]
    pages = Pages(page_number(request.GET.get("page")), _ROWS, sum(one.customers for one in chosen))
    found = coming_changes(
        key,
        at=at,
        until=until,
        viewer=viewer,
        stage=pair[0],
        next_stage=pair[1],
        among=group,
        limit=_ROWS,
        offset=(pages.number - 1) * _ROWS,
    )
    known, owners = cards([one.customer_id for one in found], viewer), colleagues()
    context = {
        "days": days,
        "periods": PERIODS,
        "counts": counts,
        "total": sum(one.customers for one in counts),
        "pair": pair,
        "pages": pages,
        "changes": [
            (one, known.get(one.customer_id), _owner(known.get(one.customer_id), owners))
            for one in found
        ],
    }
    return show_tab(request, question, "coming", context)


def _owner(card: object, owners: dict[int, str]) -> str:
    number = getattr(card, "owner_id", None)
    return owners.get(number, "") if number is not None else ""
