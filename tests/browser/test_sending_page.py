"""Segment's browser library, unmodified, on a page of another origin."""

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

from tests.api.ingest.live import taking
from tests.api.ingest.test_senders import FOLDER, libraries

__all__ = ["libraries"]

pytestmark = pytest.mark.browser


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


def test_analytics_js(browser: Browser, libraries: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    shutil.copytree(libraries / "node_modules/@segment/analytics-next/dist/umd", site)
    shutil.copy(FOLDER / "shop.html", site)
    handler = functools.partial(Quiet, directory=str(site))
    shop = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=shop.serve_forever, daemon=True).start()
    try:
        with taking(tmp_path / "home") as house:
            page = browser.new_context().new_page()
            asked: list[str] = []
            page.on("request", lambda request: asked.append(request.url))
            query = urlencode({"key": house.key, "house": house.address, "utm_source": "newsletter",
                               "utm_campaign": "spring", "mail": "ann@x.cn"})  # fmt: skip
            page.goto(f"http://127.0.0.1:{shop.server_port}/shop.html?{query}")
            page.wait_for_function("document.title != 'Shop'", timeout=20_000)
            assert page.title() == "Told"
            time.sleep(3)  # the library sends in batches of two seconds
            page.context.close()
            log = house.log()
    finally:
        shop.shutdown()
        shop.server_close()
    hosts = {url.split("/")[2] for url in asked}
    assert hosts == {f"127.0.0.1:{shop.server_port}", house.address.removeprefix("http://")}
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
    assert log.arrived["repeated"] == log.arrived["refused"] == 0
