"""Acts of the editor that others see, and giving a draft up."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from tenure.clock import now
from tenure.definitions.drafting import read_draft
from tenure.derive.lifecycles.jobs import follow_log
from tenure.derive.lifecycles.operations import publish_definitions, roll_forward
from tenure.record.library.operations import begin_draft, discard_draft
from tenure.record.library.queries import DraftView, draft, versions
from tenure.web.components.addresses import safe_return
from tenure.web.components.toasts import Undo, toast
from tenure.web.viewer import page, viewer_of
from tenure.words import TenureError, Words


class OvertakenError(TenureError):
    """Somebody published the definition while this page was open."""


class NoDraftError(TenureError):
    """There is nothing to publish."""


@require_POST
@page("definition.publish")
def publish(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Publish the draft as the next version, unless another version came in between."""
    mine, latest = draft_to_publish(request, kind, key)
    published = publish_definitions(
        [read_draft(mine.body, kind, key)],
        note=request.POST.get("note", ""),
        by=viewer_of(request),
        at=now(),
        address=request.META.get("REMOTE_ADDR", ""),
    )
    _told(request, published[0].number if published else latest)
    return redirect("definitions:one", kind, key)


def draft_to_publish(request: HttpRequest, kind: str, key: str) -> tuple[DraftView, int]:
    """The viewer's draft, and the number of the version in force, which they have seen.

    Raises:
        NoDraftError: there is none.
        OvertakenError: another version came in between.
    """
    mine = draft(kind, key, viewer_of(request))
    if mine is None:
        raise NoDraftError(
            Words(
                "没有要发布的草稿，可能已经发布过了",
                "there is no draft; it may be published already",
            )
        )
    known = versions(kind, key)
    latest = known[-1].number if known else 0
    if request.POST.get("seen") != str(latest):
        raise OvertakenError(
            Words(
                f"您编辑时有人发布了第 {latest} 版。请回到编辑页看看差别再发布",
                f"version {latest} was published while you were editing; "
                "go back to the editor and look at the differences first",
            )
        )
    return mine, latest


@require_POST
@page("definition.publish")
def roll(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Publish what an older version said as a new one."""
    text = request.POST.get("number", "")
    published = roll_forward(
        kind,
        key,
        int(text) if text.isdigit() and len(text) < 9 else 0,
        note=request.POST.get("note", ""),
        by=viewer_of(request),
        at=now(),
        address=request.META.get("REMOTE_ADDR", ""),
    )
    if published:
        _told(request, published[0].number)
    else:
        words = Words(
            "现在的版本说的就是这些，没有变化", "That is what the version in force says already"
        )
        toast(request, words, level="info")
    return redirect("definitions:one", kind, key)


@require_POST
@page("definition.publish")
def discard(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Give the draft up; with ``body`` it is taken back (the undo of this very act)."""
    viewer = viewer_of(request)
    body = request.POST.get("body")
    if body is not None:
        begin_draft(kind, key, body=body, by=viewer, at=now(), anew=True)
        return redirect("definitions:edit", kind, key)
    mine = draft(kind, key, viewer)
    if mine is not None:
        discard_draft(kind, key, by=viewer)
        fields = {"body": mine.body} if len(mine.body) < _MOST_UNDONE else None
        undo = Undo(request.path, fields) if fields else None
        toast(request, Words("草稿已丢弃", "The draft is discarded"), undo=undo)
    otherwise = "/definitions/"
    return redirect(safe_return(request, request.POST.get("next"), otherwise))


_MOST_UNDONE = 100_000
"""Characters of a draft that can be taken back; longer ones would fill the session."""


def _told(request: HttpRequest, number: int) -> None:
    transaction.on_commit(follow_log.enqueue)
    words = Words(
        f"已发布第 {number} 版，正在重新计算",
        f"Version {number} is published; computing anew",
    )
    toast(request, words)
