"""The list of all imports, and of files on their way."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tenure.record.imports.queries import (
    STATUS,
    ImportFilter,
    drafts,
    import_page,
    import_people,
    import_sources,
    sent_off,
)
from tenure.web.components.as_of import DayError, end_of_day
from tenure.web.components.pages import Pages, page_number
from tenure.web.components.people import actor_names
from tenure.web.language import zone_of
from tenure.web.viewer import page, rights_on

SIZE = 50


@page("import.view")
def all_imports(request: HttpRequest) -> HttpResponse:
    """Every import, newest first."""
    which = _filter(request)
    number = page_number(request.GET.get("page"))
    rows, total = import_page(which, start=(number - 1) * SIZE, size=SIZE)
    may_run = rights_on(request).may("import.run")
    waiting = [*sent_off(), *drafts()] if may_run else []
    people = import_people()
    keys = {*people, *(one.by for one in waiting)}
    context = {
        "rows": rows,
        "pages": Pages(number, SIZE, total),
        "names": actor_names(keys),
        "people": people,
        "sources": import_sources(),
        "statuses": STATUS,
        "which": which,
        "is_filtered": which != ImportFilter(),
        "waiting": waiting,
        "may_run": may_run,
    }
    return render(request, "imports/list.html", context)


def _filter(request: HttpRequest) -> ImportFilter:
    said = request.GET
    zone = zone_of(request)
    status = said.get("status", "")
    return ImportFilter(
        status=status if status in STATUS else "",
        by=said.get("by", ""),
        source=said.get("source", ""),
        text=said.get("text", "").strip()[:100],
        refused=said.get("refused") == "1",
        since=_start_of(said.get("since", ""), zone),
        until=_end_of(said.get("until", ""), zone),
    )


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as failure:
        raise DayError(text) from failure


def _start_of(text: str, zone: ZoneInfo) -> datetime | None:
    day = _day(text)
    return datetime.combine(day, time(), zone) if day else None


def _end_of(text: str, zone: ZoneInfo) -> datetime | None:
    day = _day(text)
    return end_of_day(day, zone) if day else None
