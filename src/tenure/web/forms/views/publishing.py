"""Acts that visitors see: publishing, going back, switching on and off; and giving a draft up."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from tenure.clock import now
from tenure.definitions import Definition, Form
from tenure.definitions.drafting import read_draft
from tenure.derive.lifecycles.operations import publish_definitions, roll_forward
from tenure.record.forms.queries import open_form
from tenure.record.library.operations import begin_draft, discard_draft
from tenure.record.library.queries import draft
from tenure.web.components.toasts import Undo, toast
from tenure.web.definitions.views.publishing import draft_to_publish
from tenure.web.forms.views.listing import MANAGE
from tenure.web.viewer import page, viewer_of
from tenure.words import Words


@require_POST
@page(MANAGE)
def publish(request: HttpRequest, key: str) -> HttpResponse:
    """Publish the draft as the next version, unless another version came in between."""
    mine, _ = draft_to_publish(request, Form.kind, key)
    _publish(request, [read_draft(mine.body, Form.kind, key)], request.POST.get("note", ""))
    return redirect("forms:one", key)


@require_POST
@page(MANAGE)
def back(request: HttpRequest, key: str) -> HttpResponse:
    """Publish what an older version said as a new one."""
    text = request.POST.get("number", "")
    published = roll_forward(
        Form.kind,
        key,
        int(text) if text.isdigit() and len(text) < 9 else 0,
        note=request.POST.get("note", ""),
        by=viewer_of(request),
        at=now(),
        address=request.META.get("REMOTE_ADDR", ""),
    )
    _told(request, published[0].number if published else None)
    return redirect("forms:one", key)


@require_POST
@page(MANAGE)
def switch(request: HttpRequest, key: str) -> HttpResponse:
    """Close a form, or open it again; this too is a version."""
    opened = open_form(key)
    wanted = request.POST.get("wanted") == "closed"
    if opened is not None and opened.form.closed != wanted:
        note = "停用 / closed" if wanted else "启用 / opened again"
        form = dataclasses.replace(opened.form, closed=wanted)
        mine = draft(Form.kind, key, viewer_of(request))
        _publish(request, [form], note, quiet=True)
        if mine is not None:  # switching is no word about the draft
            begin_draft(Form.kind, key, body=mine.body, by=viewer_of(request), at=now())
        said = Words("表单已停用", "The form is closed")
        if not wanted:
            said = Words("表单已启用", "The form is open")
        undo = Undo(request.path, {"wanted": "open" if wanted else "closed"})
        toast(request, said, undo=undo)
    return redirect("forms:one", key)


@require_POST
@page(MANAGE)
def discard(request: HttpRequest, key: str) -> HttpResponse:
    """Give the draft up; with ``body`` it is taken back (the undo of this very act)."""
    viewer = viewer_of(request)
    body = request.POST.get("body")
    if body is not None:
        begin_draft(Form.kind, key, body=body, by=viewer, at=now(), anew=True)
        return redirect("forms:edit", key)
    mine = draft(Form.kind, key, viewer)
    if mine is not None:
        discard_draft(Form.kind, key, by=viewer)
        undo = Undo(request.path, {"body": mine.body}) if len(mine.body) < 100_000 else None
        toast(request, Words("草稿已丢弃", "The draft is discarded"), undo=undo)
    return redirect("forms:list")


def _publish(
    request: HttpRequest, definitions: Sequence[Definition], note: str, *, quiet: bool = False
) -> None:
    published = publish_definitions(
        definitions,
        note=note,
        by=viewer_of(request),
        at=now(),
        address=request.META.get("REMOTE_ADDR", ""),
    )
    if not quiet:
        _told(request, published[0].number if published else None)


def _told(request: HttpRequest, number: int | None) -> None:
    if number is None:
        words = Words(
            "现行版说的就是这些，没有变化", "That is what the version in force says already"
        )
        toast(request, words, level="info")
    else:
        toast(request, Words(f"已发布第 {number} 版", f"Version {number} is published"))
