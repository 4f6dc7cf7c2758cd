"""Agreeing on the map of a feed: a sample, the guess, what it becomes, saved."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from tenure.clock import now
from tenure.guard.access.queries import demand
from tenure.guard.audit.operations import note
from tenure.record.events.queries import letter_groups
from tenure.record.feeds.operations import (
    Preview,
    feed_draft,
    forget_sample,
    preview_map,
    settle_feed_map,
    take_sample,
)
from tenure.record.feeds.queries import FeedView
from tenure.record.imports.operations.agreeing import is_anonymous
from tenure.record.imports.operations.drafts import Draft
from tenure.record.imports.operations.uploading import keep_choices
from tenure.record.imports.queries import sample_of, upload_view
from tenure.web.components.toasts import toast
from tenure.web.feeds.kinds import KINDS
from tenure.web.feeds.views.acts import MANAGE, try_refused
from tenure.web.feeds.views.one import found_feed
from tenure.web.imports import forms
from tenure.web.imports.views.mapping import agree_context
from tenure.web.language import reader_language
from tenure.web.viewer import page, viewer_of
from tenure.words import TenureError, Words

_LARGEST = 1 << 20
_OPEN = Words("请先回答标出的问题", "Answer the marked questions first")
_NOBODY = Words(
    "没有客户列：所有事件都会不属于任何客户。请指明客户列，或确认确实没有客户",
    "No column says which customer: all events would be nobody's. Name the column, or confirm "
    "that there are no customers",
)


@page(MANAGE)
def agree(request: HttpRequest, source_id: int) -> HttpResponse:
    """What each field of a feed is: guessed from a sample, changed, previewed, saved."""
    view = found_feed(request, source_id)
    number = sample_of(source_id)
    if number is None:
        return render(request, "feeds/sample.html", _frame(view))
    draft = feed_draft(source_id, number)
    if request.method == "POST":
        choices = forms.read_choices(request.POST, draft)
        keep_choices(number, choices)
        draft = feed_draft(source_id, number)
        if request.POST.get("then") == "save":
            anonymous = is_anonymous(draft.guess) and not choices["anonymous"]
            problem = _OPEN if draft.is_open else _NOBODY if anonymous else None
            if problem is None:
                return _save(request, view, draft.text)
            toast(request, problem, level="warning")
        return redirect("feeds:mapping", source_id)
    context = {**agree_context(upload_view(number), draft), **_frame(view), "feed": view}
    context["notes"] = [one for one in _listed(context["notes"]) if "_received_at" not in one.zh]
    context["could_group"] = context["could_group"] and view.source.kind != "webhook"
    context |= _previewed(source_id, number, draft)
    return render(request, "feeds/mapping.html", context)


@require_POST
@page(MANAGE)
def sample(request: HttpRequest, source_id: int) -> HttpResponse:
    """Take a sample: what was pasted, what was received, a file, or rows of the table."""
    view, viewer, at = found_feed(request, source_id), viewer_of(request), now()
    if request.POST.get("drop"):
        forget_sample(source_id, at=at)
        return redirect("feeds:mapping", source_id)
    text = request.POST.get("text", "")[:_LARGEST]
    if view.source.kind == "webhook" and not text.strip():
        demand(viewer, "event.mend")  # what was received is read out of the vault
        note("feed.sample_read", by=viewer, at=at, about=f"source:{source_id}")
    take_sample(source_id, text=text, by=viewer, at=at, language=reader_language())
    return redirect("feeds:mapping", source_id)


@require_POST
@page(MANAGE)
def own_text(request: HttpRequest, source_id: int) -> HttpResponse:
    """A map written by hand."""
    view = found_feed(request, source_id)
    return _save(request, view, request.POST.get("text", "").replace("\r\n", "\n")[:_LARGEST])


def _save(request: HttpRequest, view: FeedView, text: str) -> HttpResponse:
    viewer, at, source_id = viewer_of(request), now(), view.source.id
    for words in settle_feed_map(source_id, text, by=viewer, at=at):
        toast(request, words)
    note("feed.mapped", by=viewer, at=at, about=f"source:{source_id}")
    forget_sample(source_id, at=at)
    waits = view.source.kind == "webhook" and _waiting(view) and not view.source.paused_at
    if waits and request.POST.get("retry") == "1":
        try_refused(request, source_id)
    toast(request, Words("映射已保存，从现在起生效", "The map is saved and counts from now on"))
    return redirect("feeds:feed", source_id)


def _previewed(source_id: int, upload_id: int, draft: Draft) -> dict[str, object]:
    """What the sample would become; nothing while questions are open."""
    preview: Preview | None = None
    problem: Words | None = None
    if not draft.is_open:
        try:
            preview = preview_map(source_id, upload_id, draft.text, at=now())
        except TenureError as refusal:
            problem = refusal.words
    return {"preview": preview, "problem": problem, "map_text": draft.text}


def _frame(view: FeedView) -> dict[str, object]:
    return {
        "view": view,
        "kind": KINDS[view.source.kind],
        "waiting": _waiting(view) if view.source.kind == "webhook" else 0,
        "map_text": view.source.settings.get("map") or "",
    }


def _waiting(view: FeedView) -> int:
    groups, _ = letter_groups(source=view.source.key)
    return sum(len(group) for group in groups)


def _listed(value: object) -> list[Words]:
    return [one for one in value if isinstance(one, Words)] if isinstance(value, list) else []
