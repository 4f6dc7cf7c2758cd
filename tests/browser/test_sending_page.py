"""Browser libraries of Segment, RudderStack, PostHog and Sensors, unmodified, on another origin."""

from __future__ import annotations

import functools
import http.server
import shutil
import threading
import time
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser

from tests.api.ingest.live import Log, taking
from tests.api.ingest.test_senders import FOLDER, libraries

__all__ = ["libraries"]

pytestmark = pytest.mark.browser
SEGMENT = "@segment/analytics-next/dist/umd"
RUDDER = "@rudderstack/analytics-js/dist/npm/modern/bundled/esm/index.mjs"
POSTHOG = "posthog-js/dist/module.js"
SENSORS = "sa-sdk-javascript/dist/web/sensorsdata.js"
ABOUT = ("app_user_id", "browser")


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


def told(browser: Browser, site: Path, home: Path, page_name: str, **asked: str) -> Log:
    """What the log holds once a page with a library has told all it has to tell."""
    handler = functools.partial(Quiet, directory=str(site))
    shop = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=shop.serve_forever, daemon=True).start()
    try:
        with taking(home) as house:
            page = browser.new_context().new_page()
            seen: list[str] = []
            said: list[str] = []
            page.on("request", lambda request: seen.append(request.url))
            page.on("console", lambda message: said.append(message.text))
            query = urlencode({"key": house.key, "house": house.address, **asked})
            page.goto(f"http://127.0.0.1:{shop.server_port}/{page_name}?{query}")
            page.wait_for_function("document.title != 'Shop'", timeout=30_000)
            assert page.title() == "Told", said
            time.sleep(5)  # libraries send in batches of some seconds
            page.context.close()
            log = house.log()
    finally:
        shop.shutdown()
        shop.server_close()
    hosts = {url.split("/")[2] for url in seen if url.startswith("http")}
    assert hosts == {f"127.0.0.1:{shop.server_port}", house.address.removeprefix("http://")}
    assert log.arrived["refused"] == 0
    return log


def site_of(tmp_path: Path, libraries: Path, file: str, name: str) -> Path:
    """A folder with the page ``name`` and the library it is about, as it came."""
    site = tmp_path / "site"
    site.mkdir()
    shutil.copy(libraries / "node_modules" / file, site / f"{name}.js")
    shutil.copy(FOLDER / f"{name}.html", site)
    return site


def test_analytics_js(browser: Browser, libraries: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    shutil.copytree(libraries / "node_modules" / SEGMENT, site)
    shutil.copy(FOLDER / "shop.html", site)
    campaign = {"utm_source": "newsletter", "utm_campaign": "spring", "mail": "ann@x.cn"}
    log = told(browser, site, tmp_path / "home", "shop.html", **campaign)
    order = log.one("order.placed", "app_user_id", "browser")
    assert order["amount"] == "27.5"
    identified = log.one("customer.profiled", "app_user_id", "browser")
    assert ["email", "browser@example.org"] in identified["who"]
    [visitor] = [value for kind, value in identified["who"] if kind == "anonymous_id"]
    seen = log.one("content.viewed", "anonymous_id", visitor)
    assert seen["fields"]["content"] == "Pricing"
    assert (seen["fields"]["channel"], seen["fields"]["campaign"]) == ("newsletter", "spring")
    assert "ann@x.cn" not in str(seen)
    assert log.one("organisation.joined", "app_user_id", "browser")
    assert log.arrived["repeated"] == 0


def test_rudder_analytics_js(browser: Browser, libraries: Path, tmp_path: Path) -> None:
    site = site_of(tmp_path, libraries, RUDDER, "rudder")
    log = told(browser, site, tmp_path / "home", "rudder.html")
    _check_order(log)
    identified = log.one("customer.profiled", *ABOUT)
    assert ["email", "browser@example.org"] in identified["who"]
    [visitor] = [value for kind, value in identified["who"] if kind == "anonymous_id"]
    assert log.one("content.viewed", "anonymous_id", visitor)["fields"]["content"] == "Pricing"
    assert log.one("organisation.joined", *ABOUT)["fields"]["account_no"] == "company-browser"


def test_posthog_js(browser: Browser, libraries: Path, tmp_path: Path) -> None:
    site = site_of(tmp_path, libraries, POSTHOG, "posthog")
    log = told(browser, site, tmp_path / "home", "posthog.html")
    _check_order(log)
    cities = [one for one in log.about(*ABOUT) if one["fields"].get("city") == "杭州"]
    assert "city" in cities[0]["fields"]["set_once"].split(",")
    assert any(["email", "browser@example.org"] in one["who"] for one in log.about(*ABOUT))
    assert any(one["type"] == "content.viewed" for one in log.events)
    assert log.one("organisation.joined", *ABOUT)["fields"]["account_no"] == "company-browser"


@pytest.mark.parametrize("how", ["image", "ajax", "beacon"])
def test_sensors_js(browser: Browser, libraries: Path, tmp_path: Path, how: str) -> None:
    site = site_of(tmp_path, libraries, SENSORS, "sensors")
    log = told(browser, site, tmp_path / "home", "sensors.html", how=how)
    _check_order(log)
    profiled = [one for one in log.about(*ABOUT) if one["type"] == "customer.profiled"]
    once = [one for one in profiled if one["fields"].get("city") == "杭州"]
    assert once[0]["fields"]["set_once"] == "city"
    assert any(["email", "browser@example.org"] in one["who"] for one in profiled)
    assert any(one["type"] == "content.viewed" for one in log.events)


def _check_order(log: Log) -> None:
    order = log.one("order.placed", *ABOUT)
    assert (order["amount"], order["fields"]["order_id"]) == ("27.5", "O1")
    assert order["fields"]["product"] == "茶杯 🍵"
