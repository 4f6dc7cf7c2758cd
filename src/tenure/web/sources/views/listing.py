"""The pages of data sources."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tenure.clock import now
from tenure.guard.access.queries import demand
from tenure.guard.audit.operations import note
from tenure.record.library.queries import current_library
from tenure.record.sources.operations import (
    add_source,
    pause_source,
    resume_source,
    rotate_key,
)
from tenure.record.sources.queries import (
    Arrived,
    SourceView,
    arrived_by_hour,
    arrived_by_source,
    arrived_by_type,
    source,
    sources,
    spool_lag,
)
from tenure.record.sources.queries.sums import MOST_TYPES
from tenure.web.components.toasts import toast
from tenure.web.settings.asking import typed
from tenure.web.sources.figures import DAY, HOURS, NOTHING, hourly, state_of, with_names
from tenure.web.viewer import page, rights_on, viewer_of
from tenure.words import TenureError, Words

MANAGE = "source.manage"
GRACES = (
    (1, Words("1 天", "1 day")),
    (7, Words("7 天", "7 days")),
    (30, Words("30 天", "30 days")),
    (0, Words("立即失效", "end at once")),
)
USUAL_GRACE = 7
MONTH = timedelta(days=30)


@never_cache
@page("health.view")
def every(request: HttpRequest) -> HttpResponse:
    """All sources; a new one is added here, and its key shown on the answer that makes it."""
    viewer, at = viewer_of(request), now()
    if request.method == "POST":
        return _added(request)
    day = arrived_by_source(viewer, since=at - DAY)
    rows = [
        {"source": one, "state": state_of(one, at), "day": day.get(one.id, NOTHING)}
        for one in sources(viewer)
    ]
    context = {
        "rows": rows,
        "lag": spool_lag(at=at),
        "may_manage": rights_on(request).may(MANAGE),
    }
    return render(request, "sources/list.html", context)


@page("health.view")
def one(request: HttpRequest, source_id: int) -> HttpResponse:
    """One source: what arrives, of which types, and its keys."""
    viewer, at = viewer_of(request), now()
    found = _found(request, source_id)
    hours = arrived_by_hour(source_id, viewer, since=at - DAY)
    types = arrived_by_type(source_id, viewer, since=at - MONTH)
    library, _ = current_library()
    context = {
        "source": found,
        "state": state_of(found, at),
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
        "host": request.build_absolute_uri("/").rstrip("/"),
    }
    return render(request, "sources/source.html", context)


@never_cache
@require_POST
@page(MANAGE)
def new_key(request: HttpRequest, source_id: int) -> HttpResponse:
    """A new key; the old ones stay good for a while, so that senders can be changed in peace."""
    viewer, at = viewer_of(request), now()
    found = _found(request, source_id)
    text = request.POST.get("grace", "")
    if text not in {str(one) for one, _ in GRACES}:
        raise TenureError(Words("请选择旧密钥何时失效", "choose when the old keys end"))
    days = int(text)
    key = rotate_key(source_id, grace=timedelta(days=days), by=viewer, at=at)
    about = f"source:{source_id}"
    note("source.key_rotated", by=viewer, at=at, about=about, detail={"grace_days": days})
    return _key_shown(request, found, key)


@require_POST
@page(MANAGE)
def pausing(request: HttpRequest, source_id: int) -> HttpResponse:
    """Keep a source's events waiting, or let them in again."""
    viewer, at = viewer_of(request), now()
    _found(request, source_id)
    if request.POST.get("wanted") == "paused":
        pause_source(source_id, by=viewer, at=at)
        note("source.paused", by=viewer, at=at, about=f"source:{source_id}")
        said = Words(
            "已暂停：新事件照常接收，先不进入日志", "Paused: events still arrive, and wait"
        )
    else:
        resume_source(source_id, by=viewer, at=at)
        note("source.resumed", by=viewer, at=at, about=f"source:{source_id}")
        said = Words(
            "已恢复；暂停期间的事件可在“数据健康”里重放",
            "Resumed; what waits can be replayed in Data health",
        )
    toast(request, said)
    return HttpResponseRedirect(reverse("sources:source", args=[source_id]))


def _added(request: HttpRequest) -> HttpResponse:
    viewer, at = viewer_of(request), now()
    demand(viewer, MANAGE)
    key, name = typed(request.POST, "key"), typed(request.POST, "name")
    added = add_source(key, name=name or key, kind="sdk", by=viewer, at=at)
    note("source.added", by=viewer, at=at, about=f"source:{added.source_id}")
    return _key_shown(request, _found(request, added.source_id), added.write_key or "")


def _key_shown(request: HttpRequest, found: SourceView, key: str) -> HttpResponse:
    host = request.build_absolute_uri("/").rstrip("/")
    return render(request, "sources/key.html", {"source": found, "key": key, "host": host})


def _sum(request: HttpRequest, source_id: int, since: datetime) -> Arrived:
    found = arrived_by_source(viewer_of(request), since=since, source_id=source_id)
    return found.get(source_id, NOTHING)


def _found(request: HttpRequest, source_id: int) -> SourceView:
    found = source(source_id, viewer_of(request)) if source_id < 2**63 else None
    if found is None:
        raise Http404
    return found
