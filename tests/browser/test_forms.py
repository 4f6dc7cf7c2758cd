"""Forms as people use them: built and published, filled in by hand and keys, embedded elsewhere."""

from __future__ import annotations

import re
import threading
import urllib.parse
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import OpenPage, violations
from tests.browser.house import Served

pytestmark = pytest.mark.browser
ROLE = "data_administrator"
LOOKS = [("zh", False, False), ("en", True, True)]


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A web site of somebody else: its origin, and the folder it serves."""
    handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}", tmp_path
        server.shutdown()


@pytest.mark.parametrize(("language", "dark", "phone"), LOOKS)
def test_built_with_a_preview_published_and_shared(
    open_page: OpenPage, language: str, dark: bool, phone: bool
) -> None:
    zh, key = language == "zh", f"expo_{language}"
    page = open_page("/forms/", account=ROLE, language=language, dark=dark, phone=phone)
    page.get_by_role("link", name="新建表单" if zh else "New form").click()
    page.fill("#name", "展会登记" if zh else "At the fair")
    page.fill("#key", key)
    page.get_by_role("button", name="开始编辑" if zh else "Start building").click()
    page.fill("#title-zh", "登记有礼")
    page.fill("#title-en", "Sign in, get a gift")
    preview = page.locator("#preview")
    expect(preview.get_by_text("登记有礼" if zh else "Sign in, get a gift")).to_be_visible()
    page.get_by_role("button", name="上移 phone" if zh else "Move up phone").click()
    expect(page.locator("[data-sortable=fields] > li").first.locator("code")).to_have_text("phone")
    add = page.get_by_role("button", name="添加条款" if zh else "Add a consent")
    add.click()
    page.locator("[name=purpose]").fill("marketing")
    page.locator("[name=text_zh]").fill("同意")
    page.locator("[name=text_en]").fill("I agree")
    expect(preview.get_by_text("同意" if zh else "I agree", exact=True)).to_be_visible()
    open_page(f"/forms/{key}/edit/", account=ROLE, language=language, dark=dark, phone=phone)
    page.reload()
    page.fill("#note", "for the fair")
    page.get_by_role("button", name="发布为第 1 版" if zh else "Publish as version 1").click()
    expect(page.locator("#address")).to_have_value(f"{_origin(page)}/f/{key}/")
    open_page(f"/forms/{key}/", account=ROLE, language=language, dark=dark, phone=phone)


@pytest.mark.parametrize(("language", "dark", "phone"), LOOKS)
def test_filled_in_with_its_mistakes_told(
    open_page: OpenPage, language: str, dark: bool, phone: bool
) -> None:
    path = f"/f/contact_us/?lang={language}&utm_source=poster"
    page = open_page(path, account=None, language=language, dark=dark, phone=phone)
    page.locator(".send").click()
    expect(page.locator("#note")).to_be_focused()
    expect(page.locator("#a-full_name")).to_have_attribute("aria-invalid", "true")
    assert not violations(page)
    page.fill("#a-full_name", "Ann")
    page.fill("#a-email", f"ann.{language}@example.com")
    page.check("#consent-0")
    page.wait_for_timeout(2_100)  # people are not as fast as programs
    page.keyboard.press("Enter")
    expect(page.locator(".done h1")).to_be_visible()
    assert "/thanks/" in page.url
    assert not violations(page)


def test_it_works_without_scripts(house: Served, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{house.address}/f/contact_us/?lang=en")
    page.fill("#a-full_name", "Bo")
    page.fill("#a-phone", "13655557777")
    page.check("#consent-0")
    page.locator(".send").click()
    expect(page.locator(".done h1")).to_be_visible()
    context.close()


def test_embedded_in_a_page_of_another_site(
    house: Served, browser: Browser, elsewhere: tuple[str, Path]
) -> None:
    origin, folder = elsewhere
    house.run(
        "from dataclasses import replace\n"
        "from tenure.actor import SYSTEM\nfrom tenure.clock import now\n"
        "from tenure.record.library.operations import publish\n"
        "from tenure.record.forms.queries import open_form\n"
        f"form = replace(open_form('contact_us').form, sites=('{origin}',), challenge=True)\n"
        "publish([form], note='embed', by=SYSTEM, at=now())\n"
    )
    (folder / "index.html").write_text(
        f'<!doctype html><title>Shop</title><iframe src="{house.address}/f/contact_us/?embed=1'
        '&lang=en" title="Contact" data-tenure-form style="width:100%;height:100px"></iframe>'
        f'<script async src="{house.address}/f/embed.js"></script>'
    )
    page = browser.new_page()
    faults: list[str] = []
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.goto(f"{origin}/?utm_source=newsletter&utm_campaign=june#top")
    inner = page.frame_locator("iframe")
    expect(inner.locator("[name=utm_campaign]")).to_have_value("june")
    expect(inner.locator("[name=landing]")).to_have_value(f"{origin}/")
    page.wait_for_function("document.querySelector('iframe').offsetHeight > 300")
    inner.locator("#a-full_name").fill("Cy")
    inner.locator("#a-phone").fill("13655558888")
    inner.locator("#consent-0").check()
    page.wait_for_timeout(2_100)
    inner.locator(".send").click()
    expect(inner.locator(".done h1")).to_be_visible(timeout=20_000)
    [(status, reasons)] = house.rows(
        "SELECT status, reasons FROM lead_forms_submission ORDER BY id DESC LIMIT 1"
    )
    assert (status, reasons) == ("sent", "[]")
    assert [one for one in faults if "favicon" not in one and "404" not in one] == []
    strange = browser.new_page()
    strange.set_content(f'<iframe src="{house.address}/f/contact_us/?embed=1"></iframe>')
    strange.wait_for_timeout(500)
    assert not strange.frames[1].locator("form").count()
    page.close()
    strange.close()


def test_many_clicks_at_once_are_one(house: Served) -> None:
    address = f"{house.address}/f/member_signup/"
    with urllib.request.urlopen(address) as shown:
        [token] = re.findall(r'name="token" value="([^"]+)"', shown.read().decode())
    said = {"a-full_name": "Di", "a-phone": "13655559999", "consent-0": "yes", "token": token}
    before = house.rows("SELECT count(*) FROM lead_forms_submission")[0][0]
    body = urllib.parse.urlencode(said).encode()

    def click(_: int) -> str:
        with urllib.request.urlopen(address, body) as answer:  # goes on to the thanks
            return str(answer.url)

    with ThreadPoolExecutor(8) as pool:
        reached = set(pool.map(click, range(16)))
    assert reached == {f"{address}thanks/"}
    assert house.rows("SELECT count(*) FROM lead_forms_submission")[0][0] == before + 1


@pytest.mark.parametrize(("language", "dark", "phone"), LOOKS)
def test_spam_waits_for_a_person(
    open_page: OpenPage, language: str, dark: bool, phone: bool
) -> None:
    path = "/forms/contact_us/held/"
    page = open_page(path, account=ROLE, language=language, dark=dark, phone=phone)
    before = page.locator("article").count()
    page.get_by_role("button", name="删除" if language == "zh" else "Delete").first.click()
    expect(page.locator("article")).to_have_count(before - 1)
    open_page("/forms/", account=ROLE, language=language, dark=dark, phone=phone)


def test_the_customer_page_tells_where_from(open_page: OpenPage, house: Served) -> None:
    found = house.run(
        "from tenure.record.events.queries import find_identifiers\n"
        "from tenure.derive.customers.queries import customer_of\n"
        "from tenure.actor import SYSTEM\n"
        "from tenure.record.events.models import Event\n"
        "row = Event.objects.filter(type='form.submitted').order_by('id').first()\n"
        "print(customer_of(row.identifier_id))"
    )
    for language, dark, phone in LOOKS:
        page = open_page(
            f"/customers/{found.strip()}/", account=ROLE, language=language, dark=dark, phone=phone
        )
        words = "首次触点" if language == "zh" else "First touch"
        expect(page.get_by_text(words)).to_be_visible()


def _origin(page: Page) -> str:
    return "/".join(page.url.split("/")[:3])
