"""The organisation: name, language, currency, clock and working calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from tenure.clock import now
from tenure.guard.access.operations import change_basis, change_organisation
from tenure.guard.access.queries import CalendarDay, OrganisationView, organisation
from tenure.money import CURRENCIES
from tenure.record.events.queries import basis, last_event_id
from tenure.web.components.toasts import toast
from tenure.web.components.zones import zones
from tenure.web.settings.asking import typed
from tenure.web.viewer import page, viewer_of
from tenure.words import TenureError, Words

WEEK = {
    1: Words("周一", "Monday"),
    2: Words("周二", "Tuesday"),
    3: Words("周三", "Wednesday"),
    4: Words("周四", "Thursday"),
    5: Words("周五", "Friday"),
    6: Words("周六", "Saturday"),
    7: Words("周日", "Sunday"),
}
FIRST_DAYS = (1, 6, 7)
"""Days that weeks begin with somewhere in the world."""
_LONGEST = 60


@page("organisation.manage")
def organisation_page(request: HttpRequest) -> HttpResponse:
    """See and change it."""
    known = organisation()
    if request.method == "POST":
        _change(request, _told(known, request.POST))
        return _back(request, Words("已保存", "Saved"))
    kept_in = basis()
    context = {
        "organisation": known,
        "week": [(day, WEEK[day], day in known.working_days) for day in known.week],
        "first_days": [(day, WEEK[day], day == known.first_weekday) for day in FIRST_DAYS],
        "kept_in": kept_in,
        "currencies": sorted(CURRENCIES),
        "zones": [(kept_in.zone_name, kept_in.zone_name), *zones()],
        "has_events": last_event_id() > 0,
    }
    return render(request, "settings/organisation.html", context)


@require_POST
@page("organisation.manage")
def set_ledger(request: HttpRequest) -> HttpResponse:
    """The base currency and the time zone, before there is anything on record."""
    change_basis(
        currency=typed(request.POST, "currency", 10),
        zone=typed(request.POST, "zone", 40),
        by=viewer_of(request),
        at=now(),
    )
    return _back(request, Words("已保存", "Saved"))


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
    _change(request, replace(known, exceptions={**known.exceptions, **days}))
    return _back(request, Words("日历已更新", "Calendar changed"))


@require_POST
@page("organisation.manage")
def remove_day(request: HttpRequest) -> HttpResponse:
    """A day that is again as its weekday says."""
    known, day = organisation(), _day(request.POST.get("day", ""))
    kept = {each: said for each, said in known.exceptions.items() if each != day}
    _change(request, replace(known, exceptions=kept))
    return _back(request, Words("日历已更新", "Calendar changed"))


def _told(known: OrganisationView, data: QueryDict) -> OrganisationView:
    """The organisation as the form says it is; what the form does not name stays."""
    first = data.get("first_weekday", "")
    return replace(
        known,
        name=typed(data, "name"),
        language="en" if data.get("language") == "en" else "zh",
        working_days=tuple(int(day) for day in data.getlist("days") if day.isdecimal()),
        first_weekday=int(first) if first.isdecimal() else known.first_weekday,
        opens=_hour(data.get("opens"), known.opens),
        closes=_hour(data.get("closes"), known.closes),
    )


def _change(request: HttpRequest, known: OrganisationView) -> None:
    change_organisation(known, by=viewer_of(request), at=now())


def _hour(text: str | None, known: time) -> time:
    if text is None:
        return known
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise TenureError(
            Words(zh="请填写时间，例如 09:00", en="give a time of day such as 09:00")
        ) from None


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
