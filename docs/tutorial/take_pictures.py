"""Take the pictures of the tutorial: ``PYTHONPATH=src .venv/bin/python -m`` this module.

For each language a fresh demo company is made and served by ``tenure up``, and the steps of
in-the-browser are done as the page tells them. Pictures go to ``pictures/NAME.LANGUAGE.png``.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from docs.tutorial.small_png import small
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright
from tests.browser.conftest import ARGUMENTS, CHROMIUM, PHONE, settle
from tests.browser.house import make_house, running

from tenure.words import Language, Words

PICTURES = Path(__file__).with_name("pictures")
WINDOW = ViewportSize(width=1280, height=800)
CONDITION = "orders >= 5 and days_since_last_order > 60"
LIFECYCLE = "ecommerce_five_periods"
MOST = 120 * 1024
"""Bytes a picture may have."""
PATIENCE = 60_000
"""Milliseconds that work in the background may take."""


@dataclass(frozen=True)
class Tour:
    """One walk through the pages.

    Attributes:
        browser: Chromium.
        address: where the house answers.
        language: of the reader.
    """

    browser: Browser
    address: str
    language: Language

    def say(self, zh: str, en: str) -> str:
        """What stands on the page."""
        return Words(zh=zh, en=en).to(self.language)

    @contextmanager
    def person(self) -> Iterator[Page]:
        """A window of somebody who reads this language and has not logged in."""
        locale = self.say("zh-CN", "en-GB")
        context = self.browser.new_context(viewport=WINDOW, locale=locale, reduced_motion="reduce")
        context.set_default_timeout(PATIENCE)
        for name, value in {"language": self.language, "theme": "light"}.items():
            context.add_cookies([{"name": name, "value": value, "url": self.address}])
        yield context.new_page()
        context.close()

    def go(self, page: Page, path: str) -> None:
        """Open ``path`` and wait until it is whole."""
        answer = page.goto(self.address + path)
        assert answer is not None
        assert answer.ok, f"{path}: {answer.status}"
        settle(page)

    def take(self, page: Page, name: str) -> None:
        """Keep what the window shows as ``name``."""
        settle(page)
        path = PICTURES / f"{name}.{self.language}.png"
        reader = self.browser.new_page()
        path.write_bytes(small(page.screenshot(), reader))
        reader.close()
        size = path.stat().st_size
        assert size <= MOST, f"{path.name} has {size:,} bytes, more than {MOST:,}"

    def choose(self, page: Page, **preference: str) -> None:
        """Language or theme by the menu at the top right, as a person does."""
        for name, value in preference.items():
            button = page.locator(f"button[name={name}][value={value}]").first
            if button.count():  # the language in force is not offered
                with page.expect_navigation():
                    button.dispatch_event("click")

    def today(self, page: Page) -> None:
        """The first page."""
        self.go(page, "/")
        self.take(page, "today")

    def customers(self, page: Page) -> None:
        """A condition, saved as a view."""
        self.go(page, "/customers/?q=")
        page.locator("#condition").fill(CONDITION)
        page.get_by_role("button", name=self.say("筛选", "Filter"), exact=True).click()
        page.wait_for_url("**orders**")
        page.locator("summary").filter(has_text=self.say("保存视图", "Save view")).click()
        page.locator("#view-name").fill(self.say("沉睡的老客户", "Regulars gone quiet"))
        page.locator("form[action*=view] .btn-primary:visible").click()
        page.wait_for_url("**view=**")
        self.take(page, "customers")

    def customer(self, page: Page) -> None:
        """The first of them, now and on a day in the past."""
        page.locator("[data-row] a").first.click()
        page.wait_for_url(re.compile(r"/customers/\d+/"))
        self.take(page, "customer")
        here = page.url.split("?")[0].removeprefix(self.address)
        self.go(page, f"{here}?tab=stages")
        day = page.locator("#as-of-day")
        day.fill(_earlier(day.get_attribute("max") or ""))
        day.dispatch_event("change")
        expect(page.locator(".as-of [role=status]")).to_be_visible(timeout=PATIENCE)
        day.blur()
        self.take(page, "past")

    def board(self, page: Page) -> None:
        """The lifecycle: heads and money, who went where, who will change."""
        for tab, name in {"": "board", "flows/": "flows", "coming/": "coming"}.items():
            self.go(page, f"/lifecycle/{LIFECYCLE}/{tab}")
            self.take(page, name)

    def definition(self, page: Page) -> None:
        """A stage's condition changed in a draft, and who would move by it."""
        self.go(page, f"/definitions/lifecycle/{LIFECYCLE}/edit/")
        condition = page.get_by_label(self.say("条件", "Condition")).nth(2)
        condition.fill("orders >= 3")
        moved = re.compile(self.say(r"\d 位客户会换阶段", r"\d customers would move"))
        expect(page.locator("#preview")).to_contain_text(moved, timeout=PATIENCE)
        self.take(page, "definition")
        discard = self.say("丢弃草稿", "Discard the draft")
        page.get_by_role("button", name=discard).click()

    def importing(self, page: Page) -> None:
        """The sample file: what its columns are, and what it came to."""
        self.go(page, "/imports/new/")
        with page.expect_download() as download:
            page.get_by_role(
                "link", name=self.say("下载示例文件", "Download a sample file")
            ).click()
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / download.value.suggested_filename
            download.value.save_as(path)
            page.set_input_files("#files", path)
            page.locator("form[data-upload] .btn-primary").click()
            page.wait_for_url("**/imports/uploads/*/")
        self.take(page, "columns")
        page.locator("button[value=run]").click()
        finished = page.get_by_text(self.say("已完成", "finished"), exact=True)
        expect(finished).to_be_visible(timeout=PATIENCE)
        self.take(page, "imported")

    def health(self, page: Page) -> None:
        """What the log measures."""
        self.go(page, "/health/")
        sources = page.get_by_role("heading", name=self.say("各来源", "Sources"))
        expect(sources).to_be_visible(timeout=PATIENCE)
        self.take(page, "health")

    def colleague(self, page: Page) -> None:
        """Invite a seller, give her customers, and look over her shoulder."""
        name = self.say("林晓", "Sally Lin")
        self.go(page, "/settings/people/invite/")
        page.locator("input[name=email]").fill("lin@example.com")
        page.locator("input[value=sales]").check()
        self.take(page, "invite")
        page.locator("form.settings-narrow .btn-primary").click()
        address = page.locator("#secret-link").input_value()
        with self.person() as hers:
            hers.goto(address)
            hers.locator("input[name=name]").fill(name)
            hers.locator("input[name=password]").fill("a long enough password")
            hers.locator("main form button.btn-primary").click()
            hers.wait_for_url(lambda url: "/invitation/" not in url)
            self.choose(hers, language=self.language)
            self.go(page, f"/customers/?q={CONDITION.replace(' ', '+')}")
            page.locator("[data-everything]").check()
            page.locator("#bulk-owner").select_option(label=name)
            page.locator("button[name=act][value=assign]").click()
            expect(page.locator(".toast")).to_be_visible()
            self.go(hers, "/customers/")
            self.take(hers, "seller")

    def looks(self, page: Page) -> None:
        """The board in the dark, today on a phone."""
        self.choose(page, theme="dark")
        self.go(page, f"/lifecycle/{LIFECYCLE}/")
        self.take(page, "dark")
        self.choose(page, theme="light")
        page.set_viewport_size(ViewportSize(width=PHONE["width"], height=PHONE["height"]))
        self.go(page, "/")
        self.take(page, "phone")


