"""The editor: a draft as a form or as YAML, saved as it is written, checked as it stands."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from tenure.clock import now
from tenure.definitions import dump
from tenure.definitions.document import EVENT_KEY, KEY, KEY_RULE
from tenure.definitions.drafting import draft_of, has_comments, same_content, text_of
from tenure.definitions.trying import Place, nameables, try_expression
from tenure.guard.access.queries import ForbiddenError
from tenure.record.library.operations import DraftConflictError, begin_draft, save_draft
from tenure.record.library.queries import (
    DraftView,
    current_library,
    draft,
    other_writers,
    versions,
)
from tenure.web.definitions.checking import Checked, check_draft
from tenure.web.definitions.kinds import AGGREGATES, CANONICAL, EDITED, KINDS, UNITS, WITH_FORM
from tenure.web.definitions.lifecycle_form import (
    draft_of_form,
    form_of_lifecycle,
    form_posted,
)
from tenure.web.definitions.metric_form import draft_of_metric, form_of_metric, metric_posted
from tenure.web.definitions.starting import starting_text
from tenure.web.language import reader_language, told
from tenure.web.viewer import page, rights_on, viewer_of
from tenure.words import Words

_PLACES: dict[str, Place] = {"when": "when", "where": "where", "expression": "expression"}


@page("definition.publish")
def edit(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """The form, where the kind has one and the YAML can be read; else the YAML."""
    mine = begun_draft(request, kind, key)
    plain = draft_of(mine.body)
    if kind not in WITH_FORM or plain is None:
        return redirect("definitions:yaml", kind, key)
    context = _context(request, mine, "form")
    if kind == "lifecycle":
        context["form"] = form_of_lifecycle(plain)
    else:
        context["form"] = form_of_metric(plain)
    return render(request, f"definitions/edit_{kind}.html", context)


@page("definition.publish")
def edit_yaml(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """The draft as YAML."""
    mine = begun_draft(request, kind, key)
    return render(request, "definitions/edit_yaml.html", _context(request, mine, "yaml"))


@require_POST
@page("definition.publish")
def save(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Store the draft; by itself through htmx, which gets what is wrong with it in return."""
    _check_kind(kind)
    by_form = request.POST.get("tab") == "form"
    body = _posted(request, kind, key) if by_form else request.POST.get("body", "")
    body = body.replace("\r\n", "\n")
    given = request.POST.get("revision", "")
    overwrite = bool(request.POST.get("overwrite"))
    revision = int(given) if given.isdigit() and not overwrite else None
    conflict = None
    try:
        mine = save_draft(kind, key, body=body, revision=revision, by=viewer_of(request), at=now())
    except DraftConflictError as error:
        conflict, mine = error, error.stored
    part = request.headers.get("HX-Request") == "true" and not request.POST.get("do")
    if not part:
        if conflict is not None:
            raise conflict
        return redirect("definitions:edit" if by_form else "definitions:yaml", kind, key)
    context = _checked(check_draft(mine)) | {
        "conflict": conflict,
        "saved": conflict is None,
        "revision": given if conflict else mine.revision,
    }
    response = render(request, "definitions/_checked.html", context)
    if conflict is None:
        response.headers["HX-Trigger-After-Settle"] = "draft-saved"
    return response


@page()
def names(request: HttpRequest) -> HttpResponse:
    """What an expression may name, for completion: here, and where customers are filtered."""
    rights = rights_on(request)
    if not (rights.may("definition.view") or rights.may("customer.view")):
        raise ForbiddenError("definition.view")
    library, _ = current_library()
    place = _PLACES.get(request.GET.get("place", ""), "when")
    found = nameables(library, place, request.GET.getlist("of"))
    return JsonResponse(
        {"names": [{"key": one.key, "name": told(one.name), "sort": one.sort} for one in found]}
    )


