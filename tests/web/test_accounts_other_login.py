"""Logging in by another system: only who is invited, or has an account with that address."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import complete_social_login
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import reverse

from tenure.actor import SYSTEM
from tenure.clock import now
from tenure.guard.access.operations import invite, make_account, switch_off
from tenure.guard.trail.models import AuditEntry

pytestmark = pytest.mark.django_db
APP = {
    "provider_id": "oidc",
    "name": "Single sign-on",
    "client_id": "tenure",
    "secret": "s",
    "settings": {"server_url": "https://login.example.com"},
}


@pytest.fixture
def other(settings: Any) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [APP]}}
    settings.OIDC_NAME = "Single sign-on"


def _comes_back(rf: RequestFactory, email: str, *, confirmed: bool, uid: str = "1") -> HttpRequest:
    """The other system sends somebody back."""
    request = rf.get("/account/oidc/oidc/login/callback/")
    request.session = SessionStore()
    request.user = AnonymousUser()
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]
    login = SocialLogin(
        user=get_user_model()(email=email),
        account=SocialAccount(provider="oidc", uid=uid),
        email_addresses=[EmailAddress(email=email, verified=confirmed, primary=True)],
        provider=get_adapter().get_provider(request, "oidc"),
    )
    login.state = {"process": "login"}
    with context.request_context(request):
        complete_social_login(request, login)
    return request


def _in(request: HttpRequest) -> str:
    return getattr(request.user, "email", "")


def test_a_stranger_gets_no_account(rf: RequestFactory, other: None) -> None:
    assert _in(_comes_back(rf, "stranger@example.com", confirmed=True)) == ""
    assert get_user_model().objects.count() == 0


def test_who_is_invited_gets_the_account_of_the_invitation(rf: RequestFactory, other: None) -> None:
    invite(email="new@example.com", name="新人", roles=["sales"], by=SYSTEM, at=now())
    assert _in(_comes_back(rf, "New@example.com", confirmed=False)) == ""
    assert _in(_comes_back(rf, "New@example.com", confirmed=True)) == "new@example.com"
    account = get_user_model().objects.get()
    assert account.name == "新人"
    assert [role.key for role in account.roles.all()] == ["sales"]
    assert _in(_comes_back(rf, "new@example.com", confirmed=True)) == "new@example.com"
    assert get_user_model().objects.count() == 1
    noted = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"invitation.accepted", "login.made"} <= noted


def test_an_address_counts_only_when_it_is_confirmed(rf: RequestFactory, other: None) -> None:
    made = make_account(email="li@example.com", by=SYSTEM, at=now())
    assert _in(_comes_back(rf, "li@example.com", confirmed=False, uid="2")) == ""
    assert _in(_comes_back(rf, "li@example.com", confirmed=True)) == "li@example.com"
    switch_off(account_id=made, by=SYSTEM, at=now())
    assert _in(_comes_back(rf, "li@example.com", confirmed=True)) == ""


def test_the_button_stands_where_there_is_another_login(client: Client, other: None) -> None:
    page = client.get("/account/login/").content.decode()
    address = reverse("openid_connect_login", kwargs={"provider_id": "oidc"})
    assert f'href="{address}"' in page
    assert "Single sign-on" in page


def test_there_is_none_by_default(client: Client) -> None:
    assert settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"] == []
    assert "/account/oidc/" not in client.get("/account/login/").content.decode()
    assert client.get("/account/oidc/oidc/login/").status_code == 404
