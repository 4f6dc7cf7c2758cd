"""What was refused of a source: why, how often, as a file, and tried again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_POST

from tenure.clock import now
from tenure.guard.audit.operations import note
from tenure.record.events.operations import replay_dead_letters
from tenure.record.events.queries import LetterGroup, dead_letters, letter_groups
from tenure.record.sources.queries import SourceView
from tenure.web.components.sheets import Cell, csv_answer
from tenure.web.components.toasts import toast
from tenure.web.language import told
from tenure.web.settings.asking import typed
from tenure.web.sources.frame import source_found, source_tabs
from tenure.web.viewer import page, rights_on, viewer_of
from tenure.words import Words

MEND = "event.mend"
_SHOWN = 20
_SLICE = 500
_AT_ONCE = 5_000
_HEADS = (
    Words("编号", "Number"),
    Words("事件类型", "Event type"),
    Words("被拒于", "Refused at"),
    Words("原因", "Why"),
    Words("收到的内容", "What was sent"),
)


@page("health.view")
def of_source(request: HttpRequest, source_id: int) -> HttpResponse:
    """Reasons with how many events they stopped, filtered; the latest events of a chosen one."""
    found = source_found(request, source_id)
    every, more = _groups(request, found, ignore_type=True)
    asked = _type(request)
    groups = [one for one in every if not asked or one.type == asked]
    chosen = next((one for one in groups if one.key == request.GET.get("group")), None)
    shown = [chosen] if chosen else groups
    context = {
        "source": found,
        "tabs": source_tabs(source_id, "refused"),
        "groups": groups,
        "chosen": chosen,
        "letters": dead_letters(ids=chosen.ids[-_SHOWN:], limit=_SHOWN)[::-1] if chosen else [],
        "count": sum(len(one) for one in shown),
        "most": _AT_ONCE,
        "more": more,
        "types": sorted({one.type for one in every}),
        "type": asked,
        "is_filtered": any(request.GET.get(name) for name in ("type", "since", "until", "group")),
        "query": request.GET.urlencode(),
        "may_mend": rights_on(request).may(MEND),
    }
    return render(request, "sources/refused.html", context)


@require_POST
@page(MEND)
def again(request: HttpRequest, source_id: int) -> HttpResponse:
    """Try those of the address's filter again; at most five thousand at once."""
    ids = _chosen_ids(request, source_found(request, source_id))
    done = replay_dead_letters(ids[:_AT_ONCE], by=viewer_of(request), at=now())
    refused = len(done.receipts) - done.recorded
    words = Words(
        zh=f"记入 {done.recorded:,} 个，再次被拒 {refused:,} 个",
        en=f"Recorded {done.recorded:,}, refused again {refused:,}",
    )
    toast(request, words, level="warning" if refused else "success")
    here = reverse("sources:refused", args=[source_id])
    return redirect(f"{here}?{request.GET.urlencode()}" if request.GET else here)


@require_POST
@page(MEND)
def download(request: HttpRequest, source_id: int) -> HttpResponseBase:
    """Those of the address's filter as a file, with what was sent; noted in the audit."""
    found = source_found(request, source_id)
    ids = _chosen_ids(request, found)
    note(
        "dead_letters.exported",
        by=viewer_of(request),
        at=now(),
        about=f"source:{source_id}",
        detail={"rows": len(ids)},
        address=request.META.get("REMOTE_ADDR", ""),
    )
    return csv_answer(f"refused-{found.key}", [told(one) for one in _HEADS], _rows(ids))


def _rows(ids: Sequence[int]) -> Iterator[Sequence[Cell]]:
    for start in range(0, len(ids), _SLICE):
        part = ids[start : start + _SLICE]
        for one in dead_letters(ids=part, limit=len(part), with_body=True):
            why = "；".join(told(reason) for reason in one.reasons)
            yield one.id, one.type, one.refused_at.isoformat(), why, one.body or ""


def _chosen_ids(request: HttpRequest, found: SourceView) -> list[int]:
    groups, _ = _groups(request, found)
    key = request.GET.get("group")
    return sorted(number for one in groups if not key or one.key == key for number in one.ids)


def _groups(
    request: HttpRequest, found: SourceView, *, ignore_type: bool = False
) -> tuple[list[LetterGroup], bool]:
    until = _day(request, "until")
    return letter_groups(
        source=found.key,
        type_key=None if ignore_type else _type(request) or None,
        since=_day(request, "since"),
        until=until + timedelta(days=1) if until else None,
    )


def _type(request: HttpRequest) -> str:
    return typed(request.GET, "type")


def _day(request: HttpRequest, name: str) -> datetime | None:
    """The beginning of a day in the reader's zone; None where none was given."""
    try:
        day = parse_date(typed(request.GET, name))
    except ValueError:
        return None
    return timezone.make_aware(datetime.combine(day, time.min)) if day else None