@require_POST
@page("definition.view")
def explain(request: HttpRequest) -> HttpResponse:
    """An expression in words of both languages, or what is wrong with it and where."""
    library, _ = current_library()
    place = _PLACES.get(request.POST.get("place", ""), "when")
    text = request.POST.get("expression", "")[:20_000]
    tried = None
    if text.strip():
        tried = try_expression(text, library, place, of=request.POST.getlist("of"))
    return render(request, "definitions/_said.html", {"tried": tried})


@page("definition.publish")
def new(request: HttpRequest) -> HttpResponse:
    """A new definition: its kind and key first."""
    kind = request.POST.get("kind") or request.GET.get("kind", "metric")
    _check_kind(kind)
    key = request.POST.get("key", "").strip()
    problem = None
    if request.method == "POST":
        pattern = EVENT_KEY if kind == "event_type" else KEY
        if pattern.fullmatch(key):
            if versions(kind, key) or draft(kind, key, viewer_of(request)):
                return redirect("definitions:edit", kind, key)
            body = starting_text(kind, key, request.POST.get("name", "").strip())
            begin_draft(kind, key, body=body, by=viewer_of(request), at=now())
            return redirect("definitions:edit", kind, key)
        problem = KEY_RULE
    context = {
        "kind": kind,
        "key": key,
        "name": request.POST.get("name", ""),
        "problem": problem,
        "kinds": [(known, KINDS[known]) for known in EDITED],
    }
    return render(request, "definitions/new.html", context, status=400 if problem else 200)


def begun_draft(request: HttpRequest, kind: str, key: str) -> DraftView:
    """The viewer's draft; one that begins with what is published where there is none."""
    _check_kind(kind)
    viewer = viewer_of(request)
    mine = draft(kind, key, viewer)
    if mine is not None:
        return mine
    known = versions(kind, key)
    if not known:
        raise Http404
    body = dump(known[-1].definition())
    return DraftView(kind, key, viewer.key, viewer.name, known[-1].number, body, 0, now())


def _posted(request: HttpRequest, kind: str, key: str) -> str:
    """The form as YAML; the author's own text, comments and all, where it says the same."""
    if kind == "lifecycle":
        said = draft_of_form(form_posted(request.POST), key)
    else:
        said = draft_of_metric(metric_posted(request.POST), key)
    stored = begun_draft(request, kind, key).body
    return stored if same_content(stored, said) else text_of(said)


def _context(request: HttpRequest, mine: DraftView, tab: str) -> dict[str, Any]:
    library, _ = current_library()
    context = {
        "tab": tab,
        "revision": mine.revision,
        "tabs": _tabs(mine, tab),
        "commented": tab == "form" and has_comments(mine.body),
        "others": other_writers(mine.kind, mine.key, viewer_of(request)),
        "canonical": CANONICAL,
        "aggregates": AGGREGATES,
        "units": UNITS,
        "parties": sorted(library.party_types.values(), key=lambda one: one.key),
        "event_types": sorted(library.event_types.values(), key=lambda one: one.key),
    }
    return context | _checked(check_draft(mine))


def _checked(checked: Checked) -> dict[str, Any]:
    return {
        "checked": checked,
        "draft": checked.draft,
        "kind": checked.draft.kind,
        "key": checked.draft.key,
        "kind_words": KINDS[checked.draft.kind],
        "title": _title(checked),
    }


def _title(checked: Checked) -> str:
    plain = draft_of(checked.draft.body) or {}
    name = plain.get("name")
    words = name if isinstance(name, dict) else {}
    return str(words.get(reader_language()) or checked.draft.key)


def _tabs(mine: DraftView, tab: str) -> list[dict[str, Any]]:
    named = {"form": Words("表单", "Form"), "yaml": Words("YAML 文本", "YAML text")}
    addresses = {
        "form": reverse("definitions:edit", args=(mine.kind, mine.key)),
        "yaml": reverse("definitions:yaml", args=(mine.kind, mine.key)),
    }
    return [
        {"words": words, "address": addresses[name], "here": name == tab, "count": None}
        for name, words in named.items()
        if name == "yaml" or mine.kind in WITH_FORM
    ]


def _check_kind(kind: str) -> None:
    if kind not in EDITED:
        raise Http404
