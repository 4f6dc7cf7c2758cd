"""New feeds, and changes of where and when they read, and of how webhooks are signed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tenure.clock import now
from tenure.guard.audit.operations import note
from tenure.record.feeds.operations import add_feed, change_feed, sign_webhook
from tenure.record.feeds.operations.places import allowed_folders
from tenure.record.feeds.queries import FeedView
from tenure.record.sources.operations import rotate_key
from tenure.web.components.toasts import toast
from tenure.web.feeds.kinds import KINDS, SCHEDULES
from tenure.web.feeds.views.acts import MANAGE
from tenure.web.feeds.views.one import found_feed
from tenure.web.language import reader_language
from tenure.web.settings.asking import typed
from tenure.web.viewer import page, viewer_of
from tenure.words import TenureError, Words

_PARTS = {
    "webhook": ("list_at",),
    "folder": ("folder", "pattern"),
    "table": ("url", "table", "cursor", "overlap"),
}
_LONGEST = 1_000


@never_cache
@page(MANAGE)
def new(request: HttpRequest, kind: str) -> HttpResponse:
    """The form of a new feed; a webhook's address is shown on the answer that makes it."""
    if kind not in KINDS:
        raise Http404
    problem: TenureError | None = None
    if request.method == "POST":
        key, name = typed(request.POST, "key"), typed(request.POST, "name", 150)
        viewer, at = viewer_of(request), now()
        try:
            added = add_feed(
                key,
                name=name or key,
                kind=kind,
                by=viewer,
                at=at,
                schedule=_schedule(request, kind),
                **_said(request, kind),
            )
        except TenureError as refusal:
            problem = refusal
        else:
            note("source.added", by=viewer, at=at, about=f"source:{added.source_id}")
            if added.write_key is not None:
                return _address_shown(request, added.source_id, added.write_key)
            return redirect("feeds:mapping", added.source_id)
    return render(request, "feeds/new.html", _context(request, kind, problem))


@never_cache
@page(MANAGE)
def change(request: HttpRequest, source_id: int) -> HttpResponse:
    """Where and when a feed reads."""
    view = found_feed(request, source_id)
    kind, problem = view.source.kind, None
    if request.method == "POST":
        viewer, at = viewer_of(request), now()
        try:
            change_feed(
                source_id,
                name=typed(request.POST, "name", 150) or None,
                schedule=_schedule(request, kind),
                by=viewer,
                at=at,
                **_said(request, kind),
            )
        except TenureError as refusal:
            problem = refusal
        else:
            note("source.changed", by=viewer, at=at, about=f"source:{source_id}")
            toast(request, Words("已保存", "Saved"))
            return redirect("feeds:feed", source_id)
    return render(request, "feeds/settings.html", _context(request, kind, problem, view))


@never_cache
@require_POST
@page(MANAGE)
def signature(request: HttpRequest, source_id: int) -> HttpResponse:
    """Whether and how requests must be signed; a secret that was made is shown this once."""
    view = found_feed(request, source_id)
    form, viewer, at = typed(request.POST, "form"), viewer_of(request), now()
    made = sign_webhook(
        source_id,
        form=form,
        secret=typed(request.POST, "secret", 500),
        header=typed(request.POST, "header"),
        encoding=typed(request.POST, "encoding") or "base64",
        prefix=typed(request.POST, "prefix", 50),
        by=viewer,
        at=at,
    )
    note("feed.signature", by=viewer, at=at, about=f"source:{source_id}", detail={"form": form})
    if made is not None:
        return render(request, "feeds/secret.html", {"view": view, "secret": made})
    toast(request, Words("已保存", "Saved"))
    return redirect("feeds:feed", source_id)


@never_cache
@require_POST
@page(MANAGE)
def address(request: HttpRequest, source_id: int) -> HttpResponse:
    """A new address for a webhook; the old one stays good for a week, or ends at once."""
    found_feed(request, source_id)
    days = 0 if request.POST.get("grace") == "0" else 7
    viewer, at = viewer_of(request), now()
    key = rotate_key(source_id, grace=timedelta(days=days), by=viewer, at=at)
    about = f"source:{source_id}"
    note("source.key_rotated", by=viewer, at=at, about=about, detail={"grace_days": days})
    return _address_shown(request, source_id, key)


def _address_shown(request: HttpRequest, source_id: int, key: str) -> HttpResponse:
    host = request.build_absolute_uri("/").rstrip("/")
    context = {"view": found_feed(request, source_id), "address": f"{host}/hooks/{key}"}
    return render(request, "feeds/address.html", context)


def _schedule(request: HttpRequest, kind: str) -> str:
    if kind == "webhook":
        return ""
    return typed(request.POST, "cron") or typed(request.POST, "schedule")


def _said(request: HttpRequest, kind: str) -> dict[str, Any]:
    said = {part: typed(request.POST, part, _LONGEST) for part in _PARTS[kind]}
    return {**said, "language": reader_language()}


def _context(
    request: HttpRequest, kind: str, problem: TenureError | None, view: FeedView | None = None
) -> dict[str, object]:
    known = dict(view.source.settings) if view is not None else {}
    posted = request.POST.dict() if request.method == "POST" else {}
    posted.pop("url", None)  # it may hold a password
    schedule = view.schedule if view is not None else "every 15"
    usual = {value for value, _ in SCHEDULES}
    return {
        "kind": KINDS[kind],
        "view": view,
        "problem": problem.words if problem is not None else None,
        "value": {
            "pattern": "*.csv",
            "overlap": 10,
            "schedule": schedule if schedule in usual else "",
            "cron": "" if schedule in usual else schedule,
            "name": view.source.name if view is not None else "",
            **known,
            **posted,
        },
        "schedules": SCHEDULES,
        "folders": allowed_folders() if kind != "webhook" else [],
    }
