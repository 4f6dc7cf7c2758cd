"""Data health as people see it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage

pytestmark = pytest.mark.browser
ROLE = "data_administrator"


def test_the_first_look_measures(open_page: OpenPage) -> None:
    page = open_page("/health/", account=ROLE)
    expect(page.get_by_role("heading", name="各来源")).to_be_visible(timeout=60_000)
    page.locator("table a").first.click()
    expect(page.locator("progress").first).to_be_visible()


@pytest.mark.parametrize("path", ["", "functions/", "oddities/", "links/", "refused/"])
@pytest.mark.parametrize(("language", "dark", "phone"), [("en", True, False), ("zh", False, True)])
def test_every_page(open_page: OpenPage, path: str, language: str, dark: bool, phone: bool) -> None:
    open_page(f"/health/{path}", account=ROLE, language=language, dark=dark, phone=phone)
