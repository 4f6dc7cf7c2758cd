"""Definitions: found, read, compared; a draft written, tried, published, brought back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, settle, violations

pytestmark = pytest.mark.browser

SLOW = 20_000
"""Milliseconds a preview may take on a busy machine; it follows the save by itself."""
LIFECYCLE = "/definitions/lifecycle/ecommerce_five_periods/"
METRIC = "/definitions/metric/orders/"
PAGES = [
    "/definitions/",
    "/definitions/?kind=metric&q=order",
    "/definitions/packs/",
    "/definitions/packs/bank/",
    "/definitions/new/",
    LIFECYCLE,
    f"{LIFECYCLE}edit/",
    f"{LIFECYCLE}edit/yaml/",
    METRIC,
    f"{METRIC}edit/",
]


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize(
    ("language", "dark", "phone"), [("zh", False, False), ("en", True, False), ("en", False, True)]
)
def test_every_page(
    open_page: OpenPage, address: str, language: str, dark: bool, phone: bool
) -> None:
    page = open_page(address, language=language, dark=dark, phone=phone)
    expect(page.locator("h1")).to_be_visible()


def saved(page: Page) -> None:
    """Wait until the draft is stored and the right side speaks of it."""
    expect(page.locator("#checked")).to_contain_text("Draft saved")
    settle(page)


def test_a_lifecycle_from_draft_to_version_and_back(open_page: OpenPage) -> None:
    page = open_page(f"{LIFECYCLE}edit/", language="en", account="data_administrator")
    condition = page.get_by_label("Condition").nth(1)
    before = condition.input_value()
    condition.fill("orderz >= 1")
    expect(page.locator("#checked")).to_contain_text("nothing is named orderz")
    expect(page.locator("#checked")).to_contain_text("orders")
    assert violations(page) == []
    condition.fill(f"orders >= 2 or ({before})" if before else "orders >= 2")
    expect(page.locator("#checked")).to_contain_text("Publish as version")
    expect(page.locator("#preview")).to_contain_text("would move", timeout=SLOW)
    assert violations(page) == []
    page.get_by_label("Why").fill("those who came back count as new")
    page.get_by_role("button", name=re.compile("Publish as version")).click()
    expect(page).to_have_url(re.compile(LIFECYCLE))
    expect(page.locator("#versions")).to_contain_text("those who came back count as new")
    expect(page.locator("#difference")).to_contain_text("changed from")
    assert violations(page) == []
    page.get_by_text("Bring back").first.click()
    page.locator("#versions").get_by_label("Why").first.fill("it was better before")
    page.get_by_role("button", name="Publish as a new version").first.click()
    expect(page.locator("#versions")).to_contain_text("it was better before")


def test_stages_are_moved_by_keyboard_and_names_completed(open_page: OpenPage) -> None:
    page = open_page(f"{LIFECYCLE}edit/", language="en")
    codes = page.locator("input[name=code]")
    first = codes.first.input_value()
    page.get_by_role("button", name=f"Move down {first}").press("Enter")
    expect(codes.nth(1)).to_have_value(first)
    field = page.get_by_label("Condition").first
    field.fill("days_since_last_or")
    expect(page.locator(".completion:visible").get_by_role("option").first).to_contain_text(
        "days_since_last_order"
    )
    field.press("Enter")
    expect(field).to_have_value(re.compile("days_since_last_order"))
    page.get_by_role("button", name="Discard the draft").click()
    expect(page.locator("#toasts")).to_contain_text("The draft is discarded")


def test_a_stage_is_dragged_by_the_mouse(open_page: OpenPage) -> None:
    page = open_page(f"{LIFECYCLE}edit/", language="en")
    for name, holder in (("code", "stages"), ("check", "check")):
        values = page.locator(f"input[name={name}]")
        first, second = values.nth(0).input_value(), values.nth(1).input_value()
        grips = page.locator(f"[data-sortable={holder}] .grip")
        grips.nth(0).scroll_into_view_if_needed()
        begin, end = grips.nth(0).bounding_box(), grips.nth(1).bounding_box()
        assert begin
        assert end
        page.mouse.move(begin["x"] + 4, begin["y"] + 8)
        page.mouse.down()
        page.mouse.move(begin["x"] + 4, begin["y"] + 20, steps=4)
        page.mouse.move(end["x"] + 4, end["y"] + 16, steps=12)
        page.mouse.up()
        expect(values.nth(0)).to_have_value(second)
        expect(values.nth(1)).to_have_value(first)
        saved(page)
    page.reload()
    expect(page.locator("input[name=code]").nth(1)).not_to_have_value("")
    page.get_by_role("button", name="Discard the draft").click()


def test_a_playbook_is_edited_beneath_its_stage(open_page: OpenPage) -> None:
    page = open_page(f"{LIFECYCLE}edit/", language="en")
    page.locator("summary").filter(has_text="Playbook").first.click()
    goal = page.get_by_label("Goal (English)").first
    goal.fill("Keep them close")
    expect(page.locator("#checked")).to_contain_text("Keep them close")
    assert violations(page) == []
    page.get_by_role("button", name="Discard the draft").click()


def test_a_metric_is_tried_on_customers(open_page: OpenPage) -> None:
    page = open_page(f"{METRIC}edit/", language="en")
    page.get_by_label("Window").fill("30d")
    saved(page)
    expect(page.locator("#preview")).to_contain_text(
        "customers would have another value", timeout=SLOW
    )
    assert violations(page) == []
    page.get_by_role("button", name="Discard the draft").click()


def test_two_windows_do_not_overwrite_each_other(open_page: OpenPage) -> None:
    address = "/definitions/metric/sales/edit/yaml/"
    one = open_page(address, language="en")
    other = open_page(address, language="en")
    one.locator("#body").press("Control+End")
    one.locator("#body").type("# one\n")
    expect(one.locator("#checked")).to_contain_text("Draft saved")
    other.locator("#body").press("Control+End")
    other.locator("#body").type("# other\n")
    expect(other.get_by_role("alert")).to_contain_text("changed in another window")
    assert violations(other) == []
    other.get_by_role("button", name="Overwrite with this").click()
    expect(other.locator("#body")).to_have_value(re.compile("# other"))
    other.get_by_role("button", name="Discard the draft").click()
