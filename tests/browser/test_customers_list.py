"""The list of customers as people use it: filters, keys, actions with undo, on phones too."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, settle

pytestmark = pytest.mark.browser
LIST = "/customers/?q="


def rows(page: Page) -> int:
    return page.locator("[data-row]").count()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("dark", [False, True])
def test_it_looks_well(open_page: OpenPage, language: str, dark: bool) -> None:
    page = open_page(LIST, language=language, dark=dark)
    assert rows(page) > 10
    expect(page.locator(".page-pretitle")).to_contain_text("截至" if language == "zh" else "as of")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_it_fits_a_phone(open_page: OpenPage, language: str) -> None:
    page = open_page(LIST, language=language, phone=True)
    assert rows(page) > 10
    page.locator("summary").filter(has_text="条件" if language == "zh" else "filter").click()
    settle(page)


def test_states_without_rows(open_page: OpenPage) -> None:
    open_page("/customers/?q=orders+>+100000")
    page = open_page("/customers/?q=ordrs+>+1")
    expect(page.locator("#problem")).to_contain_text("^^^^^")
    open_page("/customers/?find=nobody-at-all")


def test_names_complete_and_a_filter_is_added(open_page: OpenPage) -> None:
    page = open_page(LIST)
    box = page.locator("#condition")
    box.click()
    box.press_sequentially("last_s")
    expect(page.locator("#names")).to_contain_text("last_seen")
    box.press("ArrowDown")
    box.press("Enter")
    expect(box).to_have_value("last_seen")
    box.press_sequentially(" is not null")
    box.press("Enter")
    page.wait_for_url("**last_seen+is+not+null**")
    expect(page.locator(".chip-on")).to_have_count(1)
    page.locator("summary").filter(has_text="加条件").click()
    page.locator("#add").select_option("owner")
    expect(page.locator("#filter-value option").first).to_have_text("我")
    page.get_by_role("button", name="加上").click()
    page.wait_for_url("**owner**")
    expect(page.locator(".chip-on")).to_have_count(2)
    page.locator(".chip-on a").last.click()
    expect(page.locator(".chip-on")).to_have_count(1)


def test_keys_select_and_open(open_page: OpenPage) -> None:
    page = open_page(LIST)
    page.keyboard.press("/")
    expect(page.locator("#find")).to_be_focused()
    page.locator("#find").blur()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("[data-row]").nth(1).locator("[name=id]")).to_be_checked()
    expect(page.locator("[data-count]")).to_have_text("已选 1 位")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url("**/customers/*/")


def test_a_tag_is_put_on_all_results_and_taken_back(open_page: OpenPage) -> None:
    page = open_page(LIST)
    page.locator("[data-everything]").check()
    page.locator("#bulk-tag").fill("重点")
    page.get_by_role("button", name="加标签").click()
    expect(page.locator(".toast")).to_contain_text("加标签")
    expect(page.locator("[data-row] .chip").first).to_have_text("重点")
    page.locator(".toast").get_by_role("button", name="撤销").click()
    expect(page.locator(".toast")).to_contain_text("已撤销")
    expect(page.locator("[data-row] .chip")).to_have_count(0)


def test_the_palette_finds_customers(open_page: OpenPage) -> None:
    page = open_page(LIST)
    name = page.locator("[data-row] a").first.inner_text()
    page.keyboard.press("Control+k")
    page.locator("#palette input").fill(name)
    expect(page.locator("#palette-customers a").first).to_contain_text(name)
    page.keyboard.press("Enter")
    page.wait_for_url("**/customers/*/")


def test_sellers_see_only_their_own(open_page: OpenPage) -> None:
    page = open_page(LIST, account="sales")
    assert rows(page) < 10
