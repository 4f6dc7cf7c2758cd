"""Refused events: why, mended field by field, replayed one or all of a reason, discarded."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from tenure.clock import now
from tenure.guard.audit.operations import note
from tenure.record.events.operations import (
    Replay,
    discard_dead_letter,
    mend_dead_letter,
    replay_dead_letters,
)
from tenure.record.events.operations.dead_letters import DeadLetterError
from tenure.record.events.queries import (
    DeadLetterView,
    dead_letter_count,
    dead_letters,
    letter_groups,
)
from tenure.record.library.queries import current_library
from tenure.web.components.pages import Pages, page_number
from tenure.web.components.toasts import toast
from tenure.web.health import forms
from tenure.web.health.views.measured import tabs
from tenure.web.viewer import page, rights_on, viewer_of
from tenure.words import Words

SIZE = 50
_AT_ONCE = 5_000


@page("health.view")
def groups(request: HttpRequest) -> HttpResponse:
    """Refused events by reason; those of one reason where one is chosen."""
    found, more = letter_groups()
    chosen = next((one for one in found if one.key == request.GET.get("group")), None)
    context: dict[str, object] = {
        "tabs": tabs("letters"),
        "groups": found,
        "more": more,
        "chosen": chosen,
        "waiting": dead_letter_count(),
        "replayed": dead_letter_count(status="replayed"),
        "discarded": dead_letter_count(status="discarded"),
        "may_mend": rights_on(request).may("event.mend"),
    }
    if chosen is not None:
        number = page_number(request.GET.get("page"))
        ids = chosen.ids[(number - 1) * SIZE : number * SIZE]
        context["rows"] = _letters(ids)
        context["pages"] = Pages(number, SIZE, len(chosen))
    return render(request, "health/letters.html", context)


@page("event.mend")
def letter(request: HttpRequest, letter_id: int) -> HttpResponse:
    """One refused event, to be mended and replayed."""
    by, at = viewer_of(request), now()
    if request.method == "POST":
        with transaction.atomic():
            mend_dead_letter(letter_id, forms.event_of(request.POST), by=by, at=at)
            _note(request, "dead_letter.mended", letter_id)
        return _told(request, replay_dead_letters([letter_id], by=by, at=at), letter_id)
    found = _one(letter_id, with_body=True)
    _note(request, "dead_letter.viewed", letter_id)
    library, _ = current_library()
    context = {
        "tabs": tabs("letters"),
        "one": found,
        "state": forms.state_words(found.status),
        "form": forms.form_of(found.body) if found.body is not None else None,
        "event_types": sorted(library.event_types),
        "field_names": _field_names(found.type),
    }
    return render(request, "health/letter.html", context)


@page("event.mend")
@require_POST
def replay(request: HttpRequest) -> HttpResponse:
    """Replay one, all of a reason, or all that wait."""
    by, at = viewer_of(request), now()
    group, number = request.POST.get("group", ""), request.POST.get("letter", "")
    if number.isdecimal():
        return _told(request, replay_dead_letters([int(number)], by=by, at=at), int(number))
    found, _ = letter_groups()
    ids = [one for each in found if not group or each.key == group for one in each.ids][:_AT_ONCE]
    return _told(request, replay_dead_letters(ids, by=by, at=at), None)


@page("event.mend")
@require_POST
def discard(request: HttpRequest, letter_id: int) -> HttpResponse:
    """Decide not to record one."""
    reason = request.POST.get("reason", "").strip()[:500]
    if not reason:
        raise DeadLetterError(Words("请写明放弃的原因", "Say why it is discarded"))
    by, at = viewer_of(request), now()
    with transaction.atomic():
        discard_dead_letter(letter_id, reason=reason, by=by, at=at)
        _note(request, "dead_letter.discarded", letter_id)
    toast(
        request,
        Words(f"已放弃 {letter_id}，原因已保存", f"Discarded {letter_id}; the reason is kept"),
    )
    return redirect("health:letters")


def _told(request: HttpRequest, done: Replay, letter_id: int | None) -> HttpResponse:
    refused = len(done.receipts) - done.recorded
    words = Words(
        zh=f"记入 {done.recorded:,} 个，再次被拒 {refused:,} 个",
        en=f"Recorded {done.recorded:,}, refused again {refused:,}",
    )
    toast(request, words, level="warning" if refused else "success")
    if letter_id is not None and refused:
        return redirect("health:letter", letter_id)
    return redirect("health:letters")


def _note(request: HttpRequest, action: str, letter_id: int) -> None:
    note(
        action,
        by=viewer_of(request),
        at=now(),
        about=f"dead_letter:{letter_id}",
        address=request.META.get("REMOTE_ADDR", ""),
    )


def _letters(ids: tuple[int, ...]) -> list[DeadLetterView]:
    if not ids:
        return []
    return dead_letters(ids=ids, limit=len(ids))


def _one(letter_id: int, *, with_body: bool) -> DeadLetterView:
    found = dead_letters(ids=(letter_id,), status=None, limit=1, with_body=with_body)
    if not found:
        raise DeadLetterError(
            Words(f"没有编号为 {letter_id} 的被拒事件", f"there is no refused event {letter_id}")
        )
    return found[0]


def _field_names(kind: str) -> list[str]:
    known = current_library()[0].event_types.get(kind)
    return [field.key for field in known.fields] if known else []
