"""Today as people see it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage, settle

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("language", "dark", "phone"),
    [("zh", False, False), ("en", True, False), ("zh", True, True), ("en", False, True)],
)
def test_what_changed_and_what_comes(
    open_page: OpenPage, language: str, dark: bool, phone: bool
) -> None:
    page = open_page("/", language=language, dark=dark, phone=phone)
    title = "自昨天以来" if language == "zh" else "Since yesterday"
    expect(page.get_by_role("heading", name=title)).to_be_visible()


def test_every_number_leads_to_its_customers(open_page: OpenPage) -> None:
    page = open_page("/?whole=1", account="executive")
    page.locator("a[href*='/customers/'], a[href*='/coming/']").first.click()
    settle(page)
    expect(page.locator("main")).to_be_visible()


def test_a_seller_without_customers(open_page: OpenPage) -> None:
    open_page("/", account="sales", language="en")
