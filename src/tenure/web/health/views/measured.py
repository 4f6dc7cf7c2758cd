"""What was measured: sources, types, fields, functions; oddities and links set aside."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from tenure.clock import now
from tenure.derive.customers.queries import refused_link_count, refused_links
from tenure.record.events.jobs import measure_log
from tenure.record.events.queries import (
    Measured,
    SourceQuality,
    dead_letter_count,
    functions_needing,
    last_event_id,
    latest_quality,
    letter_groups,
    oddities,
    sources_of,
    types_of,
)
from tenure.record.imports.queries import job_progress, refused_rows_by_source
from tenure.web.components.toasts import toast
from tenure.web.language import zone_of
from tenure.web.viewer import page, rights_on, viewer_of
from tenure.words import Words

_JOB = "measure_job"
_OLD = timedelta(days=2)
_SHOWN = 100


@page("health.view")
def overview(request: HttpRequest) -> HttpResponse:
    """How good the data is, source by source."""
    at = now()
    measured = latest_quality()
    if measured is None and _JOB not in request.session and last_event_id():
        request.session[_JOB] = measure_log.enqueue().id  # the first look fills what is kept
    sources = _sources(request, measured)
    groups, more = letter_groups()
    waiting = dead_letter_count()
    needs = functions_needing(measured)
    odd = oddities()
    context = {
        **_frame(request, "overview"),
        "measured": measured,
        "is_old": measured is not None and at - measured.at > _OLD,
        "sources": sources,
        "rows_refused": refused_rows_by_source(),
        "events": sum(one.events for one in sources),
        "stale": [one for one in sources if one.is_stale],
        "waiting": waiting,
        "groups": groups[:5],
        "more_groups": more,
        "odd_count": len(odd),
        "links": refused_link_count(),
        "ready": sum(one.state == "ready" for one in needs),
        "functions": len(needs),
    }
    return render(request, "health/overview.html", context)


@page("health.view")
@require_POST
def measure(request: HttpRequest) -> HttpResponse:
    """Measure now, in the background."""
    with transaction.atomic():
        job = measure_log.enqueue()
    request.session[_JOB] = job.id
    toast(request, Words("正在后台度量，完成后刷新即可看到", "Measuring in the background"))
    return redirect("health:overview")


@page("health.view")
def measuring(request: HttpRequest) -> HttpResponse:
    """The part of a page that tells that something is being measured; the page anew after it."""
    context = _frame(request, "overview")
    response = render(request, "health/measuring.html", context)
    if context["measuring"] is None:
        response.headers["HX-Refresh"] = "true"
    return response


@page("health.view")
def source(request: HttpRequest) -> HttpResponse:
    """One source: its types, field by field."""
    measured = latest_quality()
    name = request.GET.get("source", "")
    found = next((one for one in _sources(request, measured) if one.source == name), None)
    if measured is None or found is None:
        raise Http404
    context = {
        **_frame(request, "overview"),
        "measured": measured,
        "one": found,
        "types": types_of(measured, name),
        "rows_refused": refused_rows_by_source().get(name, 0),
    }
    return render(request, "health/source.html", context)


@page("health.view")
def functions(request: HttpRequest) -> HttpResponse:
    """Which key data each function lacks."""
    measured = latest_quality()
    found = functions_needing(measured)
    found.sort(key=lambda one: (bool(one.lifecycle), one.lacks))
    context = {**_frame(request, "functions"), "measured": measured, "functions": found}
    return render(request, "health/functions.html", context)


@page("health.view")
def odd(request: HttpRequest) -> HttpResponse:
    """What was accepted though no definition knows it."""
    found = oddities()
    context = {
        **_frame(request, "oddities"),
        "rows": found[:_SHOWN],
        "more": max(0, len(found) - _SHOWN),
        "may_publish": rights_on(request).may("definition.publish"),
    }
    return render(request, "health/oddities.html", context)


@page("health.view")
def links(request: HttpRequest) -> HttpResponse:
    """Links between identifiers that do not count, and why."""
    total = refused_link_count()
    context = {
        **_frame(request, "links"),
        "rows": refused_links(viewer=viewer_of(request), limit=_SHOWN),
        "total": total,
    }
    return render(request, "health/links.html", context)


def _sources(request: HttpRequest, measured: Measured | None) -> list[SourceQuality]:
    if measured is None:
        return []
    return sources_of(measured, today=now().astimezone(zone_of(request)).date())


def _frame(request: HttpRequest, here: str) -> dict[str, object]:
    progress = job_progress(str(request.session.get(_JOB, "")))
    return {
        "tabs": tabs(here),
        "measuring": progress if progress and not progress.is_over else None,
        "measure_failed": progress if progress and progress.state == "dead" else None,
        "may_mend": rights_on(request).may("event.mend"),
    }


def tabs(here: str) -> list[dict[str, object]]:
    """The pages of data health."""
    named = (
        ("overview", Words("概览", "Overview"), "health:overview"),
        ("records", Words("客户资料", "Customer records"), "health:records"),
        ("letters", Words("被拒事件", "Refused events"), "health:letters"),
        ("functions", Words("功能所需数据", "Data each function needs"), "health:functions"),
        ("oddities", Words("异常", "Oddities"), "health:oddities"),
        ("links", Words("被拒关联", "Refused links"), "health:links"),
    )
    return [
        {"words": words, "address": reverse(url), "here": key == here} for key, words, url in named
    ]
