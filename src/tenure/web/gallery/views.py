"""The page of all components."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from tenure.clock import now
from tenure.web.components.as_of import as_of_from
from tenure.web.components.pages import Pages, page_number
from tenure.web.components.toasts import Undo, toast
from tenure.web.gallery import samples
from tenure.web.gallery.forms import SampleForm
from tenure.web.viewer import page
from tenure.words import Words

_STEPS = 5
COLOURS = [
    "blue",
    "azure",
    "indigo",
    "purple",
    "pink",
    "red",
    "orange",
    "yellow",
    "lime",
    "green",
    "teal",
    "cyan",
]


@page("organisation.manage")
def everything(request: HttpRequest) -> HttpResponse:
    """All components."""
    at = now()
    here = reverse("gallery:all")
    context = {
        "stages": samples.stages(),
        "rows": samples.rows(),
        "moments": samples.moments(at),
        "bars": samples.bars(),
        "flow": samples.flow(),
        "as_of": as_of_from(request, now=at, first=at.date() - timedelta(days=700)),
        "pages": Pages(page_number(request.GET.get("page")), 50, 2_345),
        "bounded": Pages(1, 50, 10_000, bounded=True),
        "tabs": [
            {"words": Words("概况", "Overview"), "address": here, "here": True},
            {"words": Words("事件", "Events"), "address": f"{here}?tab=events", "count": 1234},
        ],
        "form": SampleForm(),
        "refused": SampleForm({"sample-name": "x" * 60, "sample-email": "nobody"}),
        "now": at,
        "colours": COLOURS,
        "big": 123_456_789,
    }
    return render(request, "gallery/all.html", context)


@page("organisation.manage")
def act(request: HttpRequest) -> HttpResponse:
    """An act with a toast, and its undo."""
    return _act(request)


@require_POST
def _act(request: HttpRequest) -> HttpResponse:
    if request.POST.get("undo"):
        toast(request, Words("已撤销", "Undone"), level="info")
    else:
        words = Words("已为 3 位客户加上标签", "Tagged 3 customers")
        toast(request, words, undo=Undo(reverse("gallery:act"), {"undo": "1"}))
    return HttpResponseRedirect(reverse("gallery:all"))


@page("organisation.manage")
def progress(request: HttpRequest, step: int) -> HttpResponse:
    """Something that takes a while."""
    context = {
        "address": reverse("gallery:progress", args=[min(step + 1, _STEPS)]),
        "share": min(step, _STEPS) / _STEPS,
        "done": step >= _STEPS,
    }
    return render(request, "gallery/progress.html", context)
