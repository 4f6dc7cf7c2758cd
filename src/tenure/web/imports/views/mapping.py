"""Agreeing on what the columns are: a guess to confirm, or a map written by hand."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from tenure.record.events.queries import basis
from tenure.record.imports.operations.agreeing import FORMATS, is_anonymous
from tenure.record.imports.operations.drafts import Draft, draft_of
from tenure.record.imports.operations.uploading import forget_map, keep_choices, settle_map
from tenure.record.imports.queries import UploadView, money_in, type_lines, upload_view
from tenure.web.components.toasts import toast
from tenure.web.components.uploads import handed_in
from tenure.web.imports import forms
from tenure.web.imports.acts import send_off, try_out
from tenure.web.viewer import page
from tenure.words import TenureError, Words

_LARGEST_MAP = 1 << 20
_OPEN = Words("请先回答标出的问题", "Answer the marked questions first")
_NOBODY = Words(
    "没有客户列：所有事件都会不属于任何客户。请指明客户列，或确认确实没有客户",
    "No column says which customer: all events would be nobody's. Name the column, or confirm "
    "that there are no customers",
)


class NotAgreedError(TenureError):
    """The map of an upload is not whole yet."""


@page("import.run")
def agree(request: HttpRequest, upload_id: int) -> HttpResponse:
    """The map of an upload: shown, changed, tried, sent off."""
    upload = upload_view(upload_id)
    if upload.import_id is not None and upload.running is not None and not upload.running.is_over:
        return redirect("imports:report", upload.import_id)
    if request.method == "POST":
        return _changed(request, upload)
    if upload.own_map:
        return render(request, "imports/own_map.html", _frame(upload))
    draft = draft_of(upload_id)
    if not draft.is_open and upload.map_text != draft.text:
        settle_map(upload_id, draft.text, choices=upload.choices, own=False)
        upload = upload_view(upload_id)
    return render(request, "imports/agree.html", agree_context(upload, draft))


@page("import.run")
def map_file(request: HttpRequest, upload_id: int) -> HttpResponse:
    """The map as a file."""
    upload = upload_view(upload_id)
    return map_answer(upload.map_text, upload.map_name)


@page("import.run")
@require_POST
def own_map(request: HttpRequest, upload_id: int) -> HttpResponse:
    """A map written by hand, as text or as a file."""
    if "text" in request.POST:
        text = request.POST["text"].replace("\r\n", "\n")[:_LARGEST_MAP]
    else:
        [given] = handed_in(request, "map")
        data = given.read(_LARGEST_MAP)
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as failure:
            raise NotAgreedError(
                Words(f"{given.name} 不是 UTF-8 文本", f"{given.name} is not UTF-8 text")
            ) from failure
    settle_map(upload_id, text, choices=upload_view(upload_id).choices, own=True)
    return _then(request, upload_id)


@page("import.run")
@require_POST
def guess_again(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Back from a map written by hand to the guess."""
    forget_map(upload_id)
    return redirect("imports:upload", upload_id)


def map_answer(text: str, name: str) -> HttpResponse:
    """A map to be downloaded."""
    response = HttpResponse(text, content_type="application/yaml; charset=utf-8")
    disposition = content_disposition_header(as_attachment=True, filename=name)
    response.headers["Content-Disposition"] = disposition or "attachment"
    return response


def _changed(request: HttpRequest, upload: UploadView) -> HttpResponse:
    if upload.own_map:
        return _then(request, upload.id)
    draft = draft_of(upload.id)
    choices = forms.read_choices(request.POST, draft)
    with transaction.atomic():
        keep_choices(upload.id, choices)
        draft = draft_of(upload.id)
        if not draft.is_open:
            settle_map(upload.id, draft.text, choices=choices, own=False)
    if request.POST.get("then") in {"try", "run"}:
        problem = _OPEN if draft.is_open else None
        if problem is None and is_anonymous(draft.guess) and not choices["anonymous"]:
            problem = _NOBODY
        if problem is not None:
            toast(request, problem, level="warning")
            return redirect("imports:upload", upload.id)
    return _then(request, upload.id)


def _then(request: HttpRequest, upload_id: int) -> HttpResponse:
    then = request.POST.get("then")
    if then == "run":
        send_off(request, upload_id)
        return redirect("imports:running", upload_id)
    if then == "try":
        try_out(request, upload_id)
    return redirect("imports:upload", upload_id)


def _frame(upload: UploadView) -> dict[str, object]:
    trial = upload.trial
    return {
        "upload": upload,
        "trial": trial,
        "trial_types": type_lines(trial.tally) if trial else [],
        "money_in": money_in(upload.map_text, upload.map_name),
        "currency": basis().currency,
        "step": 2,
    }


def agree_context(upload: UploadView, draft: Draft) -> dict[str, object]:
    """What a page shows on which the map of a file is agreed."""
    guess = draft.guess
    options = draft.table.options
    return {
        **_frame(upload),
        "draft": draft,
        "format": FORMATS.get(options.format or ""),
        "encoding": options.encoding,
        "columns": forms.column_rows(draft),
        "events": forms.event_options(draft.library),
        "event_type": forms.single_type(draft),
        "types": forms.type_rows(draft),
        "grouped": "group_by" in guess.document,
        "could_group": guess.could_group,
        "foreign": guess.document.get("currency"),
        "anonymous": is_anonymous(guess),
        "notes": [*draft.table.notes, *guess.problems],
        "refused": guess.refused,
        "samples": range(1, min(len(guess.rows), 3) + 1),
    }
