"""Endpoints, added and changed; secrets are shown on the answer that makes them."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tenure.act.webhooks.operations import (
    add_endpoint,
    change_endpoint,
    remove_endpoint,
    rotate_secret,
    send_again,
    send_test,
    switch_endpoint_off,
    switch_endpoint_on,
)
from tenure.act.webhooks.queries import RIGHT
from tenure.clock import now
from tenure.web.components.toasts import Undo, toast
from tenure.web.language import told
from tenure.web.viewer import page, rights_on, viewer_of
from tenure.web.webhooks.forms import EndpointForm
from tenure.web.webhooks.views.looking import endpoint_found, number_in
from tenure.web.webhooks.words import OVERLAPS
from tenure.words import TenureError, Words


@never_cache
@page(RIGHT)
def new(request: HttpRequest) -> HttpResponse:
    """Add an endpoint; its secret is shown on the answer that makes it."""
    form = EndpointForm(request.POST or None, rights=rights_on(request))
    if form.is_bound and form.is_valid():
        try:
            made = add_endpoint(form.wanted(), by=viewer_of(request), at=now())
        except TenureError as problem:
            form.add_error(None, told(problem.words))
        else:
            return _secret_shown(request, made.endpoint_id, made.secret)
    return _form_shown(request, form, {})


@page(RIGHT)
def change(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """Change an endpoint."""
    found = endpoint_found(request, endpoint_id)
    form = EndpointForm(request.POST or None, rights=rights_on(request), known=found)
    if form.is_bound and form.is_valid():
        try:
            change_endpoint(endpoint_id, form.wanted(), by=viewer_of(request), at=now())
        except TenureError as problem:
            form.add_error(None, told(problem.words))
        else:
            toast(request, Words("已保存，立即生效", "Saved; it holds at once"))
            return _back(endpoint_id)
    return _form_shown(request, form, {"endpoint": found})


@never_cache
@require_POST
@page(RIGHT)
def secret(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """A new signing secret; the old one signs as well for a while."""
    endpoint_found(request, endpoint_id)
    spans = {str(int(span.total_seconds())): span for span, _ in OVERLAPS}
    overlap = spans.get(request.POST.get("overlap", ""), timedelta(-1))
    made = rotate_secret(endpoint_id, overlap=overlap, by=viewer_of(request), at=now())
    return _secret_shown(request, endpoint_id, made)


@require_POST
@page(RIGHT)
def switching(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """Switch an endpoint off, or on again with what waits or without it."""
    endpoint_found(request, endpoint_id)
    viewer, at = viewer_of(request), now()
    wanted = request.POST.get("wanted", "")
    if wanted == "off":
        switch_endpoint_off(endpoint_id, by=viewer, at=at)
        undo = Undo(reverse("webhooks:switching", args=[endpoint_id]), {"wanted": "on"})
        said = Words("已停用；期间的事件会等着", "Off; what happens meanwhile waits")
        toast(request, said, undo=undo)
    else:
        switch_endpoint_on(endpoint_id, skip=wanted == "skip", by=viewer, at=at)
        toast(request, Words("已启用", "Switched on"))
    return _back(endpoint_id)


@require_POST
@page(RIGHT)
def test(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """Send a test, and show what becomes of it."""
    endpoint_found(request, endpoint_id)
    made = send_test(endpoint_id, by=viewer_of(request), at=now())
    return HttpResponseRedirect(reverse("webhooks:delivery", args=[endpoint_id, made]))


@require_POST
@page(RIGHT)
def again(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """Send one delivery again, or all that failed."""
    endpoint_found(request, endpoint_id)
    chosen = number_in(request.POST, "delivery")
    count = send_again(endpoint_id, delivery_id=chosen, by=viewer_of(request), at=now())
    if chosen is not None:
        return HttpResponseRedirect(reverse("webhooks:delivery", args=[endpoint_id, chosen]))
    toast(request, Words(f"{count:,} 条正在重新发送", f"{count:,} are sent again"))
    return _back(endpoint_id)


@require_POST
@page(RIGHT)
def remove(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """Forget an endpoint, once its name was typed."""
    found = endpoint_found(request, endpoint_id)
    if request.POST.get("name", "").strip() != found.name:
        raise TenureError(
            Words(
                f"要删除，请输入名称“{found.name}”", f"to remove it, type its name, “{found.name}”"
            )
        )
    remove_endpoint(endpoint_id, by=viewer_of(request), at=now())
    toast(request, Words(f"已删除推送地址“{found.name}”", f"Removed the endpoint “{found.name}”"))
    return HttpResponseRedirect(reverse("webhooks:list"))


def _form_shown(request: HttpRequest, form: EndpointForm, more: dict[str, object]) -> HttpResponse:
    status = 400 if form.errors else 200
    return render(request, "webhooks/form.html", {"form": form, **more}, status=status)


def _secret_shown(request: HttpRequest, endpoint_id: int, made: str) -> HttpResponse:
    context = {"endpoint": endpoint_found(request, endpoint_id), "secret": made}
    return render(request, "webhooks/secret.html", context)


def _back(endpoint_id: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("webhooks:endpoint", args=[endpoint_id]))
