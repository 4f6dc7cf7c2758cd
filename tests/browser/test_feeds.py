"""Feeds as people set them up: a webhook by its first record, a folder by its newest file."""

from __future__ import annotations

import json
import os
import time
import urllib.request
from secrets import token_hex
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.house import Served, drop_folder

pytestmark = pytest.mark.browser
ROLE = "data_administrator"
LOOKS = [("zh", False, False), ("en", True, True), ("zh", False, True), ("en", False, False)]


def path_of(page: Page) -> str:
    return page.url.removeprefix("/".join(page.url.split("/")[:3])).partition("?")[0]


def deliver(address: str, body: dict[str, Any]) -> None:
    request = urllib.request.Request(address, json.dumps(body).encode(), method="POST")
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert answer.status == 200


def await_text(page: Page, address: str, text: str) -> None:
    for _ in range(60):
        page.goto(address)
        if page.get_by_text(text).count():
            return
        page.wait_for_timeout(500)
    raise AssertionError(f"{text} never came:\n{page.content()[:3000]}")


@pytest.mark.parametrize(("language", "dark", "phone"), LOOKS[:2])
def test_a_shop_is_connected_by_its_first_order(
    open_page: OpenPage, language: str, dark: bool, phone: bool
) -> None:
    zh = language == "zh"
    how: dict[str, Any] = {"account": ROLE, "language": language, "dark": dark, "phone": phone}
    page = open_page("/feeds/", **how)
    page = open_page("/feeds/new/webhook/", **how)
    page.fill("#feed-name", "有赞商城" if zh else "Our shop")
    page.fill("#feed-key", f"shop-{token_hex(3)}")
    page.get_by_role("button", name="下一步" if zh else "Next").click()
    address = page.input_value("#secret-link")
    assert "/hooks/tw_" in address
    order = {
        "order_number": "A-1001", "created_at": "2026-03-01T10:00:00+08:00",
        "total_price": "99.50", "financial_status": "paid",
        "customer": {"phone": "13912345678", "email": "lilei@example.com", "name": "李雷"},
    }  # fmt: skip
    deliver(address, order)
    page.get_by_role("link", name="设置映射" if zh else "Make its map").click()
    mapping = path_of(page)
    await_text(page, page.url, "用收到的记录" if zh else "Use what arrived")
    open_page(mapping, **how)
    page.get_by_role("button", name="用收到的记录" if zh else "Use what arrived").click()
    expect(page.get_by_text("99.50").first).to_be_visible()
    open_page(mapping, **how)
    page.get_by_role("button", name="保存映射" if zh else "Save the map").click()
    feed = page.url
    deliver(address, {**order, "order_number": "A-1002"})
    deliver(address, {**order, "order_number": "A-1003", "total_price": "unknown"})
    await_text(page, feed, "amount")
    open_page(path_of(page), **how)
    open_page("/feeds/", **how)


@pytest.mark.parametrize(("language", "dark", "phone"), LOOKS[2:])
def test_a_folder_is_read_and_its_refusals_told(
    open_page: OpenPage, house: Served, language: str, dark: bool, phone: bool
) -> None:
    zh = language == "zh"
    how: dict[str, Any] = {"account": ROLE, "language": language, "dark": dark, "phone": phone}
    folder = drop_folder(house.home) / token_hex(3)
    folder.mkdir(exist_ok=True)
    rows = "".join(f"1391234{n:04d},{n},{n}.5,2026-02-01\n" for n in range(1, 40))
    file = folder / f"订单-{language}.csv"
    file.write_text(f"手机号,订单号,金额,下单时间\n{rows}13912345678,99,坏,2026-02-02\n")
    os.utime(file, (time.time() - 60,) * 2)
    page = open_page("/feeds/new/folder/", **how)
    page.fill("#feed-key", f"drop-{token_hex(3)}")
    page.fill("#feed-folder", str(folder))
    page.get_by_role("button", name="下一步" if zh else "Next").click()
    open_page(path_of(page), **how)
    page.get_by_role("button", name="取样例" if zh else "Take it").click()
    open_page(path_of(page), **how)
    page.get_by_role("button", name="保存映射" if zh else "Save the map").click()
    feed = page.url
    page.get_by_role("button", name="立即同步" if zh else "Pull now").click()
    await_text(page, feed, f"订单-{language}.csv")
    open_page(path_of(page), **how)
    page.get_by_role("link", name="设置" if zh else "Settings", exact=True).last.click()
    open_page(path_of(page), **how)
