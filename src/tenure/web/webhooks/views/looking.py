"""Endpoints and their deliveries, looked at."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from tenure.act.webhooks.queries import (
    RIGHT,
    DeliveryView,
    EndpointView,
    deliveries,
    delivery,
    endpoint,
    endpoints,
    payload_shown,
)
from tenure.act.webhooks.queries.naming import PROBLEM_NAMES, STATE_NAMES, STATUS_NAMES
from tenure.clock import now
from tenure.definitions.event_type import EventType
from tenure.guard.access.queries import FIELD_GROUPS
from tenure.record.library.queries import current_library
from tenure.web.viewer import page, viewer_of
from tenure.web.webhooks.words import OVERLAPS, STATE_COLOURS, STATUS_COLOURS, USUAL_OVERLAP

SIZE = 50
LARGEST = 2**63 - 1


@page(RIGHT)
def every(request: HttpRequest) -> HttpResponse:
    """All endpoints and how they do."""
    found = endpoints(viewer_of(request), at=now())
    context = {"rows": [(one, STATE_NAMES[one.state], STATE_COLOURS[one.state]) for one in found]}
    return render(request, "webhooks/list.html", context)


@page(RIGHT)
def one(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """One endpoint: how it does, its deliveries, its secret."""
    found = endpoint_found(request, endpoint_id)
    status, type_ = request.GET.get("status", ""), request.GET.get("type", "")[:100]
    status = status if status in STATUS_NAMES else ""
    before = number_in(request.GET, "before")
    viewer = viewer_of(request)
    asked = {"status": status, "type_": type_.replace("\x00", ""), "before": before}
    shown = deliveries(endpoint_id, viewer, **asked, limit=SIZE)  # type: ignore[arg-type]
    library = current_library()[0].event_types
    context = {
        "endpoint": found,
        "state": STATE_NAMES[found.state],
        "colour": STATE_COLOURS[found.state],
        "types": [(key, library[key].name if key in library else None) for key in found.types],
        "reads": [FIELD_GROUPS[key] for key in found.reads if key in FIELD_GROUPS],
        "rows": [_row(row, library) for row in shown.deliveries],
        "older": shown.older,
        "statuses": list(STATUS_NAMES.items()),
        "status": status,
        "type": type_,
        "begun": before,
        "overlaps": [(int(span.total_seconds()), words) for span, words in OVERLAPS],
        "usual": USUAL_OVERLAP,
    }
    return render(request, "webhooks/endpoint.html", context)


@never_cache
@page(RIGHT)
def delivered(request: HttpRequest, endpoint_id: int, delivery_id: int) -> HttpResponse:
    """One delivery: its last answer, and what would be sent now without personal fields."""
    found = endpoint_found(request, endpoint_id)
    viewer = viewer_of(request)
    shown = delivery(endpoint_id, delivery_id, viewer) if delivery_id <= LARGEST else None
    if shown is None:
        raise Http404
    payload = payload_shown(shown, viewer)
    context = {
        "endpoint": found,
        "row": _row(shown, current_library()[0].event_types),
        "one": shown,
        "payload": msgspec.json.format(payload, indent=2).decode() if payload else "",
        "reads": bool(found.reads),
    }
    part = request.headers.get("HX-Request") == "true"
    return render(request, f"webhooks/{'outcome' if part else 'delivery'}.html", context)


def number_in(data: QueryDict, name: str) -> int | None:
    """The number of a row that a form or an address names; ``None`` where it names none."""
    text = data.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def endpoint_found(request: HttpRequest, endpoint_id: int) -> EndpointView:
    """The endpoint of an address.

    Raises:
        Http404: there is none.
    """
    viewer = viewer_of(request)
    found = endpoint(endpoint_id, viewer, at=now()) if endpoint_id <= LARGEST else None
    if found is None:
        raise Http404
    return found


def _row(one: DeliveryView, kinds: Mapping[str, EventType]) -> dict[str, object]:
    kind = kinds.get(one.type)
    return {
        "one": one,
        "words": STATUS_NAMES[one.status],
        "colour": STATUS_COLOURS[one.status],
        "name": kind.name if kind else None,
        "problem": PROBLEM_NAMES.get(one.problem),
    }
