"""The list of sources; a new one is added here."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from tenure.clock import now
from tenure.guard.access.operations.senders import add_source
from tenure.record.sources.queries import (
    Rate,
    SourceView,
    arrival_rates,
    arrived_by_source,
    sources,
    spool_lag,
    unknown_fields,
    unknown_types,
)
from tenure.web.settings.asking import typed
from tenure.web.sources.figures import DAY, NOTHING, STATES, state_of
from tenure.web.sources.frame import KINDS, MANAGE
from tenure.web.sources.views.keys import key_shown
from tenure.web.viewer import page, rights_on, viewer_of

_NO_RATE = Rate()


@never_cache
@page("health.view")
def every(request: HttpRequest) -> HttpResponse:
    """All sources; a new one is added here, and its key shown on the answer that makes it."""
    if request.method == "POST":
        return _added(request)
    viewer, at = viewer_of(request), now()
    day = arrived_by_source(viewer, since=at - DAY)
    rates = arrival_rates(viewer, at=at)
    known = sources(viewer)
    asked = {name: typed(request.GET, name) for name in ("text", "kind", "state")}
    rows = [
        {
            "source": one,
            "state": state_of(one, at),
            "day": day.get(one.id, NOTHING),
            "rate": rates.get(one.id, _NO_RATE),
            "kind": KINDS[one.kind],
            "keyless": bool(one.keys) and not any(key.is_good(at) for key in one.keys),
        }
        for one in known
        if _matches(one, asked, state_of(one, at))
    ]
    context = {
        "rows": rows,
        "any": bool(known),
        "asked": asked,
        "is_filtered": any(asked.values()),
        "kinds": KINDS,
        "states": STATES,
        "unknown": len(unknown_types(viewer)) + len(unknown_fields(viewer)),
        "lag": spool_lag(at=at),
        "may_manage": rights_on(request).may(MANAGE),
    }
    return render(request, "sources/list.html", context)


def _matches(one: SourceView, asked: dict[str, str], state: str) -> bool:
    text = asked["text"].casefold()
    return (
        text in f"{one.name}\n{one.key}".casefold()
        and asked["kind"] in ("", one.kind)
        and asked["state"] in ("", state)
    )


def _added(request: HttpRequest) -> HttpResponse:
    viewer, at = viewer_of(request), now()
    key, name = typed(request.POST, "key"), typed(request.POST, "name")
    added = add_source(key, name=name or key, kind="sdk", by=viewer, at=at)
    return key_shown(request, added.source_id, added.write_key or "")
