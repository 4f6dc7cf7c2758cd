"""One-time links, invitations, and what a person sets for themselves."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.views import password_reset
from allauth.core.ratelimit import consume_or_429
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import get_user_model, login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET

from tenure.clock import now
from tenure.guard.access.operations import accept_invitation, change_profile, use_login_link
from tenure.guard.access.queries import (
    RIGHTS,
    SCOPE_NAMES,
    SCOPED_RIGHTS,
    account_id_of,
    invited_by,
)
from tenure.web.accounts.forms import InvitationForm, ProfileForm
from tenure.web.components.toasts import toast
from tenure.web.language import newcomer_language
from tenure.web.viewer import page, rights_on, viewer_of
from tenure.words import TenureError, Words

_BACKEND = settings.AUTHENTICATION_BACKENDS[0]
_YES = Words("可以", "yes")
_SPENT = Words(
    zh="这个邀请已用过、已过期或已撤回，请向邀请您的人再要一个",
    en="this invitation was used, has expired or was taken back; ask for another",
)


@never_cache
@require_GET
def enter(request: HttpRequest, token: str) -> HttpResponseBase:
    """Log in by a one-time link."""
    crowded: HttpResponse | None = consume_or_429(request, action="login")
    if crowded is not None:
        return crowded
    _log_in(request, use_login_link(token=token, at=now()), method="link")
    if not request.user.has_usable_password():  # type: ignore[union-attr]
        words = Words(
            zh="这个链接只能用一次，请到“我的账号”设置密码或通行密钥",
            en="This link worked once; set a password or a passkey under “My account”",
        )
        toast(request, words, level="info")
    return HttpResponseRedirect("/")


@never_cache
@sensitive_post_parameters("password")
def invitation(request: HttpRequest, token: str) -> HttpResponseBase:
    """Accept an invitation: a name, a password, and in."""
    crowded: HttpResponse | None = consume_or_429(request, action="login")
    if crowded is not None:
        return crowded
    invited = invited_by(token, now())
    if invited is None:
        raise TenureError(_SPENT)
    form = InvitationForm(request.POST or None, name=invited.name, email=invited.email)
    if form.is_bound and form.is_valid():
        number = accept_invitation(
            token=token,
            name=form.cleaned_data["name"],
            password=form.cleaned_data["password"],
            language=newcomer_language(request),
            at=now(),
        )
        _log_in(request, number, method="invitation")
        return HttpResponseRedirect("/")
    return render(request, "accounts/invitation.html", {"form": form, "invitation": invited})


@page()
def profile(request: HttpRequest) -> HttpResponse:
    """Name, language, look and time zone; and what one may."""
    reader: Any = request.user
    names = ("name", "language", "theme", "time_zone")
    form = ProfileForm(
        request.POST or None, initial={name: getattr(reader, name) for name in names}
    )
    if form.is_bound and form.is_valid():
        change_profile(
            name=form.cleaned_data["name"],
            language=form.chosen_language,
            theme=form.cleaned_data["theme"],
            time_zone=form.cleaned_data["time_zone"],
            by=viewer_of(request),
            account_id=account_id_of(viewer_of(request)) or 0,
            at=now(),
        )
        toast(request, Words("已保存", "Saved"))
        return HttpResponseRedirect(reverse("accounts:profile"))
    rights = rights_on(request)
    mine = [
        (words, SCOPE_NAMES[rights.scope(right)] if right in SCOPED_RIGHTS else _YES)
        for right, words in RIGHTS.items()
        if rights.may(right)
    ]
    return render(request, "accounts/profile.html", {"form": form, "mine": mine})


def forgotten(request: HttpRequest) -> HttpResponseBase:
    """A link for a new password by mail; without mail, whom to ask."""
    if settings.EMAIL_ENABLED:
        answer: HttpResponseBase = password_reset(request)
        return answer
    return render(request, "accounts/no_mail.html")


def _log_in(request: HttpRequest, account_id: int, *, method: str) -> None:
    """Begin a session of the account, listed among its devices."""
    account: Any = get_user_model().objects.get(pk=account_id)
    login(request, account, backend=_BACKEND)
    record_authentication(request, account, method=method, reauthenticated=True)
    UserSession.objects.create_from_request(request)
