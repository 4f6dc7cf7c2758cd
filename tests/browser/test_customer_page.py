"""The page of one customer as people use it: both languages, dark, phone, keys, two editors."""

from __future__ import annotations

import re
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage, settle, violations
from tests.browser.house import Served

pytestmark = [pytest.mark.browser]
TABS = ("timeline", "stages", "metrics", "notes", "identity")


@pytest.fixture(scope="module")
def customer(house: Served) -> str:
    """The address of the customer with the longest life."""
    printed = house.run(
        "from tenure.record.events.models import Event\n"
        "from django.db.models import Count\n"
        "from tenure.derive.customers.queries import customer_of\n"
        "rows = Event.objects.exclude(identifier_id=None).values('identifier_id')\n"
        "row = rows.annotate(n=Count('id')).order_by('-n', 'identifier_id')[0]\n"
        "print(customer_of(row['identifier_id']))\n"
    )
    return f"/customers/{printed.strip().splitlines()[-1]}/"


@pytest.mark.parametrize("tab", TABS)
def test_a_tab_in_both_languages(open_page: OpenPage, customer: str, tab: str) -> None:
    open_page(f"{customer}?tab={tab}", language="zh")
    open_page(f"{customer}?tab={tab}", language="en", dark=True)


def test_the_page_on_a_phone(open_page: OpenPage, customer: str) -> None:
    open_page(customer, phone=True)
    open_page(f"{customer}?tab=stages", phone=True, dark=True, language="en")


def test_the_past(open_page: OpenPage, customer: str) -> None:
    page = open_page(f"{customer}?as_of=2026-03-01", language="en")
    expect(page.get_by_text("You are looking at the past")).to_be_visible()
    expect(page.locator("[data-edit-profile]")).to_have_count(0)
    open_page(f"{customer}?as_of=2026-03-01&tab=stages")
    page = open_page(customer, language="en")
    page.evaluate("document.body.dataset.same = 'yes'")
    page.get_by_label("As of").fill("2026-03-01")
    page.get_by_label("As of").dispatch_event("change")
    expect(page.get_by_text("You are looking at the past")).to_be_visible()
    expect(page).to_have_url(re.compile("as_of=2026-03-01"))
    assert page.evaluate("document.body.dataset.same") == "yes"


def test_masked_data_is_shown_by_right(open_page: OpenPage, customer: str) -> None:
    page = open_page(customer, account="executive", language="en")
    expect(page.locator("#profile")).to_be_visible()


def test_the_profile_by_keys(open_page: OpenPage, customer: str) -> None:
    work = f"Pianist {uuid4().hex[:4]}"
    page = open_page(customer, language="en")
    page.keyboard.press("e")
    form = page.locator("[data-profile-form]")
    expect(form).to_be_visible()
    settle(page)
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(form).to_have_count(0)
    expect(page.locator("#profile").get_by_text("Name", exact=True)).to_be_visible()
    page.locator("body").press("e")
    occupation = page.get_by_label("Occupation", exact=True)
    occupation.fill(work)
    occupation.press("Control+Enter")
    expect(page.get_by_text("Saved")).to_be_visible()
    expect(page.locator("#profile").get_by_text(work)).to_be_visible()


def test_two_editors(open_page: OpenPage, customer: str, screenshots: Path) -> None:
    mine, theirs = f"Master {uuid4().hex[:4]}", f"Bachelor {uuid4().hex[:4]}"
    one = open_page(customer, language="en")
    other = open_page(customer, language="en", account="data_administrator")
    for page in (one, other):
        page.locator("body").press("e")
        expect(page.locator("[data-profile-form]")).to_be_visible()
    one.get_by_label("Education", exact=True).fill(theirs)
    one.get_by_role("button", name="Save", exact=True).click()
    expect(one.get_by_text("Saved")).to_be_visible()
    other.get_by_label("Education", exact=True).fill(mine)
    other.get_by_label("Province", exact=True).fill("Zhejiang")
    other.get_by_role("button", name="Save", exact=True).click()
    dialog = other.get_by_role("alertdialog")
    expect(dialog).to_contain_text(mine)
    expect(dialog).to_contain_text(theirs)
    settle(other)
    other.screenshot(path=screenshots / "customer-conflict.png", full_page=True)
    assert violations(other) == []
    other.get_by_label("Mine").check()
    other.get_by_role("button", name="Save", exact=True).click()
    expect(other.locator("#profile").get_by_text(mine)).to_be_visible()
    expect(other.locator("#profile").get_by_text("Zhejiang")).to_be_visible()


def test_a_tag_and_its_undo(open_page: OpenPage, customer: str) -> None:
    page = open_page(customer, language="en")
    page.locator("summary").get_by_text("Tag", exact=True).click()
    page.get_by_label("New tag").fill("browser")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_label("Remove the tag browser")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_label("Remove the tag browser")).to_have_count(0)


def test_a_note_and_older_events(open_page: OpenPage, customer: str) -> None:
    page = open_page(f"{customer}?tab=notes", language="en")
    page.get_by_label("Write a note").fill("Likes green tea")
    page.get_by_role("button", name="Save the note").click()
    expect(page.locator("article", has_text="Likes green tea").first).to_be_visible()
    page = open_page(customer, language="en")
    before = page.locator(".moments > li").count()
    page.get_by_role("link", name="Older").click()
    expect(page.locator(".moments > li").nth(before)).to_be_visible()


def test_merging_shows_what_changes(open_page: OpenPage, customer: str) -> None:
    page = open_page(f"{customer}merge/", language="en")
    page.get_by_label("Phone, member number").fill("nobody@example.com")
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_text("No other customer was found")).to_be_visible()
