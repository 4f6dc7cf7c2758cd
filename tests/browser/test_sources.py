"""Data sources as people see them: one is added, its key copied, and events are sent under it."""

from __future__ import annotations

import base64
import json
import urllib.request
from collections.abc import Mapping

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
