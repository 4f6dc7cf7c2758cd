"""Tokens for programs: one's own, and those of services for whoever manages them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tenure.clock import now
from tenure.guard.access.operations import (
    TokenRequest,
    add_service,
    change_service,
    ensure_roles,
    make_service_token,
    make_token,
    revoke_token,
    switch_service,
)
from tenure.guard.access.queries import (
    FIELD_GROUPS,
    PROGRAM_RIGHTS,
    RIGHTS,
    SCOPE_NAMES,
    SCOPED_RIGHTS,
    Rights,
    all_tokens,
    departments,
    own_tokens,
    rights_of_service,
    roles,
    services,
)
from tenure.web.components.toasts import toast
from tenure.web.settings.asking import typed
from tenure.web.viewer import page, rights_on, viewer_of
from tenure.words import TenureError, Words

LIVES = (
    (30, Words("30 天", "30 days")),
    (90, Words("90 天", "90 days")),
    (365, Words("一年", "One year")),
    (0, Words("不过期", "Never")),
)
USUAL_LIFE = 90


@never_cache
@page()
def mine(request: HttpRequest) -> HttpResponse:
    """One's own tokens; a new one is shown on the answer that makes it, and never again."""
    viewer, at = viewer_of(request), now()
    if request.method == "POST":
        made = make_token(_asked(request.POST, at), by=viewer, at=at)
        return _shown(request, made.token, reverse("settings:tokens"))
    context = {**_choices(rights_on(request)), "tokens": own_tokens(viewer), "now": at}
    return render(request, "settings/tokens.html", context)


@require_POST
@page()
def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """Let a token open nothing any more."""
    revoke_token(token_id, by=viewer_of(request), at=now())
    toast(request, Words("令牌已撤销，立即失效", "Revoked; it opens nothing from now on"))
    service = request.POST.get("service", "")
    if service.isdecimal() and len(service) < 10:
        return HttpResponseRedirect(reverse("settings:service", args=[int(service)]))
    every = request.POST.get("back") == "services"
    return HttpResponseRedirect(reverse("settings:services" if every else "settings:tokens"))


@page("token.manage")
def all_services(request: HttpRequest) -> HttpResponse:
    """Services, and the tokens of everybody."""
    viewer, at = viewer_of(request), now()
    ensure_roles(by=viewer, at=at)
    if request.method == "POST":
        data = request.POST
        name, given = typed(data, "name"), data.getlist("roles")
        made = add_service(name=name, roles=given, department_id=_place(data), by=viewer, at=at)
        toast(request, Words("服务已添加，请为它创建令牌", "Added; now make a token for it"))
        return HttpResponseRedirect(reverse("settings:service", args=[made]))
    context = {
        "services": services(viewer),
        "roles": roles(viewer),
        "departments": departments(viewer),
        "tokens": [one for one in all_tokens(viewer) if one.service_id is None],
        "now": at,
    }
    return render(request, "settings/services.html", context)


@never_cache
@page("token.manage")
def one_service(request: HttpRequest, service_id: int) -> HttpResponse:
    """One service: its roles and its tokens."""
    viewer, at = viewer_of(request), now()
    found = next((one for one in services(viewer) if one.service_id == service_id), None)
    if found is None:
        raise TenureError(Words(f"没有服务 {service_id}", f"there is no service {service_id}"))
    back = reverse("settings:service", args=[service_id])
    if request.method == "POST":
        made = make_service_token(service_id, _asked(request.POST, at), by=viewer, at=at)
        return _shown(request, made.token, back)
    context = {
        **_choices(rights_of_service(service_id, viewer)),
        "service": found,
        "roles": roles(viewer),
        "departments": departments(viewer),
        "tokens": [one for one in all_tokens(viewer) if one.service_id == service_id],
        "now": at,
    }
    return render(request, "settings/service.html", context)


@require_POST
@page("token.manage")
def change(request: HttpRequest, service_id: int) -> HttpResponse:
    """Give a service other roles, or switch it off and on."""
    viewer, at, data = viewer_of(request), now(), request.POST
    if "on" in data:
        switch_service(service_id, on=data["on"] == "1", by=viewer, at=at)
    else:
        given = data.getlist("roles")
        change_service(service_id, roles=given, department_id=_place(data), by=viewer, at=at)
    toast(request, Words("已保存，立即生效", "Saved; it holds at once"))
    return HttpResponseRedirect(reverse("settings:service", args=[service_id]))


def _asked(data: QueryDict, at: datetime) -> TokenRequest:
    text = data.get("life", "")
    days = int(text) if text in {str(one) for one, _ in LIVES} else USUAL_LIFE
    return TokenRequest(
        name=typed(data, "name"),
        scopes=data.getlist("scopes"),
        reads=data.getlist("reads"),
        expires_at=at + timedelta(days=days) if days else None,
    )


def _place(data: QueryDict) -> int | None:
    text = data.get("department", "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


def _shown(request: HttpRequest, token: str, back: str) -> HttpResponse:
    return render(request, "settings/token_made.html", {"token": token, "back": back})


def _choices(rights: Rights) -> dict[str, object]:
    """What a token of an owner with these rights can be given."""
    return {
        "scopes": [
            (
                right,
                RIGHTS[right],
                SCOPE_NAMES[rights.scope(right)] if right in SCOPED_RIGHTS else None,
            )
            for right in PROGRAM_RIGHTS
            if rights.may(right)
        ],
        "groups": [(key, words) for key, words in FIELD_GROUPS.items() if key in rights.reads],
        "lives": LIVES,
        "usual": USUAL_LIFE,
    }
