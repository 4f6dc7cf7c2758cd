"""One source: what arrives, of which types, its keys; paused and resumed."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from tenure.clock import now
from tenure.guard.access.operations.senders import pause_source, resume_source
from tenure.record.library.queries import current_library
from tenure.record.sources.queries import (
    Arrived,
    Rate,
    arrival_rates,
    arrived_by_hour,
    arrived_by_source,
    arrived_by_type,
)
from tenure.record.sources.queries.sums import MOST_TYPES
from tenure.web.components.toasts import Undo, toast
from tenure.web.sources.figures import DAY, HOURS, NOTHING, hourly, state_of, with_names
from tenure.web.sources.frame import KINDS, MANAGE, source_found, source_tabs
from tenure.web.sources.views.keys import GRACES, USUAL_GRACE
from tenure.web.viewer import page, rights_on, viewer_of
from tenure.words import Words

MONTH = timedelta(days=30)


@page("health.view")
def one(request: HttpRequest, source_id: int) -> HttpResponse:
    """One source: what arrives, of which types, and its keys."""
    viewer, at = viewer_of(request), now()
    found = source_found(request, source_id)
    hours = arrived_by_hour(source_id, viewer, since=at - DAY)
    types = arrived_by_type(source_id, viewer, since=at - MONTH)
    library, _ = current_library()
    context = {
        "source": found,
        "state": state_of(found, at),
        "kind": KINDS[found.kind],
        "tabs": source_tabs(source_id, "source"),
        "rate": arrival_rates(viewer, at=at).get(source_id, Rate()),
        "counts": _sum(request, source_id, at - DAY),
        "month": _sum(request, source_id, at - MONTH),
        "types": with_names(types, library),
        "cut": len(types) == MOST_TYPES,
        "nothing": types.get("", NOTHING).refused,
        "hours": HOURS,
        "chart": hourly(hours, since=at - DAY, at=at),
        "keys": [(key, key.is_good(at)) for key in found.keys],
        "graces": GRACES,
        "usual": USUAL_GRACE,
        "may_manage": rights_on(request).may(MANAGE),
        "may_declare": rights_on(request).may("definition.publish"),
        "host": request.build_absolute_uri("/").rstrip("/"),
    }
    return render(request, "sources/source.html", context)


@require_POST
@page(MANAGE)
def pausing(request: HttpRequest, source_id: int) -> HttpResponse:
    """Keep a source's events waiting, or let them in again; each takes the other back."""
    viewer, at = viewer_of(request), now()
    source_found(request, source_id)
    if request.POST.get("wanted") == "paused":
        pause_source(source_id, by=viewer, at=at)
        said, back = _PAUSED, "live"
    else:
        resume_source(source_id, by=viewer, at=at)
        said, back = _RESUMED, "paused"
    toast(request, said, undo=Undo(request.path, {"wanted": back}))
    return HttpResponseRedirect(reverse("sources:source", args=[source_id]))


_PAUSED = Words("已暂停：新事件照常接收，先不进入日志", "Paused: events still arrive, and wait")
_RESUMED = Words(
    "已恢复；暂停期间的事件可在“被拒”里再试一次",
    "Resumed; what waits can be tried again under Refused",
)


def _sum(request: HttpRequest, source_id: int, since: datetime) -> Arrived:
    found = arrived_by_source(viewer_of(request), since=since, source_id=source_id)
    return found.get(source_id, NOTHING)
