"""All feeds and how each stands."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tenure.clock import now
from tenure.record.feeds.queries import FeedView, feeds
from tenure.record.sources.queries import Arrived, arrived_by_source
from tenure.web.feeds.kinds import KINDS, STATES
from tenure.web.sources.figures import DAY
from tenure.web.viewer import page, rights_on, viewer_of


@page("health.view")
def every(request: HttpRequest) -> HttpResponse:
    """Every feed with its state, its last and next look, and what the last one brought."""
    viewer = viewer_of(request)
    day = arrived_by_source(viewer, since=now() - DAY)
    rows = [_row(one, day.get(one.source.id)) for one in feeds(viewer)]
    context = {
        "rows": rows,
        "kinds": KINDS.values(),
        "failing": [row for row in rows if row["view"].state == "failing"],
        "may_manage": rights_on(request).may("source.manage"),
    }
    return render(request, "feeds/list.html", context)


def _row(view: FeedView, day: Arrived | None) -> dict[str, Any]:
    """A line of the list; of a webhook what came within a day, of others the last look."""
    latest = view.latest
    if view.source.kind == "webhook":
        counts = day or Arrived()
        rows = counts.accepted + counts.repeated + counts.refused + counts.left_out
        figures = (rows, counts.repeated, counts.refused)
        last = view.source.last_at
    else:
        figures = (latest.rows, latest.repeated, latest.refused) if latest else (0, 0, 0)
        last = latest.begun_at if latest else None
    return {
        "view": view,
        "kind": KINDS[view.source.kind],
        "state": STATES[view.state],
        "last": last,
        "rows": figures[0],
        "repeated": figures[1],
        "refused": figures[2],
    }
