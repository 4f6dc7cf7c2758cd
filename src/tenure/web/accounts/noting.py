"""Logins, failed ones, logouts, changes of passwords and second factors go into the audit."""

from __future__ import annotations

from typing import Any

from allauth.account import signals as account
from allauth.account.adapter import get_adapter
from allauth.mfa import signals as mfa
from allauth.socialaccount import signals as social
from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from tenure.actor import Actor
from tenure.clock import now
from tenure.guard.access.queries import actor_of
from tenure.guard.audit.operations import note

NOBODY = Actor("nobody", "person", "—")


def listen() -> None:
    """Connect to what Django and allauth tell of logins."""
    user_logged_in.connect(_logged_in, dispatch_uid="audit")
    user_logged_out.connect(_logged_out, dispatch_uid="audit")
    user_login_failed.connect(_failed, dispatch_uid="audit")
    mfa.authentication_failed.connect(_second_factor_failed, dispatch_uid="audit")
    account.password_changed.connect(_password_changed, dispatch_uid="audit")
    account.password_set.connect(_password_changed, dispatch_uid="audit")
    account.password_reset.connect(_password_reset, dispatch_uid="audit")
    mfa.authenticator_added.connect(_factor_added, dispatch_uid="audit")
    mfa.authenticator_removed.connect(_factor_removed, dispatch_uid="audit")
    mfa.authenticator_reset.connect(_codes_made, dispatch_uid="audit")
    social.social_account_added.connect(_login_tied, dispatch_uid="audit")
    social.social_account_removed.connect(_login_untied, dispatch_uid="audit")


def note_login(action: str, request: HttpRequest | None, user: Any, **detail: object) -> None:
    """Note something about a login, by the account itself."""
    by = actor_of(user) if user is not None and user.pk else NOBODY
    about = by.key if by is not NOBODY else ""
    note(action, by=by, at=now(), about=about, detail=detail, address=address_of(request))


def address_of(request: HttpRequest | None) -> str:
    """From where a request comes, as far as trusted proxies tell."""
    if request is None:
        return ""
    try:
        return str(get_adapter().get_client_ip(request))
    except PermissionDenied:
        return ""


def _logged_in(sender: object, request: HttpRequest, user: Any, **_: object) -> None:
    note_login("login.made", request, user)


def _logged_out(sender: object, request: HttpRequest, user: Any, **_: object) -> None:
    if user is not None:
        note_login("logout.made", request, user)


def _failed(
    sender: object, credentials: dict[str, Any], request: HttpRequest | None = None, **_: object
) -> None:
    """Whose login failed, where there is such an account; what was typed is not kept."""
    typed = str(credentials.get("email") or credentials.get("username") or "").strip()
    user = get_user_model().objects.filter(email__iexact=typed).first() if typed else None
    about = actor_of(user).key if user else ""
    note("login.failed", by=NOBODY, at=now(), about=about, address=address_of(request))


def _second_factor_failed(sender: object, request: HttpRequest, user: Any, **_: object) -> None:
    note_login("login.failed", request, user, step="second factor")


def _password_changed(sender: object, request: HttpRequest, user: Any, **_: object) -> None:
    note_login("password.changed", request, user)


def _password_reset(sender: object, request: HttpRequest, user: Any, **_: object) -> None:
    note_login("password.reset", request, user)


def _factor_added(
    sender: object, request: HttpRequest, user: Any, authenticator: Any, **_: object
) -> None:
    note_login("second_factor.added", request, user, type=str(authenticator.type))


def _factor_removed(
    sender: object, request: HttpRequest, user: Any, authenticator: Any, **_: object
) -> None:
    note_login("second_factor.removed", request, user, type=str(authenticator.type))


def _codes_made(sender: object, request: HttpRequest, user: Any, **_: object) -> None:
    note_login("recovery_codes.made", request, user)


def _login_tied(sender: object, request: HttpRequest, sociallogin: Any, **_: object) -> None:
    note_login("login.tied", request, sociallogin.user, provider=sociallogin.account.provider)


def _login_untied(sender: object, request: HttpRequest, socialaccount: Any, **_: object) -> None:
    note_login("login.untied", request, socialaccount.user, provider=socialaccount.provider)
