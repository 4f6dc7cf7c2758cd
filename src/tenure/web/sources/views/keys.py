"""Write keys of a source: made, ended, kept after all; shown once."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tenure.clock import now
from tenure.guard.access.operations.senders import keep_key, revoke_key, rotate_key
from tenure.web.components.toasts import Undo, toast
from tenure.web.sources.frame import MANAGE, source_found
from tenure.web.viewer import page, viewer_of
from tenure.words import TenureError, Words

GRACES = (
    (1, Words("1 天", "1 day")),
    (7, Words("7 天", "7 days")),
    (30, Words("30 天", "30 days")),
    (0, Words("立即失效", "end at once")),
)
USUAL_GRACE = 7


@never_cache
@require_POST
@page(MANAGE)
def new_key(request: HttpRequest, source_id: int) -> HttpResponse:
    """A new key; the old ones stay good for a while, so that senders can be changed in peace."""
    source_found(request, source_id)
    key = rotate_key(source_id, grace=_grace(request), by=viewer_of(request), at=now())
    return key_shown(request, source_id, key)


@require_POST
@page(MANAGE)
def end_key(request: HttpRequest, source_id: int, key_id: int) -> HttpResponse:
    """End a key without making another, at once or after a while; or keep one that was to end."""
    viewer, at = viewer_of(request), now()
    found = source_found(request, source_id)
    hint = next((key.hint for key in found.keys if key.id == key_id), "")
    if request.POST.get("wanted") == "kept":
        keep_key(source_id, key_id, by=viewer, at=at)
        toast(request, Words(f"密钥 …{hint} 继续有效", f"The key …{hint} stays good"))
        return _back(source_id)
    grace = _grace(request)
    revoke_key(source_id, key_id, grace=grace, by=viewer, at=at)
    if grace:
        said = Words(
            f"密钥 …{hint} 将在 {grace.days} 天后失效",
            f"The key …{hint} ends in {grace.days} days",
        )
        toast(request, said, undo=Undo(request.path, {"wanted": "kept"}))
    else:
        said = Words(
            f"密钥 …{hint} 已失效，一秒之内不再接收", f"The key …{hint} has ended, within a second"
        )
        toast(request, said)
    return _back(source_id)


def key_shown(request: HttpRequest, source_id: int, key: str) -> HttpResponse:
    """The one page that shows a key."""
    host = request.build_absolute_uri("/").rstrip("/")
    found = source_found(request, source_id)
    return render(request, "sources/key.html", {"source": found, "key": key, "host": host})


def _grace(request: HttpRequest) -> timedelta:
    text = request.POST.get("grace", "")
    if text not in {str(one) for one, _ in GRACES}:
        raise TenureError(Words("请选择旧密钥何时失效", "choose when the old keys end"))
    return timedelta(days=int(text))


def _back(source_id: int) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("sources:source", args=[source_id]) + "#keys")
