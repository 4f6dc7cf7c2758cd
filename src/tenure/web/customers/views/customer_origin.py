"""Where a customer came from: the first touch, the latest one, and how many there were."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from tenure.definitions.expression import Comparison, Constant, Name
from tenure.definitions.expression import render as written
from tenure.derive.lifecycles.queries.biography import trends
from tenure.record.sources.translating.touches import UNKNOWN
from tenure.web.customers.views.customer_frame import Opened, open_customer
from tenure.web.customers.views.customer_touch import touch_choices
from tenure.web.customers.views.list_cells import value_told
from tenure.web.viewer import page

SIDES = ("first", "last")
PARTS = ("source", "medium", "campaign")
KEYS = (
    *(f"{side}_touch_{part}" for side in SIDES for part in PARTS),
    *("touch_count", "days_since_first_touch", "days_since_last_touch", "first_referred_by"),
)


def tells_origin(opened: Opened) -> bool:
    """Whether the definitions in force know of touches at all."""
    return KEYS[0] in opened.library.metrics


@page("customer.view")
def origin(request: HttpRequest, customer_id: int) -> HttpResponse:
    """The card, up to the moment the page is about."""
    opened = open_customer(request, customer_id)
    found = trends(
        opened.customer_id,
        KEYS,
        [opened.moment.at],
        viewer=opened.viewer,
        known_at=opened.moment.known_at,
    )
    values = {one.metric.key: one.values[0] for one in found}
    context = {
        "opened": opened,
        "count": values.get("touch_count") or 0,
        "touches": [_touch(opened, values, side) for side in SIDES],
        "may": opened.allowed,
        "choices": touch_choices(opened.library),
        "referred_by": values.get("first_referred_by"),
    }
    return render(request, "customers/customer_origin.html", context)


def _touch(opened: Opened, values: dict[str, Any], side: str) -> dict[str, Any]:
    parts = {part: values.get(f"{side}_touch_{part}") for part in PARTS}
    told = {part: None if one == UNKNOWN else one for part, one in parts.items()}
    source = told["source"]
    return {
        "side": side,
        "at": _before(opened.moment.at, values.get(f"days_since_{side}_touch")),
        "source": value_told(opened.library, "touch_source", source) if source else "",
        "medium": told["medium"],
        "campaign": told["campaign"],
        "others": _others(side, parts),
    }


def _before(at: datetime, days: float | None) -> datetime | None:
    return None if days is None else at - timedelta(days=days)


def _others(side: str, parts: dict[str, Any]) -> str:
    """The list of those who came the same way."""
    named = "campaign" if parts["campaign"] not in (None, UNKNOWN) else "source"
    if parts[named] is None:
        return ""
    name, value = Name(f"{side}_touch_{named}"), Constant(str(parts[named]), "text")
    query = urlencode({"q": written(Comparison("=", name, value))})
    return f"{reverse('customers:list')}?{query}"
