"""Webhooks as people use them: an endpoint added, tested against a real receiver, watched fail."""

from __future__ import annotations

from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.act.webhooks.receiving import Got, loopback
from tests.browser.conftest import OpenPage
from tests.browser.test_sources import send

pytestmark = pytest.mark.browser
ROLE = "data_administrator"


def moody(number: int, got: Got) -> tuple[int, dict[str, str], bytes]:
    if got.said["type"] == "webhook.tested":
        return 200, {}, b'{"welcome": true}'
    return 500, {}, b"<h1>database is down</h1>"


@pytest.mark.parametrize(("language", "dark", "phone"), [("zh", False, False), ("en", True, True)])
def test_added_tested_and_watched(
    open_page: OpenPage, language: str, dark: bool, phone: bool
) -> None:
    zh = language == "zh"

    def look(path: str) -> object:
        return open_page(path, account=ROLE, language=language, dark=dark, phone=phone)

    with loopback(moody) as there:
        page = open_page("/webhooks/", account=ROLE, language=language, dark=dark, phone=phone)
        page.get_by_role("link", name="添加推送地址" if zh else "Add an endpoint").first.click()
        look("/webhooks/new/")
        page = open_page("/webhooks/new/", account=ROLE, language=language, dark=dark, phone=phone)
        page.fill("#id_name", f"ERP {language}")
        page.fill("#id_url", there.url)
        page.fill("[data-filter-types]", "tag")
        expect(page.locator("input[value='note.written']")).to_be_hidden()
        page.fill("[data-filter-types]", "content.viewed")
        page.check("input[value='content.viewed']")
        page.get_by_role("button", name="添加" if zh else "Add", exact=True).click()
        assert page.input_value("#secret-link").startswith("whsec_")
        page.get_by_role("link", name="完成" if zh else "Done").click()
        ends = page.url
        path = ends.removeprefix("/".join(ends.split("/")[:3]))
        page.get_by_role("button", name="发送测试" if zh else "Send a test").click()
        expect(page.get_by_text("已送达" if zh else "Delivered")).to_be_visible(timeout=15_000)
        expect(page.get_by_text('{"welcome": true}')).to_be_visible()
        look(page.url.removeprefix("/".join(page.url.split("/")[:3])))
        key = f"hook-{uuid4().hex[:8]}"
        sources = open_page("/sources/", account=ROLE, language=language)
        sources.fill("#source-key", key)
        sources.get_by_role("button", name="添加" if zh else "Add", exact=True).click()
        viewed = {"anonymousId": key, "name": "Home"}
        send(sources.url, sources.input_value("#secret-link"), viewed, "page")
        for _ in range(60):
            page.goto(ends)
            if page.get_by_text("500", exact=True).count():
                break
            page.wait_for_timeout(500)
        expect(page.get_by_text("500", exact=True).first).to_be_visible()
        look(path)
        look(f"{path}change/")
        page.get_by_role("button", name="停用" if zh else "Switch off").click()
        expect(page.get_by_role("button", name="启用并补发" if zh else "catch up")).to_be_visible()
        look(path)
        look("/webhooks/")
