"""The lifecycle board: every tab in both languages and looks, and the way to the customers."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage, violations

pytestmark = pytest.mark.browser

BOARD = "/lifecycle/ecommerce_five_periods/"
TABS = ["", "flows/", "conversion/", "time/", "time/?stage=mature", "paths/", "coming/?days=90"]


@pytest.mark.parametrize("tab", TABS)
@pytest.mark.parametrize(
    ("language", "dark", "phone"), [("zh", False, False), ("en", True, False), ("zh", True, True)]
)
def test_every_tab(open_page: OpenPage, tab: str, language: str, dark: bool, phone: bool) -> None:
    page = open_page(BOARD + tab, language=language, dark=dark, phone=phone)
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("main table").first).to_be_visible()


def test_money_follows_the_heads_and_figures_lead_to_customers(open_page: OpenPage) -> None:
    page = open_page(BOARD, language="en")
    expect(page.get_by_text("Money of the last year")).to_be_visible()
    expect(page.locator("#stages .skeleton")).to_have_count(0)
    row = page.locator("#stages tbody tr").filter(has=page.locator("td a")).first
    heads = row.locator("td a").first.inner_text()
    row.locator("td a").first.click()
    expect(page).to_have_url(re.compile(r"/customers/in/\w+/"))
    expect(page.locator("main")).to_contain_text(f"of {heads}" if heads != "0" else "No customers")
    assert violations(page) == []


def test_the_playbook_opens_beside_the_board(open_page: OpenPage) -> None:
    page = open_page(BOARD)
    page.get_by_role("link", name=re.compile("运营手册：")).first.click()
    expect(page.locator("#playbook")).to_contain_text("目标")
    assert violations(page) == []


def test_customers_are_filtered_and_compared(open_page: OpenPage) -> None:
    page = open_page(BOARD, language="en")
    page.get_by_text("Filter and compare").click()
    first = page.get_by_role("group", name="Show only")
    first.get_by_label("Condition").fill("orders >= 2")
    page.get_by_role("group", name="Compare with").get_by_label("Condition").fill("orders < 2")
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_role("columnheader", name="Compared", exact=True)).to_be_visible()
    assert violations(page) == []
    page.get_by_role("link", name="Remove compared with orders < 2").click()
    expect(page.get_by_role("columnheader", name="Compared", exact=True)).to_have_count(0)


def test_flows_add_up_on_the_page(open_page: OpenPage) -> None:
    page = open_page(f"{BOARD}flows/?money=1", language="en")
    expect(page.locator("main")).to_contain_text(re.compile(r"[\d,]+ \+ [\d,]+ − [\d,]+ = [\d,]+"))
    expect(page.locator("[data-chart] canvas")).to_have_count(1)


@pytest.mark.parametrize("address", ["?as_of=2000-01-01", "flows/?as_of=2000-01-01"])
def test_a_day_before_anything_happened(open_page: OpenPage, address: str) -> None:
    page = open_page(BOARD + address, language="en")
    expect(page.locator(".empty")).to_be_visible()


def test_a_day_that_is_none_is_told(open_page: OpenPage) -> None:
    page = open_page(f"{BOARD}?as_of=yesterday", language="en", status=400)
    expect(page.locator("main")).to_contain_text("is no date")


def test_the_condition_of_a_filter_is_completed(open_page: OpenPage) -> None:
    page = open_page(BOARD, language="en")
    page.get_by_text("Filter and compare").click()
    field = page.get_by_role("group", name="Show only").get_by_label("Condition")
    field.fill("days_since_last_or")
    expect(page.locator(".completion:visible").get_by_role("option").first).to_contain_text(
        "days_since_last_order"
    )
    field.press("Enter")
    expect(field).to_have_value("days_since_last_order")
    assert violations(page) == []


@pytest.mark.parametrize("tab", ["flows/", "conversion/", "time/", "paths/"])
def test_the_last_figure_of_a_tab_opens_its_customers(open_page: OpenPage, tab: str) -> None:
    page = open_page(BOARD + tab, language="en")
    link = page.locator("td.number a[href*='/customers/']:visible").last
    figure = link.inner_text()
    link.click()
    expect(page.locator("main")).to_contain_text(
        f"of {figure}" if figure != "0" else "No customers"
    )
    assert violations(page) == []
