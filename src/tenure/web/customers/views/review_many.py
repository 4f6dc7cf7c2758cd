"""Comparing all customers from the queue, and deciding many suggestions at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from tenure.clock import now
from tenure.derive.customers.jobs import (
    accept_many_suggestions,
    begin_comparing,
    undo_many_suggestions,
)
from tenure.derive.customers.operations import accept_suggestions
from tenure.derive.customers.operations.checking import stop_check
from tenure.derive.customers.operations.suggesting import MOST_ACCEPTED
from tenure.derive.customers.queries.suggestions import (
    accepted_at_once,
    latest_check,
    likely_right,
    suggestion_ids,
)
from tenure.derive.lifecycles.jobs import follow_log
from tenure.ids import uuid7
from tenure.record.imports.jobs import plain_actor
from tenure.record.imports.queries import job_progress
from tenure.web.components.toasts import Undo, toast
from tenure.web.viewer import page, viewer_of
from tenure.words import TenureError, Words

Context = dict[str, Any]
RIGHT = "customer.merge"
LINES = (0.999, 0.99, 0.95, 0.9)
_TAKEN_BACK_FOR = timedelta(days=7)
_ACCEPT_JOB = "accept_job"


@page(RIGHT)
@require_POST
def look_again(request: HttpRequest) -> HttpResponse:
    """Compare all customers anew, in the background."""
    begin_comparing(by=viewer_of(request), at=now())
    return redirect("customers:review")


@page(RIGHT)
@require_POST
def stop(request: HttpRequest) -> HttpResponse:
    """Ask the comparison that runs to end."""
    stop_check()
    toast(request, Words("正在停止，原有建议不变", "Ending; the suggestions stay as they were"))
    return redirect("customers:review")


@page(RIGHT)
def checking(request: HttpRequest) -> HttpResponse:
    """The part of the page that tells how far the work is; the page anew after it."""
    context = work_context(request)
    response = render(request, "customers/review_work.html", context)
    if not context["work"]:
        response.headers["HX-Refresh"] = "true"
    return response


@page(RIGHT)
@require_POST
def accept_many(request: HttpRequest) -> HttpResponse:
    """Accept all above a probability, on however many pages they are."""
    text = request.POST.get("least", "")
    least = next((line for line in LINES if f"{line}" == text), None)
    if least is None:
        raise TenureError(Words("请选择概率", "choose a probability"))
    by = viewer_of(request)
    numbers = suggestion_ids(viewer=by, least=least, limit=MOST_ACCEPTED + 1)
    if not numbers:
        toast(request, Words("没有达到这个概率的建议", "no suggestion reaches it"), level="info")
    elif len(numbers) <= MOST_ACCEPTED:
        accept(request, numbers)
    else:
        job = accept_many_suggestions.enqueue(uuid7(now()).hex, least, plain_actor(by))
        request.session[_ACCEPT_JOB] = job.id
    return redirect("customers:review")


@page(RIGHT)
@require_POST
def undo_many(request: HttpRequest) -> HttpResponse:
    """Take back all merges of one such acceptance."""
    group = request.POST.get("group", "")
    job = undo_many_suggestions.enqueue(group, plain_actor(viewer_of(request)))
    request.session[_ACCEPT_JOB] = job.id
    return redirect("customers:review")


def accept(request: HttpRequest, numbers: list[int]) -> None:
    """Accept some now, with a note that takes them back."""
    done = accept_suggestions(numbers, by=viewer_of(request), at=now())
    follow_log.enqueue()
    undo = None
    if done.action_id is not None:
        fields = {"action": str(done.action_id), "next": reverse("customers:review")}
        undo = Undo(reverse("customers:undo"), fields)
    words = Words(f"已合并 {done.changed:,} 对", f"{done.changed:,} merged")
    toast(request, words, undo=undo)


def many_context(request: HttpRequest) -> Context:
    """What the queue tells of many: what a line is expected to be right in, and what was done."""
    viewer = viewer_of(request)
    return {
        "lines": likely_right(LINES, viewer=viewer),
        "at_once": accepted_at_once(viewer=viewer, since=now() - _TAKEN_BACK_FOR),
        **work_context(request),
    }


def work_context(request: HttpRequest) -> Context:
    """What runs just now: comparing, for everybody; merging many, for who asked for it."""
    check = latest_check()
    found = []
    for job_id, is_check in (
        (check.job_id if check else "", True),
        (str(request.session.get(_ACCEPT_JOB, "")), False),
    ):
        progress = job_progress(job_id)
        if progress is not None and not progress.is_over:
            found.append({"progress": progress, "can_stop": is_check and check is not None})
    return {"work": found, "stopping": bool(check and check.stopping)}
