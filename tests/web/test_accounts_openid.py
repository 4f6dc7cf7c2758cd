"""Logging in by OpenID Connect from the button to the account, with a provider on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from django.contrib.auth import get_user_model
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tenure.actor import SYSTEM
from tenure.clock import now
from tenure.guard.access.operations import invite, make_account
from tests.web.openid_provider import CLIENT, SECRET, Provider, new_key, serving

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    """The other system, made known to this house."""
    with serving() as made:
        app = {
            "provider_id": "oidc",
            "name": "Single sign-on",
            "client_id": CLIENT,
            "secret": SECRET,
            "settings": {"server_url": made.address},
        }
        settings.SOCIALACCOUNT_PROVIDERS = {
            "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}
        }
        settings.OIDC_NAME = "Single sign-on"
        yield made


def _begin(client: Client, query: str = "") -> str:
    """Where the button leads to."""
    button = reverse("openid_connect_login", kwargs={"provider_id": "oidc"})
    assert f'href="{button}"' in client.get("/account/login/").content.decode()
    answer = client.get(button + query)
    assert answer.status_code == 302
    return answer.headers["Location"]


def _there(address: str) -> str:
    """What the browser does there: the person is known, and sent back."""
    parts = urlsplit(address)
    asking = HTTPConnection(parts.netloc, timeout=5)
    asking.request("GET", f"{parts.path}?{parts.query}")
    answer = asking.getresponse()
    assert answer.status == 302
    asking.close()
    back = urlsplit(answer.headers["Location"])
    return f"{back.path}?{back.query}"


def _log_in(client: Client) -> HttpResponse:
    return client.get(_there(_begin(client)))


def _who(client: Client) -> str:
    page = client.get("/account/profile/")
    return str(page.wsgi_request.user.email) if page.status_code == 200 else ""


def test_an_invited_person_comes_in_and_comes_again(client: Client, provider: Provider) -> None:
    invite(email="new@example.com", name="新人", roles=["sales"], by=SYSTEM, at=now())
    assert _log_in(client).status_code == 302
    assert _who(client) == "new@example.com"
    account = get_user_model().objects.get()
    assert [role.key for role in account.roles.all()] == ["sales"]
    again = Client()
    _log_in(again)
    assert _who(again) == "new@example.com"
    first, second = provider.asked
    for name in ("nonce", "state", "code_challenge"):
        assert len(first[name]) >= 16
        assert first[name] != second[name]


def test_who_has_an_account_comes_in(client: Client, provider: Provider) -> None:
    make_account(email="new@example.com", roles=["sales"], by=SYSTEM, at=now())
    _log_in(client)
    assert _who(client) == "new@example.com"


def test_who_is_not_invited_is_told_so(client: Client, provider: Provider) -> None:
    answer = client.get(_there(_begin(client)), follow=True)
    assert "只由管理员邀请" in answer.content.decode()
    assert _who(client) == ""
    assert not get_user_model().objects.exists()


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "of another login"},
        {"nonce": None},
        {"aud": "another client"},
        {"iss": "https://elsewhere.example.com"},
        {"exp": 1},
        {"sub": "43"},
    ],
)
def test_a_token_for_something_else_logs_nobody_in(
    client: Client, provider: Provider, claims: dict[str, Any]
) -> None:
    make_account(email="new@example.com", by=SYSTEM, at=now())
    provider.claims = claims
    _refused(client, _log_in(client))


def test_a_forged_signature_logs_nobody_in(client: Client, provider: Provider) -> None:
    make_account(email="new@example.com", by=SYSTEM, at=now())
    provider.signing_key = new_key()
    _refused(client, _log_in(client))


def test_a_wrong_state_logs_nobody_in(client: Client, provider: Provider) -> None:
    make_account(email="new@example.com", by=SYSTEM, at=now())
    path, _, query = _there(_begin(client)).partition("?")
    given = dict(parse_qsl(query))
    for wrong in ({**given, "state": "made up"}, {"code": given["code"]}, {"state": "x"}):
        _refused(client, client.get(f"{path}?{urlencode(wrong)}"))


def test_a_stolen_code_is_of_no_use(client: Client, provider: Provider) -> None:
    make_account(email="new@example.com", by=SYSTEM, at=now())
    stolen = dict(parse_qsl(urlsplit(_there(_begin(client))).query))
    thief = Client()
    path, _, query = _there(_begin(thief)).partition("?")
    mixed = dict(parse_qsl(query)) | {"code": stolen["code"]}
    _refused(thief, thief.get(f"{path}?{urlencode(mixed)}"))


def test_the_address_of_the_button_changes_nothing(client: Client, provider: Provider) -> None:
    said = urlencode({"auth_params": "nonce=mine&redirect_uri=https://evil.example", "scope": "a"})
    asked = dict(parse_qsl(urlsplit(_begin(client, f"?{said}")).query))
    assert asked["nonce"] != "mine"
    assert urlsplit(asked["redirect_uri"]).netloc == "testserver"
    assert set(asked["scope"].split()) == {"openid", "profile", "email"}


def test_a_provider_that_is_down_is_said_in_words(client: Client, settings: Any) -> None:
    with serving() as made:
        address = made.address
    app = {"provider_id": "oidc", "name": "X", "client_id": CLIENT, "secret": SECRET,
           "settings": {"server_url": address}}  # fmt: skip
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    button = reverse("openid_connect_login", kwargs={"provider_id": "oidc"})
    for path in (button, f"{button}callback/?code=a&state=b"):
        answer = client.get(path)
        assert answer.status_code == 401
        assert "没有确认您的身份" in answer.content.decode()


def _refused(client: Client, answer: HttpResponse) -> None:
    assert answer.status_code == 401
    assert "没有确认您的身份" in answer.content.decode()
    assert _who(client) == ""
