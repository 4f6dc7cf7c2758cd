"""Saving what was typed into the profile, or showing what stands in the way."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from tenure.clock import now
from tenure.derive.customers.operations.profiling import (
    FieldEdit,
    ProfileConflictError,
    ProfileFieldError,
    edit_profile,
)
from tenure.web.components.toasts import toast, toast_now
from tenure.web.customers.views.customer import render_page
from tenure.web.customers.views.customer_frame import NAME_FIELDS, Opened, open_customer
from tenure.web.customers.views.customer_profile import ALL, Typed, profile_context
from tenure.web.viewer import page
from tenure.words import Words

SAVED = Words("已保存", "Saved")
UNCHANGED = Words("没有改动", "Nothing was changed")
_LONGEST_NUMBER = 19


@page("customer.view")
def profile(request: HttpRequest, customer_id: int) -> HttpResponse:
    """The card of the profile, to read or with a form; or saving what was typed into one."""
    return _profile(request, customer_id)


@require_http_methods(["GET", "HEAD", "POST"])
def _profile(request: HttpRequest, customer_id: int) -> HttpResponse:
    opened = open_customer(request, customer_id)
    if request.method == "POST":
        return _save(opened)
    editing = request.GET.get("edit", "") if opened.allowed["edit"] else ""
    return _answer(opened, editing)


def _save(opened: Opened) -> HttpResponse:
    edits = _edits(opened)
    editing = opened.request.POST.get("editing", ALL)
    try:
        number = edit_profile(opened.customer_id, edits, by=opened.viewer, at=now())
    except ProfileFieldError as refused:
        typed = Typed({one.key: one for one in edits}, refused.problems)
        return _answer(opened, editing, typed, status=422)
    except ProfileConflictError as conflict:
        fresh = open_customer(opened.request, opened.customer_id)
        typed = Typed({one.key: one for one in edits}, conflicts=conflict.conflicts)
        return _answer(fresh, editing, typed, status=409)
    words = UNCHANGED if number is None else SAVED
    if opened.request.headers.get("HX-Request") != "true":
        toast(opened.request, words)
        return HttpResponseRedirect(opened.address)
    response = _answer(open_customer(opened.request, opened.customer_id), "")
    if number is not None and any(one.key in NAME_FIELDS for one in edits):
        toast(opened.request, words)
        response.headers["HX-Refresh"] = "true"
        return response
    return toast_now(response, words)


def _edits(opened: Opened) -> list[FieldEdit]:
    """The fields a form carries; of one in conflict, the value that was picked."""
    posted = opened.request.POST
    edits = []
    for entry in opened.profile.fields:
        key = entry.field.key
        if f"base-{key}" not in posted:
            continue
        text = posted.get(f"f-{key}", "")
        picked = posted.get(f"pick-{key}")
        if picked == "current":
            continue
        if picked == "original":
            text = posted.get(f"original-{key}", "")
        # who does not see a value leaves it alone by typing nothing
        if entry.hidden and not text and not posted.get(f"clear-{key}") and picked is None:
            continue
        edits.append(FieldEdit(key, text, _number(posted.get(f"base-{key}", ""))))
    return edits


def _number(text: str) -> int:
    fits = text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER
    return int(text) if fits else -1


def _answer(
    opened: Opened, editing: str, typed: Typed | None = None, status: int = 200
) -> HttpResponse:
    """The card for htmx, the whole page for others."""
    context = profile_context(opened, editing, typed)
    if opened.request.headers.get("HX-Request") == "true":
        card = {"opened": opened, "as_of": opened.moment, "may": opened.allowed, **context}
        return render(opened.request, "customers/customer_profile.html", card, status=status)
    return render_page(opened, status=status, **context)
