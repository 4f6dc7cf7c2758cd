"""Who will change stage if nothing happens: the list to work through this week."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypedDict

from django.http import HttpRequest, HttpResponse

from tenure.actor import Actor
from tenure.derive.customers.queries import cards
from tenure.derive.lifecycles.queries import Group, check_stage, coming_changes, coming_counts
from tenure.guard.access.queries import colleagues
from tenure.web.components.pages import Pages, page_number
from tenure.web.lifecycle.asking import asked
from tenure.web.lifecycle.frame import show_tab
from tenure.web.viewer import page

PERIODS = (7, 14, 30, 90)
_ROWS = 25


class Seen(TypedDict):
    """From when, how far ahead, by whom and of whom coming changes are looked at."""

    at: datetime
    until: datetime
    viewer: Actor
    past: bool
    known_at: datetime | None
    among: Group | None


@page("customer.view")
def show(request: HttpRequest, key: str) -> HttpResponse:
    """Counts by from and to, and the customers with date and reason: as seen from the day shown."""
    question = asked(request, key)
    text = request.GET.get("days", "")
    days = int(text) if text in {str(one) for one in PERIODS} else PERIODS[0]
    at = question.moment.at
    seen: Seen = {
        "at": at,
        "until": at + timedelta(days=days),
        "viewer": question.viewer,
        "past": question.moment.is_past,
        "known_at": question.moment.known_at,
        "among": question.group(),
    }
    counts = coming_counts(key, **seen)
    pair = (request.GET.get("from", ""), request.GET.get("to", ""))
    for code in filter(None, pair):
        check_stage(question.lifecycle, code)
    chosen = [
        one for one in counts if pair[0] in ("", one.stage) and pair[1] in ("", one.next_stage)
    ]
    pages = Pages(page_number(request.GET.get("page")), _ROWS, sum(one.customers for one in chosen))
    found = coming_changes(
        key,
        **seen,
        stage=pair[0],
        next_stage=pair[1],
        limit=_ROWS,
        offset=(pages.number - 1) * _ROWS,
    )
    known, owners = cards([one.customer_id for one in found], question.viewer), colleagues()
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
