"""The queue of customers who may be one, decided with the keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.house import Served

pytestmark = pytest.mark.browser
ROLE = "data_administrator"
_FOUND = """
from tenure.derive.customers.models import CustomerCard, Suggestion, SuggestionRun
for party, wrong in (("person", 0.02), ("organisation", 0.1)):
    SuggestionRun.objects.get_or_create(party=party, defaults=dict(ran_at=house.at, compared=3000,
        looked_at=41500, pairs=8, probability=0.5, expected_wrong=0.011, wrong_at_most=wrong,
        new_at=house.at, new_compared=12))
ids = list(CustomerCard.objects.exclude(party="organisation").order_by("customer_id")
    .values_list("customer_id", flat=True)[:16])
evidence = ('[["name","homophone",13.2],["phone","near",9.1],["email","unknown",0],'
    '["city","differs",-2.4],["company","same",4.1]]')
for left, right in zip(ids[::2], ids[1::2]):
    Suggestion.objects.get_or_create(left_id=left, right_id=right, defaults=dict(party="person",
        probability=0.997 - 0.01 * ids.index(left), evidence=evidence, found_at=house.at))
"""


@pytest.fixture
def queue(house: Served) -> None:
    """Eight open suggestions."""
    house.run(_FOUND)


@pytest.mark.usefixtures("queue")
def test_decided_by_keys(open_page: OpenPage) -> None:
    page = open_page("/customers/review/", account=ROLE, language="en")
    rows = page.locator("nav[aria-label=Suggestions] a")
    before = rows.count()
    page.keyboard.press("j")
    expect(rows.nth(1)).to_have_attribute("aria-current", "true")
    page.keyboard.press("k")
    expect(rows.nth(0)).to_have_attribute("aria-current", "true")
    page.keyboard.press("d")
    expect(page.get_by_text("Noted: two customers")).to_be_visible()
    expect(rows).to_have_count(before - 1)
    page.wait_for_load_state()
    page.keyboard.press("a")
    expect(rows).to_have_count(before - 2)
    page.get_by_role("button", name="Undo").click()
    expect(rows).to_have_count(before - 1)


@pytest.mark.usefixtures("queue")
@pytest.mark.parametrize("state", ["open", "declined", "accepted", "history"])
@pytest.mark.parametrize(("language", "dark", "phone"), [("en", True, False), ("zh", False, True)])
def test_every_state(
    open_page: OpenPage, state: str, language: str, dark: bool, phone: bool
) -> None:
    address = f"/customers/review/?state={state}"
    open_page(address, account=ROLE, language=language, dark=dark, phone=phone)
