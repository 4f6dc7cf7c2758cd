"""The audit: who did or saw what, filtered, page by page, and as a file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from tenure.clock import from_microseconds, now, to_microseconds
from tenure.guard.access.queries import colleagues
from tenure.guard.audit.operations import export_audit
from tenure.guard.audit.queries import (
    ACTIONS,
    EntryView,
    Filters,
    Place,
    action_words,
    audit_page,
    unusual_exports,
)
from tenure.web.components.addresses import address_with
from tenure.web.components.sheets import csv_answer, xlsx_answer
from tenure.web.frame import address_of
from tenure.web.language import told
from tenure.web.settings.asking import typed
from tenure.web.viewer import page, rights_on, viewer_of
from tenure.words import Words

_WATCHED = timedelta(days=7)
_HEADS = (
    Words("时间（UTC）", "Time (UTC)"),
    Words("操作者", "By"),
    Words("操作者标识", "Key"),
    Words("操作", "Action"),
    Words("操作代码", "Code"),
    Words("对象", "About"),
    Words("详情", "Detail"),
    Words("来源地址", "Address"),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry as the page shows it; ``address`` leads to what it is ``about``."""

    entry: EntryView
    words: Words
    about: str
    address: str
    detail: str


@page("audit.view")
def entries(request: HttpRequest) -> HttpResponse:
    """The audit, newest first."""
    viewer, asked = viewer_of(request), _filters(request)
    found = audit_page(asked, viewer, before=_place(request.GET.get("before", "")))
    names = {f"account:{number}": name for number, name in colleagues().items()}
    older = found.older
    context = {
        "entries": [_shown(entry, names) for entry in found.entries],
        "count": found.count,
        "counted_all": found.counted_all,
        "older": older and address_with(request, {"before": _written(older)}),
        "newest": "before" in request.GET and address_with(request, {"before": None}),
        "filtered": asked != Filters(),
        "people": names,
        "actions": ACTIONS,
        "asked": request.GET,
        "unusual": unusual_exports(now() - _WATCHED, viewer),
        "may_export": rights_on(request).may("audit.export"),
    }
    return render(request, "settings/audit.html", context)


@require_POST
@page("audit.export")
def export(request: HttpRequest) -> HttpResponseBase:
    """The filtered audit as a file; the export is itself noted."""
    exported = export_audit(_filters(request), by=viewer_of(request), at=now())
    heads = [told(head) for head in _HEADS]
    name = f"audit-{now():%Y%m%d-%H%M}"
    answer = xlsx_answer if request.POST.get("form") == "xlsx" else csv_answer
    return answer(name, heads, _rows(exported.entries))


def _rows(found: Sequence[EntryView]) -> Iterator[list[str]]:
    for entry in found:
        yield [
            f"{entry.at.astimezone(UTC):%Y-%m-%d %H:%M:%S}",
            entry.actor_name,
            entry.actor,
            told(action_words(entry.action)),
            entry.action,
            entry.about,
            _plain(entry),
            entry.address,
        ]


def _shown(entry: EntryView, names: Mapping[str, str]) -> Shown:
    about = names.get(entry.about, entry.about)
    return Shown(entry, action_words(entry.action), about, _leads_to(entry.about), _plain(entry))


def _plain(entry: EntryView) -> str:
    return json.dumps(entry.detail, ensure_ascii=False, sort_keys=True) if entry.detail else ""


def _leads_to(about: str) -> str:
    kind, _, key = about.partition(":")
    number = key.removeprefix("-").isdecimal()
    if kind == "account" and number:
        return reverse("settings:person", args=[key])
    if kind == "customer" and number and address_of("customers:list"):
        return reverse("customers:customer", args=[key])
    return reverse("settings:role", args=[key]) if kind == "role" else ""


def _filters(request: HttpRequest) -> Filters:
    asked = request.GET
    until = _day(asked.get("until", ""))
    return Filters(
        actor=typed(asked, "actor"),
        action=typed(asked, "action", 60),
        about=typed(asked, "about", 150),
        since=_midnight(_day(asked.get("since", ""))),
        until=_midnight(until + timedelta(days=1) if until and until < date.max else None),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _midnight(day: date | None) -> datetime | None:
    """The beginning of the day by the reader's clock."""
    if day is None or not date.min < day < date.max:
        return None
    return datetime.combine(day, time(), timezone.get_current_timezone())


def _written(place: Place) -> str:
    return f"{to_microseconds(place.at)}-{place.entry_id}"


def _place(text: str) -> Place | None:
    at, _, number = text.partition("-")
    if not (at.isdecimal() and number.isdecimal() and len(at) <= 17 and len(number) <= 18):
        return None
    return Place(from_microseconds(int(at)), int(number))
