"""Choosing a language and a look: kept by the account, and by a cookie before the login."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from tenure.clock import now
from tenure.guard.access.operations import change_profile
from tenure.web.components.addresses import safe_return
from tenure.web.language import COOKIE, language_of
from tenure.web.viewer import viewer_of
from tenure.words import Language

_YEAR = 365 * 86_400


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remember the language."""
    chosen: Language = "en" if request.POST.get("language") == "en" else "zh"
    _keep(request, language=chosen)
    return _remember(request, COOKIE, chosen)


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Remember light, dark or as the system."""
    wanted = request.POST.get("theme", "")
    chosen = wanted if wanted in {"light", "dark"} else "auto"
    _keep(request, theme=chosen)
    return _remember(request, "theme", chosen)


def _keep(request: HttpRequest, *, language: Language | None = None, theme: str = "") -> None:
    """In the account of whoever is logged in."""
    if not request.user.is_authenticated:
        return
    account = request.user
    change_profile(
        name=account.name,
        language=language or language_of(request),
        theme=theme or account.theme,
        time_zone=account.time_zone,
        by=viewer_of(request),
        account_id=account.pk,
        at=now(),
    )


def _remember(request: HttpRequest, name: str, value: str) -> HttpResponse:
    answer = HttpResponseRedirect(safe_return(request, request.POST.get("next")))
    answer.set_cookie(
        name, value, max_age=_YEAR, samesite="Lax", secure=settings.HTTPS, httponly=True
    )
    return answer
