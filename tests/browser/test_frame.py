"""The frame around every page, and every component in its states."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import PHONE, OpenPage, violations
from tests.browser.house import Served

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("phone", [False, True])
def test_every_component(open_page: OpenPage, language: str, dark: bool, phone: bool) -> None:
    page = open_page("/gallery/", language=language, dark=dark, phone=phone)
    expect(page.locator("html")).to_have_attribute("lang", "en" if language == "en" else "zh-hans")
    expect(page.locator("[data-chart] canvas")).to_have_count(2)


def test_an_act_is_told_and_taken_back(open_page: OpenPage) -> None:
    page = open_page("/gallery/")
    page.get_by_role("button", name="做一件可撤销的事").click()
    expect(page.locator("#toasts .toast.show")).to_contain_text("已为 3 位客户加上标签")
    page.locator("#toasts").get_by_role("button", name="撤销").click()
    expect(page.locator("#toasts .toast.show")).to_contain_text("已撤销")


def test_the_palette_goes_everywhere(open_page: OpenPage) -> None:
    page = open_page("/gallery/", language="en")
    page.keyboard.press("Control+k")
    palette = page.locator("#palette")
    expect(palette).to_be_visible()
    assert violations(page) == []
    page.keyboard.type("zujian audit")
    expect(palette.get_by_role("link", name="Audit")).to_be_hidden()
    palette.get_by_role("searchbox").fill("audit")
    expect(palette.get_by_role("link", name="Audit")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/settings/audit/$"))
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()
    assert violations(page) == []


def test_going_through_time_keeps_the_rest_of_the_address(open_page: OpenPage) -> None:
    page = open_page("/gallery/?sort=name&as_of=2026-01-05", language="en")
    expect(page.get_by_text("You are looking at the past")).to_be_visible()
    page.get_by_label("Move through time").evaluate(
        "slider => { slider.value = 100; slider.dispatchEvent(new Event('input', {bubbles: true}));"
        " slider.dispatchEvent(new Event('change', {bubbles: true})); }"
    )
    expect(page).to_have_url(re.compile(r"sort=name&as_of=\d{4}-\d\d-\d\d"))
    page.get_by_role("link", name="Back to today").click()
    expect(page).to_have_url(re.compile(r"/gallery/\?sort=name$"))


def test_language_and_look_are_remembered(open_page: OpenPage, house: Served) -> None:
    page = open_page("/gallery/", account="data_administrator", status=403)
    page.get_by_role("button", name="账号、语言与外观").last.click()
    page.get_by_role("button", name="English").last.click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("button", name="Account, language and look").last.click()
    page.get_by_role("button", name="Dark").last.click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    email = house.accounts["data_administrator"]["email"]
    rows = house.rows("SELECT language, theme FROM access_account WHERE email = ?", email)
    assert rows == [("en", "dark")]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("dark", [False, True])
def test_what_is_not_there_is_told(open_page: OpenPage, language: str, dark: bool) -> None:
    page = open_page("/nowhere", language=language, dark=dark, status=404)
    told = "There is no such page" if language == "en" else "没有这一页"
    expect(page.locator("main")).to_contain_text(told)


def test_the_menu_of_a_phone(open_page: OpenPage) -> None:
    page = open_page("/gallery/", phone=True)
    link = page.locator("#areas").get_by_role("link", name="今天")
    expect(link).to_be_hidden()
    page.get_by_role("button", name="打开菜单").click()
    expect(link).to_be_visible()
    assert violations(page) == []


def test_without_scripts_pages_still_work(house: Served, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)  # type: ignore[arg-type]
    mine = house.accounts["administrator"]
    context.add_cookies([{"name": mine["cookie"], "value": mine["session"], "url": house.address}])
    page = context.new_page()
    page.goto(f"{house.address}/gallery/?as_of=2026-01-05")
    expect(page.locator("#areas").get_by_role("link", name="今天")).to_be_visible()
    page.locator("#as-of-day").fill("2026-01-06")
    page.locator(".as-of button").click()
    expect(page).to_have_url(re.compile("as_of=2026-01-06"))
    page.locator("a[rel=next]").first.click()
    expect(page).to_have_url(re.compile("page=2"))
    context.close()
