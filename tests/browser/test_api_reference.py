"""The page that describes the interface: drawn from files of the house under the usual policy."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import OpenPage
from tests.browser.house import Served

pytestmark = pytest.mark.browser


def test_the_reference_is_drawn_without_the_internet(house: Served, browser: Browser) -> None:
    page = browser.new_page()
    refused: list[str] = []
    elsewhere: list[str] = []
    page.on("console", lambda said: refused.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: refused.append(str(error)))
    page.on(
        "request",
        lambda asked: (
            elsewhere.append(asked.url)
            if not asked.url.startswith((house.address, "data:"))
            else None
        ),
    )
    page.goto(f"{house.address}/api/docs")
    expect(page.get_by_text("/api/customers", exact=True).first).to_be_visible()
    page.get_by_text(re.compile("List Customers")).first.click()
    expect(page.get_by_text("A condition in Tenure's condition language").first).to_be_visible()
    assert not refused
    assert not elsewhere
    page.close()


def test_a_token_from_end_to_end(open_page: OpenPage, house: Served) -> None:
    page = open_page("/settings/tokens/", language="en")
    page.get_by_label("Name").first.fill("Sync of the shop")
    page.get_by_role("button", name="Make a token").click()
    token = page.get_by_label("Link").input_value()
    answer = page.request.get(
        f"{house.address}/api/token", headers={"Authorization": f"Bearer {token}"}
    )
    assert answer.json()["rights"][0]["right"] == "customer.view"
    page.get_by_role("link", name="Done").click()
    page.get_by_role("button", name="Revoke Sync of the shop").click()
    expect(page.get_by_text("Revoked", exact=True)).to_be_visible()
    refused = page.request.get(
        f"{house.address}/api/token", headers={"Authorization": f"Bearer {token}"}
    )
    assert refused.status == 401
