"""Submissions that look like spam: let in or deleted by a person."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from tenure.clock import now
from tenure.definitions import Form, Library, questions_of
from tenure.derive.customers.queries import group_of
from tenure.derive.customers.queries.masking import masked
from tenure.derive.customers.queries.profile_scope import reads
from tenure.guard.access.queries import Rights
from tenure.guard.audit.operations import note
from tenure.record.forms.operations import delete_submission, release_submission
from tenure.record.forms.queries import HeldView, OpenForm, held_submissions, open_form
from tenure.web.components.toasts import toast
from tenure.web.forms.views.listing import MANAGE
from tenure.web.viewer import page, rights_on, viewer_of
from tenure.words import Words


@page(MANAGE)
def waiting(request: HttpRequest, key: str) -> HttpResponse:
    """What waits of a form; with ``show`` posted, personal answers as far as may be revealed."""
    opened, rights = _opened(key), rights_on(request)
    showing = request.method == "POST" and bool(request.POST.get("show"))
    revealing = rights.reveals if showing else frozenset()
    if showing:
        note("form.held_shown", by=viewer_of(request), at=now(), about=f"form:{key}")
    rows = [
        {"is": one, "answers": _answers(one, opened.form, opened.library, rights, revealing)}
        for one in held_submissions(key, viewer_of(request))
    ]
    context = {"form": opened.form, "rows": rows, "showing": showing, "may_show": rights.reveals}
    return render(request, "forms/held.html", context)


@require_POST
@page(MANAGE)
def decide(request: HttpRequest, key: str) -> HttpResponse:
    """Not spam: let it in. Spam: delete it."""
    opened, viewer, at = _opened(key), viewer_of(request), now()
    text = request.POST.get("id", "")
    number = int(text) if text.isdigit() and len(text) < 19 else 0
    if request.POST.get("wanted") == "in":
        release_submission(number, opened.form, by=viewer, at=at)
        note("form.released", by=viewer, at=at, about=f"form:{key}", detail={"id": number})
        toast(request, Words("已放行，几秒后成为客户", "Let in; it is a customer within seconds"))
    else:
        delete_submission(number, key, by=viewer, at=at)
        note("form.deleted", by=viewer, at=at, about=f"form:{key}", detail={"id": number})
        toast(request, Words("已删除", "Deleted"))
    return redirect("forms:held", key)


def _opened(key: str) -> OpenForm:
    opened = open_form(key)
    if opened is None:
        raise Http404
    return opened


def _answers(
    view: HeldView, form: Form, library: Library, rights: Rights, revealing: frozenset[str]
) -> list[Mapping[str, object]]:
    party = library.party_types.get(form.party)
    known = {one.key: one for one in questions_of(form, party)} if party else {}
    rows: list[Mapping[str, object]] = []
    for key, value in view.answers.items():
        question = known.get(key)
        told = (question.field or question.identifier) if question else None
        personal = told is None or told.personal
        hidden = personal and not reads(rights, key, revealing)
        rows.append(
            {
                "label": question.label if question else Words(key, key),
                "value": masked(group_of(key), value) if hidden else value,
                "hidden": hidden,
            }
        )
    return rows
