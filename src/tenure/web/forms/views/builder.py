"""The builder: a draft as fields, saved as it is written, checked and shown as it stands."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from tenure.clock import now
from tenure.definitions import Form, Library
from tenure.definitions.document import KEY, KEY_RULE
from tenure.definitions.drafting import draft_of, same_content, text_of
from tenure.record.library.operations import DraftConflictError, begin_draft, save_draft
from tenure.record.library.queries import (
    DraftView,
    current_library,
    draft,
    other_writers,
    versions,
)
from tenure.web.definitions.checking import Checked, check_draft
from tenure.web.definitions.starting import starting_text
from tenure.web.definitions.views.editor import begun_draft
from tenure.web.forms.asking import agreed_of, asked_of
from tenure.web.forms.drafting import draft_of_form, form_of_draft, form_of_post
from tenure.web.forms.views.listing import MANAGE
from tenure.web.language import reader_language
from tenure.web.viewer import page, viewer_of
from tenure.words import Words


@page(MANAGE)
def new(request: HttpRequest) -> HttpResponse:
    """A new form: its key and name first."""
    key, name = request.POST.get("key", "").strip(), request.POST.get("name", "").strip()
    problem: Words | None = None
    if request.method == "POST":
        if KEY.fullmatch(key):
            if not versions(Form.kind, key) and not draft(Form.kind, key, viewer_of(request)):
                body = starting_text(Form.kind, key, name)
                begin_draft(Form.kind, key, body=body, by=viewer_of(request), at=now())
            return redirect("forms:edit", key)
        problem = KEY_RULE
    context = {"key": key, "name": name, "problem": problem}
    return render(request, "forms/new.html", context, status=400 if problem else 200)


@page(MANAGE)
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """The builder."""
    mine = begun_draft(request, Form.kind, key)
    plain = draft_of(mine.body)
    form = form_of_draft(plain or {})
    library, _ = current_library()
    names = _names(library, form.plain.get("party", ""))
    asked = {row.field for row in form.fields}
    context = _checked(check_draft(mine)) | {
        "form": form,
        "revision": mine.revision,
        "others": other_writers(Form.kind, key, viewer_of(request)),
        "parties": sorted(library.party_types.values(), key=lambda one: one.key),
        "askable": [(one, words) for one, words in names.items() if one not in asked],
        "questioned": [
            (row, names.get(row.field) or Words(row.field, row.field)) for row in form.fields
        ],
        **_preview(mine, library),
    }
    return render(request, "forms/builder.html", context)


@require_POST
@page(MANAGE)
def save(request: HttpRequest, key: str) -> HttpResponse:
    """Store the draft; by itself through htmx, which gets what is wrong with it in return."""
    said = draft_of_form(form_of_post(request.POST), key)
    stored = begun_draft(request, Form.kind, key).body
    body = stored if same_content(stored, said) else text_of(said)
    given = request.POST.get("revision", "")
    overwrite = bool(request.POST.get("overwrite"))
    revision = int(given) if given.isdigit() and not overwrite else None
    conflict = None
    try:
        mine = save_draft(
            Form.kind, key, body=body, revision=revision, by=viewer_of(request), at=now()
        )
    except DraftConflictError as error:
        conflict, mine = error, error.stored
    if request.headers.get("HX-Request") != "true" or request.POST.get("do"):
        if conflict is not None:
            raise conflict
        return redirect("forms:edit", key)
    context = _checked(check_draft(mine)) | {
        "conflict": conflict,
        "saved": conflict is None,
        "revision": given if conflict else mine.revision,
    }
    response = render(request, "definitions/_checked.html", context)
    if conflict is None:
        response.headers["HX-Trigger-After-Settle"] = "draft-saved"
    return response


@page(MANAGE)
def preview(request: HttpRequest, key: str) -> HttpResponse:
    """The form as visitors would see it, in the language asked for."""
    library, _ = current_library()
    return render(
        request, "forms/preview.html", _preview(begun_draft(request, Form.kind, key), library)
    )


def _preview(mine: DraftView, library: Library) -> dict[str, Any]:
    checked = check_draft(mine)
    form = checked.definition if isinstance(checked.definition, Form) else None
    return {
        "shown": form,
        "shown_title": (form.title or form.name) if form else None,
        "questions": asked_of(form, library, {}, {}) if form else [],
        "agreed": agreed_of(form, (), {}) if form else [],
        "key": mine.key,
    }


def _checked(checked: Checked) -> dict[str, Any]:
    plain = draft_of(checked.draft.body) or {}
    name = plain.get("name")
    words = name if isinstance(name, dict) else {}
    key = checked.draft.key
    return {
        "checked": checked,
        "draft": checked.draft,
        "kind": Form.kind,
        "key": key,
        "title": str(words.get(reader_language()) or key),
        "publish_address": reverse("forms:publish", args=[key]),
        "edit_address": reverse("forms:edit", args=[key]),
    }


def _names(library: Library, party: str) -> dict[str, Words]:
    """What can be asked of a party, by what the party type calls it."""
    found = library.party_types.get(party)
    if found is None:
        return {}
    names = {
        one.key: one.name or Words(one.key, one.key)
        for one in found.identifiers
        if one.strength == "strong" and not one.fleeting
    }
    return names | {one.key: one.name or Words(one.key, one.key) for one in found.fields}
