"""One feed: how it stands, what it brought, what was refused and why."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header

from tenure.clock import now
from tenure.guard.access.queries import demand
from tenure.guard.audit.operations import note
from tenure.record.events.queries import dead_letters, letter_groups
from tenure.record.feeds.operations.pulling.databases import shown_url
from tenure.record.feeds.queries import FeedView, SyncView, feed_view, syncs
from tenure.record.feeds.queries.secrets import URL, secret_of
from tenure.record.imports.operations.masking import all_masked
from tenure.record.imports.operations.running.report import disarmed
from tenure.record.imports.queries import import_summary, job_progress, refused_page
from tenure.record.sources.queries import Arrived, arrived_by_hour
from tenure.web.feeds.kinds import KINDS, STATES, schedule_words
from tenure.web.language import told
from tenure.web.viewer import page, rights_on, viewer_of
from tenure.words import Words

_MOST_DOWNLOADED = 20_000
_REASONS = 12
_REFUSING = 4
"""So many of the latest files with refused rows are looked into."""
_HISTORY = timedelta(days=7)


@page("health.view")
def feed(request: HttpRequest, source_id: int) -> HttpResponse:
    """A feed with its history."""
    view = found_feed(request, source_id)
    viewer, at = viewer_of(request), now()
    looks = syncs(source_id, viewer)
    running = job_progress(view.job)
    context: dict[str, Any] = {
        "view": view,
        "kind": KINDS[view.source.kind],
        "state": STATES[view.state],
        "schedule": schedule_words(view.schedule),
        "settings": view.source.settings,
        "running": running if running is not None and not running.is_over else None,
        "may_manage": rights_on(request).may("source.manage"),
        "may_mend": rights_on(request).may("event.mend"),
        "may_import": rights_on(request).may("import.run"),
        "host": request.build_absolute_uri("/").rstrip("/"),
    }
    if view.source.kind == "webhook":
        context |= _webhook(view, viewer_of(request), at)
    else:
        context |= _pulled(view, looks)
    return render(request, "feeds/feed.html", context)


@page("event.mend")
def refused_file(request: HttpRequest, source_id: int) -> HttpResponse:
    """The refused records of a webhook as a table: when, why, and the record itself."""
    view = found_feed(request, source_id)
    demand(viewer_of(request), "event.mend")
    rows = dead_letters(source=view.source.key, limit=_MOST_DOWNLOADED, with_body=True)
    note(
        "feed.refused_downloaded",
        by=viewer_of(request),
        at=now(),
        about=f"source:{source_id}",
        detail={"rows": len(rows)},
    )
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    heads = (Words("收到时间", "received"), Words("原因", "reason"), Words("记录", "record"))
    writer.writerow([told(words) for words in heads])
    for row in rows:
        why = "; ".join(told(words) for words in row.reasons)
        moment = timezone.localtime(row.refused_at).isoformat(timespec="seconds")
        writer.writerow([moment, why, disarmed(_text_of(row.body or ""))])
    response = HttpResponse("\ufeff" + buffer.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=f"{view.source.key}-refused.csv"
    )
    return response


def found_feed(request: HttpRequest, source_id: int) -> FeedView:
    """A feed by its number.

    Raises:
        Http404: there is none.
    """
    view = feed_view(source_id, viewer_of(request))
    if view is None:
        raise Http404
    return view


def _webhook(view: FeedView, viewer: Any, at: datetime) -> dict[str, object]:
    hours = arrived_by_hour(view.source.id, viewer, since=at - _HISTORY)
    groups, _ = letter_groups(source=view.source.key)
    reasons = [(group.reason, len(group)) for group in groups[:_REASONS]]
    signature = view.source.settings.get("signature")
    return {
        "hours": sorted(hours.items(), reverse=True)[:48],
        "counts": _sum([one for hour, one in hours.items() if at - hour <= timedelta(days=1)]),
        "reasons": reasons,
        "waiting": sum(len(group) for group in groups),
        "signature": signature if isinstance(signature, dict) else None,
        "forms": {"standard": "Standard Webhooks", "encodings": ("base64", "hex")},
        "keys": [key for key in view.source.keys if key.is_good(at)],
    }


def _sum(found: list[Arrived]) -> Arrived:
    return Arrived(
        accepted=sum(one.accepted for one in found),
        repeated=sum(one.repeated for one in found),
        refused=sum(one.refused for one in found),
        left_out=sum(one.left_out for one in found),
    )


def _pulled(view: FeedView, looks: list[SyncView]) -> dict[str, object]:
    """The history of a folder or a table, and why rows of its latest files were refused."""
    reasons: dict[str, int] = {}
    refusing = [file for look in looks for file in look.files if file.refused][:_REFUSING]
    for file in refusing:
        found = import_summary(file.import_id) if file.import_id is not None else None
        if found is not None and found.report is not None and found.report.is_file():
            page_ = refused_page(found.id, found.report, start=0, size=0)
            for why, count in page_.reasons:
                reasons[why] = reasons.get(why, 0) + count
    url = secret_of(view.source.id, URL) if view.source.kind == "table" else None
    ordered = sorted(reasons.items(), key=lambda pair: -pair[1])[:_REASONS]
    return {
        "looks": looks,
        "latest": view.latest,
        "reasons": [(all_masked(Words(why, why)), count) for why, count in ordered],
        "refusing": refusing,
        "url": shown_url(url) if url else "",
    }


def _text_of(body: str) -> str:
    """The record that a refused message holds, or the message."""
    try:
        kept = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return body
    fields = kept.get("fields") if isinstance(kept, dict) else None
    text = fields.get("text") if isinstance(fields, dict) else None
    return text if isinstance(text, str) else body
