"""Views of today: a frame at once, and parts that take a moment longer."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tenure.web.today.customers import coming_of, looking, moves_of, risks_of
from tenure.web.today.news import first_steps, news
from tenure.web.today.refreshing import records_to_refresh
from tenure.web.viewer import page, rights_on

SEE = "customer.view"


@page()
def today(request: HttpRequest) -> HttpResponse:
    """What changed, what is coming, and what an empty house needs first."""
    sees = rights_on(request).may(SEE)
    look = looking(request) if sees else None
    steps = first_steps(request)
    context: dict[str, object] = {
        "look": look,
        "steps": steps,
        "done": sum(step.done for step in steps),
        "news": news(request),
        "whole": request.GET.get("whole") == "1",
    }
    if context["whole"] and look is not None:
        context |= _moves(request) | _coming(request) | _risk(request)
        context |= records_to_refresh(request)
    return render(request, "today/today.html", context)


@page(SEE)
def moves(request: HttpRequest) -> HttpResponse:
    """Who changed stage since yesterday."""
    return render(request, "today/moves.html", _moves(request))


@page(SEE)
def coming(request: HttpRequest) -> HttpResponse:
    """Who will change stage within a week."""
    return render(request, "today/coming.html", _coming(request))


@page(SEE)
def risk(request: HttpRequest) -> HttpResponse:
    """Who is at risk."""
    return render(request, "today/risk.html", _risk(request))


@page(SEE)
def refresh(request: HttpRequest) -> HttpResponse:
    """Whose records the viewer should bring up to date."""
    return render(request, "today/refresh.html", records_to_refresh(request))


def _moves(request: HttpRequest) -> dict[str, object]:
    look = looking(request)
    rows = moves_of(look) if look else []
    came = sum(row.customers for row in rows if row.came)
    return {
        "look": look,
        "moves": [row for row in rows if not row.came],
        "arrivals": [row for row in rows if row.came],
        "came": came,
    }


def _coming(request: HttpRequest) -> dict[str, object]:
    look = looking(request)
    rows, total = coming_of(look) if look else ([], 0)
    return {"look": look, "coming": rows, "coming_total": total}


def _risk(request: HttpRequest) -> dict[str, object]:
    look = looking(request)
    return {"look": look, "risks": risks_of(look) if look else []}
