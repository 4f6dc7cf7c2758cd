"""The queue of customers who may be one, decided by keys."""

from __future__ import annotations

import json
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.test_sources import send

pytestmark = pytest.mark.browser
ROLE = "data_administrator"
GIVEN = "伟芳娜敏静丽强磊军洋"


def test_compared_and_decided_by_keys(open_page: OpenPage) -> None:
    page = open_page("/sources/", account=ROLE, language="zh")
    page.fill("#source-key", "counter")
    page.get_by_role("button", name="添加", exact=True).click()
    key = page.input_value("#secret-link")
    send(page.url, key, {"batch": people()}, kind="batch")
    page.wait_for_timeout(3_000)
    compare(page := open_page("/customers/review/", account=ROLE, language="zh"))
    expect(page.locator("[data-review=accept]")).to_be_visible()
    first = page.locator("h2.card-title").first.inner_text()
    page.keyboard.press("d")
    expect(page.locator(".toast")).to_contain_text("不再建议")
    page.goto(page.url.split("?")[0] + "?state=declined")
    expect(page.locator("h2.card-title").first).to_have_text(first)
    open_page("/customers/review/", account=ROLE, language="zh")
    open_page("/customers/review/", account=ROLE, language="en", dark=True, phone=True)


@pytest.mark.parametrize("state", ["open", "accepted", "declined", "history"])
@pytest.mark.parametrize(("language", "dark", "phone"), [("en", True, False), ("zh", False, True)])
def test_every_state(
    open_page: OpenPage, state: str, language: str, dark: bool, phone: bool
) -> None:
    address = f"/customers/review/?state={state}"
    open_page(address, account=ROLE, language=language, dark=dark, phone=phone)


def people() -> list[dict[str, Any]]:
    """Customers of a counter, some of whom were written down twice, with a title."""
    random, said = Random(4), list[dict[str, Any]]()
    for number in range(150):
        name = "".join(random.choice(some) for some in ("王李张刘陈杨黄赵吴", GIVEN, GIVEN))
        born = date(1950, 1, 1) + timedelta(days=random.randrange(20_000))
        street = f"{random.choice(('建国路', '人民路', '解放街'))}{random.randrange(1, 900)}号"
        for title in ("", "先生")[: 2 if number < 30 else 1]:
            traits = {
                "name": name + title, "birth_date": str(born), "address": street,
                "city": ("北京", "上海", "广州")[number % 3],
            }  # fmt: skip
            said.append({"type": "identify", "userId": f"k{number}{title}", "traits": traits})
    return said


def compare(page: Page) -> None:
    """Compare now, and look until there is something to decide."""
    page.get_by_role("button", name="重新比对").click()
    for _ in range(90):
        if page.locator("[data-review=accept]").count():
            return
        page.wait_for_timeout(1_000)
        page.reload()
    raise AssertionError(json.dumps(page.locator("main").inner_text()[:400], ensure_ascii=False))
