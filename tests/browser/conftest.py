"""Pages as people use them: Chromium, both languages, light and dark, wide and phone."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

from tests.browser.house import Served, make_house, served

CHROMIUM = shutil.which("chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


class OpenPage(Protocol):
    """Opens an address as somebody, and checks the page; see :func:`open_page`."""

    def __call__(
        self,
        path: str,
        *,
        account: str | None = "administrator",
        language: str = "zh",
        dark: bool = False,
        phone: bool = False,
        status: int = 200,
    ) -> Page: ...


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A small company, served. ``TENURE_BROWSER_HOME`` keeps it from run to run."""
    kept = os.environ.get("TENURE_BROWSER_HOME")
    home = Path(kept) if kept else tmp_path_factory.mktemp("browser") / "home"
    make_house(home)
    with served(home) as found:
        yield found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield found
        found.close()


@pytest.fixture(scope="session")
def screenshots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pictures of the pages go (``TENURE_SCREENSHOTS``)."""
    named = os.environ.get("TENURE_SCREENSHOTS")
    folder = Path(named) if named else tmp_path_factory.mktemp("screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@dataclass
class Watch:
    """What a page did that it must not do."""

    address: str
    faults: list[str] = field(default_factory=list)

    def attach(self, page: Page) -> None:
        """Listen to ``page``."""
        page.on("console", self._console)
        page.on(
            "pageerror", lambda error: self.faults.append(f"script failed: {error.stack or error}")
        )
        page.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        # An answer in words with status 4xx is no fault of the page.
        told = "Failed to load resource" in message.text and re.search(r"\b4\d\d\b", message.text)
        if message.type in {"error", "warning"} and not told:
            self.faults.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.faults.append(f"request outside: {request.url}")


def violations(page: Page) -> list[str]:
    """What axe finds on the page as it stands now; empty when all is well."""
    found = Axe().run(page).response["violations"]
    return [
        f"{rule['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:200]}"
        for rule in found
        for node in rule["nodes"]
    ]


def settle(page: Page) -> None:
    """Wait until parts that htmx fetches and charts are there, and nothing is in motion."""
    page.wait_for_load_state("networkidle")
    for chart in page.locator("[data-chart]:visible").all():
        chart.locator("canvas").first.wait_for()
    page.evaluate(
        "Promise.all(document.getAnimations().filter(one => one.effect?.getTiming().iterations"
        " !== Infinity).map(one => one.finished.catch(() => null)))"
    )


@pytest.fixture
def open_page(
    house: Served, browser: Browser, screenshots: Path, request: pytest.FixtureRequest
) -> Iterator[OpenPage]:
    """``open_page("/customers/", account="sales", language="en", dark=True, phone=True)``.

    The account is a built-in role (``None``: nobody is logged in). The page fails the test by
    axe violations, a sideways scroll, another status than the one asked for, console messages,
    and requests outside the host. A picture of it is kept.
    """
    watch, closings = Watch(house.address), list[Callable[[], None]]()
    pictures = iter(range(1, 1_000))

    def opened(
        path: str,
        *,
        account: str | None = "administrator",
        language: str = "zh",
        dark: bool = False,
        phone: bool = False,
        status: int = 200,
    ) -> Page:
        theme = "dark" if dark else "light"
        context = browser.new_context(
            viewport=PHONE if phone else WIDE,  # type: ignore[arg-type]
            locale="en-GB" if language == "en" else "zh-CN",
            reduced_motion="reduce",
        )
        closings.append(context.close)
        cookies = {"language": language, "theme": theme}
        if account is not None:
            house.prefer(account, language, theme)
            cookies[house.accounts[account]["cookie"]] = house.accounts[account]["session"]
        for name, value in cookies.items():
            context.add_cookies([{"name": name, "value": value, "url": house.address}])
        page = context.new_page()
        watch.attach(page)
        answer = page.goto(house.address + path)
        assert answer is not None
        assert answer.status == status, f"{path}: {answer.status}"
        settle(page)
        name = re.sub(r"\W+", "-", f"{request.node.name}-{next(pictures)}-{language}-{theme}")
        page.screenshot(path=screenshots / f"{name}{'-phone' if phone else ''}.png", full_page=True)
        assert violations(page) == []
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, f"{path} is {wide} pixels too wide"
        return page

    yield opened
    for close in closings:
        close()
    assert watch.faults == []
