"""The organisation: name, language, currency, clock and working calendar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from tenure.clock import now
from tenure.guard.access.operations import change_organisation
from tenure.guard.access.queries import CalendarDay, OrganisationView, organisation
from tenure.record.events.queries import last_event_id
from tenure.web.components.toasts import toast
from tenure.web.settings.asking import typed
from tenure.web.viewer import page, viewer_of
from tenure.words import Language, TenureError, Words

WEEK = (
    (1, Words("周一", "Monday")),
    (2, Words("周二", "Tuesday")),
    (3, Words("周三", "Wednesday")),
    (4, Words("周四", "Thursday")),
    (5, Words("周五", "Friday")),
    (6, Words("周六", "Saturday")),
    (7, Words("周日", "Sunday")),
)
_LONGEST = 60


@page("organisation.manage")
def organisation_page(request: HttpRequest) -> HttpResponse:
    """See and change it."""
    known = organisation()
    if request.method == "POST":
        data = request.POST
        days = [int(day) for day in data.getlist("days") if day.isdecimal()]
        _change(
            request,
            known,
            name=typed(data, "name"),
            language="en" if data.get("language") == "en" else "zh",
            working_days=days,
        )
        return _back(request, Words("已保存", "Saved"))
    context = {
        "organisation": known,
        "week": [(number, words, number in known.working_days) for number, words in WEEK],
        "currency": settings.TENURE_BASE_CURRENCY,
        "zone": settings.TENURE_ZONE,
        "has_events": last_event_id() > 0,
    }
    return render(request, "settings/organisation.html", context)


@require_POST
@page("organisation.manage")
def add_days(request: HttpRequest) -> HttpResponse:
    """Holidays, or days worked in their stead, from one day to another."""
    first = _day(request.POST.get("first", ""))
    last = _day(request.POST.get("last") or request.POST.get("first", ""))
    count = (last - first).days + 1
    if not 1 <= count <= _LONGEST:
        raise TenureError(
            Words(
                zh=f"结束日期应在开始日期之后，最多 {_LONGEST} 天",
                en=f"the last day must follow the first, within {_LONGEST} days",
            )
        )
    said = CalendarDay(typed(request.POST, "name", 60), request.POST.get("worked") == "yes")
    known = organisation()
    days = {first + timedelta(days=n): said for n in range(count)}
    _change(request, known, exceptions={**known.exceptions, **days})
    return _back(request, Words("日历已更新", "Calendar changed"))


@require_POST
@page("organisation.manage")
def remove_day(request: HttpRequest) -> HttpResponse:
    """A day that is again as its weekday says."""
    known, day = organisation(), _day(request.POST.get("day", ""))
    kept = {each: said for each, said in known.exceptions.items() if each != day}
    _change(request, known, exceptions=kept)
    return _back(request, Words("日历已更新", "Calendar changed"))


def _change(
    request: HttpRequest,
    known: OrganisationView,
    *,
    name: str | None = None,
    language: Language | None = None,
    working_days: Sequence[int] | None = None,
    exceptions: Mapping[date, CalendarDay] | None = None,
) -> None:
    change_organisation(
        name=known.name if name is None else name,
        language=language or known.language,
        working_days=known.working_days if working_days is None else working_days,
        exceptions=known.exceptions if exceptions is None else exceptions,
        by=viewer_of(request),
        at=now(),
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise TenureError(
            Words(zh="请填写日期，例如 2026-10-01", en="give a date such as 2026-10-01")
        ) from None


def _back(request: HttpRequest, words: Words) -> HttpResponse:
    toast(request, words)
    return HttpResponseRedirect(reverse("settings:organisation"))
