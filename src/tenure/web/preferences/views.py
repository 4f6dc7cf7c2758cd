"""Choosing a language and a look: kept by the account, and by a cookie before the login."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from tenure.web.components.addresses import safe_return
from tenure.web.language import COOKIE

_YEAR = 365 * 86_400


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remember the language."""
    return _remember(request, COOKIE, "en" if request.POST.get("language") == "en" else "zh")


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Remember light, dark or as the system."""
    chosen = request.POST.get("theme", "")
    return _remember(request, "theme", chosen if chosen in {"light", "dark"} else "auto")


def _remember(request: HttpRequest, name: str, value: str) -> HttpResponse:
    answer = HttpResponseRedirect(safe_return(request, request.POST.get("next")))
    answer.set_cookie(
        name, value, max_age=_YEAR, samesite="Lax", secure=settings.HTTPS, httponly=True
    )
    return answer