def _earlier(day: str) -> str:
    """Half a year before ``day`` (``YYYY-MM-DD``), on the first of the month."""
    year, month = int(day[:4]), int(day[5:7]) - 6
    return f"{year}-{month:02}-01" if month > 0 else f"{year - 1}-{month + 12:02}-01"


def _printed_login(log: Path) -> str:
    """The one-time link that ``tenure up`` prints soon after it answers."""
    for _ in range(100):
        if found := re.search(r"http\S+/account/enter/\S+", log.read_text()):
            return found[0]
        time.sleep(0.1)
    raise AssertionError(f"no login was printed:\n{log.read_text()}")


def walk(browser: Browser, home: Path, address: str, language: Language) -> None:
    """Every step, in the order of the tutorial."""
    tour = Tour(browser, address, language)
    with tour.person() as page:
        page.goto(_printed_login(home / "server.log"))
        tour.choose(page, language=language, theme="light")
        tour.today(page)
        tour.customers(page)
        tour.customer(page)
        tour.board(page)
        tour.definition(page)
        tour.importing(page)
        tour.health(page)
        tour.colleague(page)
        tour.looks(page)


def main() -> None:
    """Take all pictures anew."""
    shutil.rmtree(PICTURES, ignore_errors=True)
    PICTURES.mkdir()
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for language in get_args(Language):
            home = Path(folder) / language
            make_house(home, company=(), language=language)
            with running(home) as address:
                walk(browser, home, address, language)
        browser.close()


if __name__ == "__main__":
    main()
