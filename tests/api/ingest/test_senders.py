"""The libraries of Segment, RudderStack, PostHog and Sensors Analytics, unmodified, end to end."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.ingest.live import Log, Taking, taking

FOLDER = Path(__file__).with_name("senders")
PYTHON = FOLDER / "python_senders.py"
NODE = FOLDER / "node_senders.cjs"
MAY = "2025-05-01T08:30:00+00:00"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Taking]:
    with taking(tmp_path_factory.mktemp("taking") / "home") as found:
        yield found


@pytest.fixture(scope="module")
def libraries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which Node finds the libraries, exactly as the lock names them."""
    if not shutil.which("node") or not shutil.which("npm"):
        pytest.skip("no Node on this machine")
    folder = tmp_path_factory.mktemp("senders")
    for name in ("package.json", "package-lock.json", ".npmrc", NODE.name):
        shutil.copy(FOLDER / name, folder)
    done = subprocess.run(
        ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=folder, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    if done.returncode:
        pytest.skip(f"npm cannot install the libraries here: {done.stderr[-300:]}")
    return folder


def check_segments_words(log: Log, who: str, *, page: str) -> None:
    """What ``tell_in_segments_words`` told: every call once, and rightly."""
    about = ("app_user_id", who)
    order = log.one("order.placed", *about)
    assert (order["amount"], order["at"]) == ("27.5", MAY)
    assert order["fields"]["product"] == "茶杯 🍵"
    assert order["fields"]["quantity"] == 2
    assert order["fields"]["context"]["campaign"]["name"] == "spring"
    assert "10.9.8.7" not in str(log.events)
    identified = log.one("customer.profiled", *about)
    assert ["email", f"{who}@example.org"] in identified["who"]
    assert identified["fields"]["plan"] == "gold"
    viewed = {
        event["fields"]["content"]
        for event in log.about(*about)
        if event["type"] == "content.viewed"
    }
    assert viewed == {"Home"}
    seen = log.one("content.viewed", page, f"visitor-{who}")
    assert (seen["fields"]["content"], seen["fields"]["category"]) == ("Pricing", "Docs")
    organisation = log.one("customer.profiled", "account_no", f"company-{who}")
    assert ["company_name", f"initech {who}"] in organisation["who"]
    assert organisation["fields"]["employees"] == 329
    assert log.one("organisation.joined", *about)["fields"]["account_no"] == f"company-{who}"
    alias = log.one("customer.recognised", *about)
    assert ["anonymous_id", f"visitor-{who}"] in alias["who"]


def check_nothing_was_sent_twice(log: Log) -> None:
    assert log.arrived["repeated"] == 0
    assert log.arrived["refused"] == 0
    assert log.arrived["accepted"] == len(log.events)


def test_segment_in_python(house: Taking) -> None:
    house.send(sys.executable, str(PYTHON), "segment")
    log = house.log()
    for who in ("segment", "segment-gzip"):
        check_segments_words(log, who, page="app_user_id")
        songs = [e for e in log.about("app_user_id", who) if e["type"] == "song.played"]
        assert sorted(e["fields"]["number"] for e in songs) == list(range(250))
    check_nothing_was_sent_twice(log)


def test_rudderstack_in_python(house: Taking) -> None:
    house.send(sys.executable, str(PYTHON), "rudder")
    log = house.log()
    check_segments_words(log, "rudder", page="app_user_id")
    check_nothing_was_sent_twice(log)


def test_posthog_in_python(house: Taking) -> None:
    house.send(sys.executable, str(PYTHON), "posthog")
    log = house.log()
    order = log.one("order.placed", "app_user_id", "posthog")
    assert (order["amount"], order["at"]) == ("27.5", MAY)
    profiled = log.one("customer.profiled", "email", "posthog@example.org")
    assert ["app_user_id", "posthog"] in profiled["who"]
    alias = log.one("customer.recognised", "app_user_id", "posthog")
    assert ["app_user_id", "visitor-posthog"] in alias["who"]
    page = log.one("content.viewed", "anonymous_id", "visitor-posthog")
    assert page["fields"]["context"]["page"]["url"] == "https://x.cn/p"
    assert log.one("customer.recognised", "account_no", "company-posthog")
    check_nothing_was_sent_twice(log)


def test_sensors_in_python(house: Taking) -> None:
    house.send(sys.executable, str(PYTHON), "sensors")
    log = house.log()
    order = log.one("order.placed", "app_user_id", "sensors")
    assert (order["amount"], order["at"]) == ("27.5", MAY)
    signed_up = log.one("customer.recognised", "app_user_id", "sensors")
    assert ["anonymous_id", "visitor-sensors"] in signed_up["who"]
    profiled = log.one("customer.profiled", "app_user_id", "sensors")
    assert ["email", "sensors@example.org"] in profiled["who"]
    [visit] = [
        e for e in log.about("anonymous_id", "visitor-sensors") if e["type"] == "product.viewed"
    ]
    assert visit["fields"]["product"] == "茶杯 🍵"
    songs = [e for e in log.about("app_user_id", "sensors") if e["type"] == "song.played"]
    assert len(songs) == 25
    check_nothing_was_sent_twice(log)


@pytest.mark.parametrize("name", ["segment", "rudder"])
def test_segments_words_in_node(house: Taking, libraries: Path, name: str) -> None:
    house.send("node", NODE.name, name, cwd=libraries)
    log = house.log()
    check_segments_words(log, f"node-{name}", page="anonymous_id")
    check_nothing_was_sent_twice(log)


def test_posthog_in_node(house: Taking, libraries: Path) -> None:
    house.send("node", NODE.name, "posthog", cwd=libraries)
    log = house.log()
    assert log.one("order.placed", "app_user_id", "node-posthog")["amount"] == "27.5"
    profiled = log.one("customer.profiled", "email", "node-posthog@example.org")
    assert ["app_user_id", "node-posthog"] in profiled["who"]
    aliases = [
        e for e in log.about("app_user_id", "node-posthog") if e["type"] == "customer.recognised"
    ]
    assert any(["app_user_id", "visitor-node-posthog"] in e["who"] for e in aliases)
    check_nothing_was_sent_twice(log)
