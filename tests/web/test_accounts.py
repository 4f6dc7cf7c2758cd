"""Logging in and out, links, invitations, the own profile: by the pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from tenure.actor import SYSTEM
from tenure.clock import now
from tenure.guard.access.operations import (
    invite,
    make_account,
    one_time_login,
    revoke_invitation,
    switch_off,
)
from tenure.guard.trail.models import AuditEntry

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
LOGIN = "/account/login/"


@pytest.fixture
def person() -> int:
    return make_account(
        email="li@example.com",
        name="李雷",
        roles=["sales"],
        password=PASSWORD,
        by=SYSTEM,
        at=now(),
    )


def _log_in(client: Client, password: str = PASSWORD, **more: str):  # type: ignore[no-untyped-def]
    return client.post(LOGIN, {"login": "li@example.com", "password": password, **more})


def actions(about: str = "") -> list[str]:
    entries = AuditEntry.objects.filter(about=about) if about else AuditEntry.objects.all()
    return list(entries.order_by("id").values_list("action", flat=True))


def _plain(page: str) -> str:
    """A page without what differs from request to request."""
    return re.sub(r"[A-Za-z0-9]{64}", "", page).replace("nobody@example.com", "li@example.com")


def _confirm(client: Client) -> None:
    """What concerns the safety of the account asks for the password once more."""
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def is_in(client: Client) -> bool:
    return client.get("/account/profile/").status_code == 200


@pytest.mark.parametrize(
    ("language", "word"), [("zh", "在这台设备上保持登录"), ("en", "Stay logged in")]
)
def test_the_login_page_speaks_both_languages(client: Client, language: str, word: str) -> None:
    client.cookies["language"] = language
    page = client.get(LOGIN)
    assert page.status_code == 200
    assert word in page.content.decode()
    assert "style=" not in page.content.decode()


def test_logging_in_and_out_is_in_the_audit(client: Client, person: int) -> None:
    assert _log_in(client).status_code == 302
    assert is_in(client)
    client.post("/account/logout/")
    assert not is_in(client)
    assert actions(f"account:{person}")[-2:] == ["login.made", "logout.made"]


def test_a_wrong_password_is_noted_and_tells_nothing(client: Client, person: int) -> None:
    wrong = _log_in(client, "wrong password").content.decode()
    unknown = client.post(
        LOGIN, {"login": "nobody@example.com", "password": "wrong password"}
    ).content.decode()
    assert not is_in(client)
    assert _plain(wrong) == _plain(unknown)
    assert actions(f"account:{person}")[-1] == "login.failed"
    assert AuditEntry.objects.filter(action="login.failed", about="").count() == 1


def test_a_switched_off_account_is_out_at_once(client: Client, person: int) -> None:
    _log_in(client)
    switch_off(account_id=person, by=SYSTEM, at=now())
    assert not is_in(client)
    _log_in(client)
    assert not is_in(client)


def test_too_many_attempts_are_refused(client: Client, person: int) -> None:
    answers = [_log_in(client, "wrong password") for _ in range(12)]
    assert not is_in(client)
    blocked = _log_in(client)
    assert not is_in(client)
    assert answers
    assert blocked.status_code in {200, 429}


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"]
)
def test_logging_in_leads_to_no_other_host(client: Client, person: int, target: str) -> None:
    answer = _log_in(client, next=target)
    assert answer.status_code == 302
    assert urlsplit(answer.headers["Location"]).netloc == ""
    assert "evil" not in answer.headers["Location"]


@pytest.mark.parametrize(
    "address", ["/account/email/", "/account/confirm-email/", "/account/3rdparty/signup/"]
)
def test_what_does_not_fit_leads_nowhere(client: Client, person: int, address: str) -> None:
    _log_in(client)
    assert client.get(address).status_code == 404


def test_nobody_signs_up(client: Client) -> None:
    form = {"email": "new@example.com", "password1": PASSWORD, "password2": PASSWORD}
    for answer in (client.get("/account/signup/"), client.post("/account/signup/", form)):
        assert answer.status_code == 200
        assert "邀请" in answer.content.decode()
    assert get_user_model().objects.count() == 0


def test_a_one_time_link_works_once(client: Client, person: int) -> None:
    token = one_time_login(account_id=person, by=SYSTEM, at=now())
    address = reverse("accounts:enter", args=[token])
    assert client.head(address).status_code == 405
    assert client.get(address).status_code == 302
    assert is_in(client)
    again = Client()
    assert again.get(address).status_code == 400
    assert not is_in(again)
    assert actions(f"account:{person}")[-3:] == ["login_link.made", "login_link.used", "login.made"]


def test_a_late_link_logs_nobody_in(client: Client, person: int) -> None:
    token = one_time_login(account_id=person, by=SYSTEM, at=now() - timedelta(hours=1))
    assert client.get(reverse("accounts:enter", args=[token])).status_code == 400
    assert not is_in(client)


def test_an_invitation_makes_an_account(client: Client) -> None:
    invited = invite(email="han@example.com", name="韩", roles=["sales"], by=SYSTEM, at=now())
    address = reverse("accounts:invitation", args=[invited.token])
    assert "han@example.com" in client.get(address).content.decode()
    weak = client.post(address, {"name": "韩梅梅", "password": "password"})
    assert weak.status_code == 200
    assert get_user_model().objects.count() == 0
    assert client.post(address, {"name": "韩梅梅", "password": PASSWORD}).status_code == 302
    assert is_in(client)
    account = get_user_model().objects.get(email="han@example.com")
    assert account.name == "韩梅梅"
    assert Client().get(address).status_code == 400


def test_a_revoked_invitation_makes_none(client: Client) -> None:
    invited = invite(email="han@example.com", by=SYSTEM, at=now())
    revoke_invitation(invitation_id=invited.invitation_id, by=SYSTEM, at=now())
    address = reverse("accounts:invitation", args=[invited.token])
    assert client.post(address, {"name": "x", "password": PASSWORD}).status_code == 400
    assert get_user_model().objects.count() == 0


def test_the_profile_is_saved_and_the_page_follows(client: Client, person: int) -> None:
    _log_in(client)
    changed = {"name": "Li Lei", "language": "en", "theme": "dark", "time_zone": "Europe/Paris"}
    assert client.post("/account/profile/", changed).status_code == 302
    page = client.get("/account/profile/").content.decode()
    assert 'lang="en"' in page
    assert 'data-theme="dark"' in page
    assert "What I may do" in page
    refused = client.post("/account/profile/", changed | {"time_zone": "Mars/Olympus"})
    assert refused.status_code == 200
    assert get_user_model().objects.get(pk=person).time_zone == "Europe/Paris"


@pytest.mark.parametrize(
    "name",
    [
        "mfa_index",
        "usersessions_list",
        "account_change_password",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "account_logout",
        "socialaccount_connections",
    ],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_own_pages_open(client: Client, person: int, name: str, language: str) -> None:
    get_user_model().objects.update(language=language)
    _log_in(client)
    _confirm(client)
    page = client.get(reverse(name))
    assert page.status_code == 200
    assert ("登" in page.content.decode()) == (language == "zh")


def test_a_changed_password_is_noted_and_works(client: Client, person: int) -> None:
    _log_in(client)
    new = "another good password"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    changed = client.post(reverse("account_change_password"), form)
    assert changed.headers["Location"] == reverse("mfa_index")
    assert actions(f"account:{person}")[-1] == "password.changed"
    other = Client()
    _log_in(other, new)
    assert is_in(other)


def test_without_mail_a_forgotten_password_leads_to_an_administrator(client: Client) -> None:
    assert "管理员" in client.get("/account/password/reset/").content.decode()


def test_secrets_of_second_factors_are_sealed(
    client: Client, person: int, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    from allauth.mfa.adapter import get_adapter
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal.auth import (
        TOTP,
        format_hotp_value,
        hotp_value,
        yield_hotp_counters_from_time,
    )

    _log_in(client)
    assert client.get(reverse("mfa_activate_totp")).status_code == 302
    _confirm(client)
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(reverse("mfa_activate_totp"), {"code": code}).status_code == 302
    stored = Authenticator.objects.get(type=Authenticator.Type.TOTP)
    assert secret not in str(stored.data)
    assert get_adapter().decrypt(stored.data["secret"]) == secret
    assert TOTP(stored)
    assert "second_factor.added" in actions(f"account:{person}")
    assert client.get(reverse("mfa_view_recovery_codes")).status_code == 200
    other = Client()
    assert _log_in(other).headers["Location"].endswith(reverse("mfa_authenticate"))
    assert not is_in(other)
    assert other.get(reverse("mfa_authenticate")).status_code == 200
    other.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert not is_in(other)
    assert settings.MFA_TOTP_ISSUER == "Tenure"


def test_cookies_are_named_by_the_house(client: Client, person: int) -> None:
    answer = _log_in(client)
    assert settings.SESSION_COOKIE_NAME in answer.cookies
    assert re.fullmatch(r"session-[0-9a-f]{8}", settings.SESSION_COOKIE_NAME)
    assert settings.CSRF_COOKIE_NAME.removeprefix("csrf") == (
        settings.SESSION_COOKIE_NAME.removeprefix("session")
    )
