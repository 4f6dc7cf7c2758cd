"""Data sources as people see them: one is added, its key copied, and events are sent under it."""

from __future__ import annotations

import base64
import json
import urllib.request
from collections.abc import Mapping
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage

pytestmark = pytest.mark.browser
ROLE = "data_administrator"


@pytest.mark.parametrize(("language", "dark", "phone"), [("zh", False, False), ("en", True, True)])
def test_added_sent_to_and_paused(
    open_page: OpenPage, language: str, dark: bool, phone: bool
) -> None:
    zh = language == "zh"
    page = open_page("/sources/", account=ROLE, language=language, dark=dark, phone=phone)
    page.fill("#source-key", f"web-shop-{language}")
    page.get_by_role("button", name="添加" if zh else "Add", exact=True).click()
    key = page.input_value("#secret-link")
    assert key.startswith("tw_")
    send(page.url, key)
    page.get_by_role("link", name="完成" if zh else "Done").click()
    ends = page.url
    for _ in range(60):
        page.goto(ends)
        if page.get_by_text("order.placed").count():
            break
        page.wait_for_timeout(500)
    expect(page.get_by_text("order.placed")).to_be_visible()
    page.get_by_role("button", name="暂停" if zh else "Pause").click()
    expect(page.get_by_role("button", name="恢复" if zh else "Resume")).to_be_visible()
    path = ends.removeprefix("/".join(ends.split("/")[:3]))
    open_page(path, account=ROLE, language=language, dark=dark, phone=phone)


@pytest.mark.parametrize(("language", "dark", "phone"), [("zh", False, False), ("en", True, True)])
def test_followed_declared_and_refused(
    open_page: OpenPage, language: str, dark: bool, phone: bool
) -> None:
    zh = language == "zh"
    how: dict[str, Any] = {"language": language, "dark": dark, "phone": phone}
    page = open_page("/sources/", account=ROLE, **how)
    page.fill("#source-key", f"videos-{language}")
    page.get_by_role("button", name="添加" if zh else "Add", exact=True).click()
    key = page.input_value("#secret-link")
    page.get_by_role("link", name="完成" if zh else "Done").click()
    source = page.url.removeprefix("/".join(page.url.split("/")[:3]))
    page = open_page(f"{source}samples/", account=ROLE, **how)
    properties = {"title": "Cup", "seconds": 31, "price": "9.90", "viewer_email": "li@example.com"}
    kind = f"video_{language}.played"
    send(page.url, key, {"userId": "u7", "event": kind, "properties": properties})
    send(page.url, key, {"userId": "u7", "event": "consent.given", "properties": {"channel": "a"}})
    expect(page.get_by_text(kind).first).to_be_visible(timeout=30_000)  # by itself
    page.get_by_text("全部内容" if zh else "All of it").first.click()
    open_page(f"{source}samples/", account=ROLE, **how)
    open_page(f"{source}unknown/", account=ROLE, **how)
    open_page(f"{source}refused/", account=ROLE, **how)
    open_page("/sources/unknown/", account=ROLE, **how)
    page = open_page(f"/sources/declare/?type={kind}", account=ROLE, **how)
    expect(page.locator("[name=personal-viewer_email]")).to_be_checked()
    page.fill("#note", "seen on the new site")
    page.get_by_role("button", name="声明并发布" if zh else "Declare and publish").click()
    expect(page.get_by_text("已声明" if zh else "Declared and published")).to_be_visible()
    expect(page.locator("code", has_text=kind)).to_have_count(0)


def send(
    address: str, key: str, message: Mapping[str, object] | None = None, kind: str = "track"
) -> None:
    """One message as a sender's library sends it; an order where none is given."""
    host = "/".join(address.split("/")[:3])
    said = message or {
        "userId": "u1", "event": "Order Completed", "properties": {"total": 27.5},
    }  # fmt: skip
    login = base64.b64encode(f"{key}:".encode()).decode()
    asked = urllib.request.Request(
        f"{host}/v1/{kind}", json.dumps(said).encode(), {"Authorization": f"Basic {login}"}
    )
    with urllib.request.urlopen(asked) as answer:
        assert answer.status == 200
