"""What arrived that no definition describes, and its declaration in one look."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from tenure.clock import now
from tenure.derive.lifecycles.jobs import follow_log
from tenure.derive.lifecycles.operations import publish_definitions
from tenure.record.library.queries import current_library
from tenure.record.sources.queries import (
    propose_event_type,
    samples,
    unknown_fields,
    unknown_types,
)
from tenure.record.sources.queries.unknown import MOST_UNKNOWN
from tenure.web.components.toasts import toast
from tenure.web.settings.asking import typed
from tenure.web.sources.declaring import FIELD_KINDS, DeclareForm
from tenure.web.sources.frame import source_found, source_tabs
from tenure.web.sources.views.samples import shown_events
from tenure.web.viewer import page, rights_on, viewer_of
from tenure.words import TenureError, Words

_EXAMPLES = 3


@page("health.view")
def everywhere(request: HttpRequest) -> HttpResponse:
    """Unknown event types and fields, wherever they came from."""
    return render(request, "sources/unknown.html", _unknown(request, None))


@page("health.view")
def of_source(request: HttpRequest, source_id: int) -> HttpResponse:
    """Unknown event types and fields of one source."""
    context = _unknown(request, source_id)
    context["source"] = source_found(request, source_id)
    context["tabs"] = source_tabs(source_id, "source_unknown")
    return render(request, "sources/unknown.html", context)


@page("definition.publish")
def declare(request: HttpRequest) -> HttpResponse:
    """A proposed definition to look over and change; published, it makes what waits usable."""
    viewer = viewer_of(request)
    type_key = typed(request.POST if request.method == "POST" else request.GET, "type")
    proposal = propose_event_type(type_key, viewer)
    problem, status = None, 200
    if request.method == "POST":
        form = DeclareForm.posted(proposal, request.POST)
        try:
            publish_definitions(
                [form.definition()],
                note=form.note,
                by=viewer,
                at=now(),
                address=request.META.get("REMOTE_ADDR", ""),
            )
        except TenureError as error:
            problem, status = error.words, 400
        else:
            transaction.on_commit(follow_log.enqueue)
            toast(request, _DECLARED)
            return redirect("sources:unknown")
    else:
        form = DeclareForm.proposed(proposal)
    library, _ = current_library()
    events = samples(viewer, type_key=type_key, limit=_EXAMPLES)
    context = {
        "proposal": proposal,
        "form": form,
        "rows": form.shown(request),
        "problem": problem,
        "kinds": FIELD_KINDS,
        "parties": sorted(library.party_types.values(), key=lambda one: one.key),
        "events": shown_events(request, events, library),
    }
    return render(request, "sources/declare.html", context, status=status)


_DECLARED = Words(
    "已声明并发布；以前收到的也已归位，正在重新计算",
    "Declared and published; what came before counts too and is being computed",
)


def _unknown(request: HttpRequest, source_id: int | None) -> dict[str, object]:
    viewer = viewer_of(request)
    types = unknown_types(viewer, source_id=source_id)
    return {
        "types": types,
        "fields": unknown_fields(viewer, source_id=source_id),
        "cut": len(types) == MOST_UNKNOWN,
        "most": MOST_UNKNOWN,
        "may_declare": rights_on(request).may("definition.publish"),
    }
