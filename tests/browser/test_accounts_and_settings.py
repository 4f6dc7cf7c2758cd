"""Logging in as people do, passkeys included, and the pages of accounts and settings."""

from __future__ import annotations

from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.house import Served

pytestmark = pytest.mark.browser
PAGES = (
    "/account/profile/",
    "/account/2fa/",
    "/account/sessions/",
    "/settings/people/",
    "/settings/people/invite/",
    "/settings/departments/",
    "/settings/roles/",
    "/settings/roles/sales_manager/",
    "/settings/tokens/",
    "/settings/services/",
    "/settings/why/",
    "/settings/organisation/",
    "/settings/audit/",
    "/settings/about/",
)
MODES = (("zh", False, False), ("en", True, False), ("zh", True, True), ("en", False, True))


@pytest.mark.parametrize("path", PAGES)
def test_pages_in_both_languages_looks_and_widths(open_page: OpenPage, path: str) -> None:
    for language, dark, phone in MODES:
        page = open_page(path, language=language, dark=dark, phone=phone)
        expect(page.locator("h1")).to_be_visible()


def test_the_login_page(open_page: OpenPage) -> None:
    for language, dark, phone in MODES:
        page = open_page("/account/login/", account=None, language=language, dark=dark, phone=phone)
        expect(page.locator("input[name=password]")).to_be_visible()


def test_a_role_without_the_right_is_told_so(open_page: OpenPage) -> None:
    page = open_page("/settings/people/", account="sales", status=403)
    expect(page.get_by_text("您没有“管理账号与部门”的权限")).to_be_visible()


def test_an_invitation_from_end_to_end(
    open_page: OpenPage, house: Served, browser: Browser
) -> None:
    page = open_page("/settings/people/invite/", language="en")
    page.get_by_label("E-mail").fill(f"{uuid4().hex}@example.com")
    page.get_by_label("Analyst").check()
    page.get_by_role("button", name="Invite").click()
    address = page.get_by_label("Link").input_value()
    theirs = browser.new_context(locale="en-GB")
    guest = theirs.new_page()
    guest.goto(address)
    guest.locator("input[name=name]").fill("Invited Person")
    guest.locator("input[name=password]").fill("a long enough password")
    guest.locator("main form button.btn-primary").click()
    guest.goto(house.address + "/account/profile/")
    expect(guest.locator("input[name=name]")).to_have_value("Invited Person")
    guest.goto(address)
    expect(guest.locator("h1")).to_contain_text("邀请")
    theirs.close()


def add_authenticator(page: Page) -> None:
    """A device with a fingerprint that always fits."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_passkey_is_added_and_logs_in(house: Served, browser: Browser) -> None:
    address = house.address.replace("127.0.0.1", "localhost")  # passkeys belong to a name
    number = house.accounts["executive"]["id"]
    token = house.run(
        "from tenure.actor import SYSTEM\n"
        "from tenure.guard.access.operations import one_time_login\n"
        f"print(one_time_login(account_id={number}, by=SYSTEM, at=house.at))"
    ).strip()
    context = browser.new_context()
    page = context.new_page()
    add_authenticator(page)
    page.goto(f"{address}/account/enter/{token}/")
    page.goto(f"{address}/account/2fa/webauthn/add/")
    page.locator("input[name=passwordless]").check()
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url(lambda url: "webauthn/add" not in url)
    page.goto(f"{address}/account/logout/")
    page.locator("main form button.btn-primary").click()
    page.goto(f"{address}/account/login/")
    page.locator("#passkey_login").click()
    page.wait_for_url(lambda url: "/account/" not in url)
    page.goto(f"{address}/account/profile/")
    expect(page.locator("input[name=name]")).to_have_value("Executive")
    context.close()
