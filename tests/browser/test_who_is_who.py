"""Merging and separating as people do it: what changes shown first, why a value, the log."""

from __future__ import annotations

import urllib.request

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage, settle, violations
from tests.browser.house import Served

pytestmark = pytest.mark.browser
ROLE = "data_administrator"
_TOLD = """
from datetime import timedelta
from tenure.derive.customers.models import CustomerCard
from tenure.record.events.operations import IncomingEvent, record_events
from tenure.record.events.queries import identifiers
from tenure.derive.lifecycles.operations import tick
from tenure.derive.customers.queries import identifiers_of
ids = list(CustomerCard.objects.exclude(party="organisation").order_by("-customer_id")
    .values_list("customer_id", flat=True)[:2])
for place, number in enumerate(ids):
    view = identifiers([number], with_personal=True)[number]
    for source, city in (("crm", "杭州"), ("shop", "上海")):
        event = IncomingEvent("customer.profiled", house.at - timedelta(days=2 - place),
            {view.type: view.value}, {"city": city, "education": "本科"}, key=f"b{place}{source}")
        record_events([event], source=source, by=house.by, at=house.at)
tick(at=house.at)
print(*ids)
print(max((len(identifiers_of(n)), n) for n in CustomerCard.objects.exclude(
    party="organisation").values_list("customer_id", flat=True))[1])
"""


@pytest.fixture(scope="module")
def people(house: Served) -> tuple[str, str, str]:
    """Two customers of whom two sources say different things, and one with many identifiers."""
    *_, two, many = house.run(_TOLD).strip().splitlines()
    left, right = two.split()
    _compile(house, f"/customers/{left}/merge/?with={right}&part=changes")
    return left, right, many.strip()


def _compile(house: Served, address: str) -> None:
    """Let the server put its expressions together once, which a busy machine takes long for."""
    who = house.accounts[ROLE]
    cookie = {"Cookie": f"{who['cookie']}={who['session']}"}
    asked = urllib.request.Request(f"{house.address}{address}", headers=cookie)
    with urllib.request.urlopen(asked, timeout=180) as answer:
        assert answer.status == 200


@pytest.mark.parametrize(("language", "dark", "phone"), [("zh", False, False), ("en", True, True)])
def test_a_merge_shows_what_changes(
    open_page: OpenPage, people: tuple[str, str, str], language: str, dark: bool, phone: bool
) -> None:
    address = f"/customers/{people[0]}/merge/?with={people[1]}"
    page = open_page(address, account=ROLE, language=language, dark=dark, phone=phone)
    expect(page.locator("table.preview")).to_have_count(2, timeout=30_000)
    settle(page)
    assert violations(page) == []


@pytest.mark.parametrize(("language", "dark", "phone"), [("en", False, False), ("zh", True, True)])
def test_identifiers_are_chosen_and_previewed(
    open_page: OpenPage, people: tuple[str, str, str], language: str, dark: bool, phone: bool
) -> None:
    address = f"/customers/{people[2]}/separate/"
    page = open_page(address, account=ROLE, language=language, dark=dark, phone=phone)
    page.locator("input[name=id]").first.check()
    page.locator("form[method=get] button").last.click()
    expect(page.locator("table.preview")).to_have_count(2, timeout=30_000)
    settle(page)
    assert violations(page) == []


def test_why_this_value_and_another_preferred(
    open_page: OpenPage, people: tuple[str, str, str]
) -> None:
    page = open_page(f"/customers/{people[0]}/", language="en")
    page.get_by_role("link", name="City: why this value").click()
    expect(page.get_by_text("Why this value:")).to_be_visible()
    page.get_by_role("button", name="Show this one").click()
    expect(page.get_by_text("This value is shown from now on")).to_be_visible()
    page.get_by_role("link", name="City: why this value").click()
    expect(page.get_by_text("preferred by hand")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="By the rule again").click()
    expect(page.get_by_text("The rule chooses again")).to_be_visible()


@pytest.mark.parametrize("state", ["history", "conflicts"])
@pytest.mark.parametrize(("language", "phone"), [("zh", False), ("en", True)])
def test_the_log_and_conflicts(open_page: OpenPage, state: str, language: str, phone: bool) -> None:
    open_page(f"/customers/review/?state={state}", account=ROLE, language=language, phone=phone)
