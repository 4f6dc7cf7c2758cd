"""What can be done with a feed at the press of a button."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from tenure.clock import now
from tenure.guard.audit.operations import note
from tenure.record.feeds.jobs import send_off, try_again
from tenure.record.feeds.operations import FeedError, start_over
from tenure.record.imports.jobs import plain_actor
from tenure.record.sources.operations import pause_source, resume_source
from tenure.web.components.toasts import toast
from tenure.web.feeds.views.one import found_feed
from tenure.web.viewer import page, viewer_of
from tenure.words import Words

MANAGE = "source.manage"


@require_POST
@page(MANAGE)
def pull(request: HttpRequest, source_id: int) -> HttpResponse:
    """Look at a folder or a table now."""
    view = found_feed(request, source_id)
    if (
        view.source.kind == "webhook"
        or view.source.paused_at
        or not view.source.settings.get("map")
    ):
        raise FeedError(
            Words(
                "请先设置映射并恢复来源，再同步",
                "make a map and resume the source first, then it can be read",
            )
        )
    with transaction.atomic():
        send_off(source_id, by=viewer_of(request))
        _note(request, "feed.pulled", source_id)
    toast(request, Words("正在同步，可离开此页", "Reading has begun; you may leave this page"))
    return redirect("feeds:feed", source_id)


@require_POST
@page(MANAGE)
def pausing(request: HttpRequest, source_id: int) -> HttpResponse:
    """Pause a feed, or let it go on."""
    view, viewer, at = found_feed(request, source_id), viewer_of(request), now()
    pulled = view.source.kind != "webhook"
    if request.POST.get("wanted") == "paused":
        pause_source(source_id, by=viewer, at=at)
        _note(request, "source.paused", source_id)
        said = (
            Words("已暂停：到时间也不再读取", "Paused: nothing is read until it is resumed")
            if pulled
            else Words("已暂停：照常接收，先不进入日志", "Paused: records still arrive, and wait")
        )
    else:
        resume_source(source_id, by=viewer, at=at)
        _note(request, "source.resumed", source_id)
        said = (
            Words("已恢复", "Resumed")
            if pulled
            else Words("已恢复；等待的记录请点“重试”", "Resumed; “Try again” records what waits")
        )
    toast(request, said)
    return redirect("feeds:feed", source_id)


@require_POST
@page(MANAGE)
def retry(request: HttpRequest, source_id: int) -> HttpResponse:
    """Try the refused records of a webhook again."""
    view = found_feed(request, source_id)
    if view.source.paused_at is not None:
        raise FeedError(Words("来源已暂停：请先恢复", "the source is paused: resume it first"))
    try_refused(request, source_id)
    toast(
        request, Words("正在重试，稍后刷新可见结果", "Trying again; reload to see what came of it")
    )
    return redirect("feeds:feed", source_id)


@require_POST
@page(MANAGE)
def over(request: HttpRequest, source_id: int) -> HttpResponse:
    """Have everything read again at the next look."""
    found_feed(request, source_id)
    start_over(source_id, by=viewer_of(request), at=now())
    _note(request, "feed.started_over", source_id)
    said = Words(
        "下次同步会从头再读；已在日志里的不会重复",
        "The next look begins at the beginning; what is in the log already is recognised",
    )
    toast(request, said)
    return redirect("feeds:feed", source_id)


def try_refused(request: HttpRequest, source_id: int) -> None:
    """Have refused records tried again in the background."""
    with transaction.atomic():
        try_again.enqueue(source_id, plain_actor(viewer_of(request)))
        _note(request, "feed.retried", source_id)


def _note(request: HttpRequest, action: str, source_id: int) -> None:
    note(action, by=viewer_of(request), at=now(), about=f"source:{source_id}")
