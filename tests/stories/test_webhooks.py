"""Another system is told of what arrives, by the worker as it is run, though either fails."""

from __future__ import annotations

import signal
import threading
import time
from pathlib import Path

import pytest

from tests.act.webhooks.receiving import Got, Loopback, loopback, verify
from tests.record.events.test_crash import database
from tests.stories.test_arriving import HOUSE, SEND, House, until

__all__ = ["database"]  # a fixture

ENDPOINT = """
import sys, django; django.setup()
from tenure.act.webhooks.operations import Wanted, add_endpoint
from tenure.actor import SYSTEM
from tenure.clock import now
wanted = Wanted("Shop floor", sys.argv[1], every_type=len(sys.argv) < 3, types=sys.argv[2:])
print(add_endpoint(wanted, by=SYSTEM, at=now()).secret)
"""
EVENTS = 12


class Moody:
    """Answers 500 to every third message once, hangs up on every fourth once, then takes all;
    one message it takes and keeps the answer to itself until it is let go."""

    def __init__(self) -> None:
        self.seen: set[str] = set()
        self.keeping = threading.Event()
        self.let_go = threading.Event()
        self.lock = threading.Lock()

    def __call__(self, number: int, got: Got) -> tuple[int, dict[str, str], bytes] | None:
        with self.lock:
            again, first = got.id in self.seen, len(self.seen)
            self.seen.add(got.id)
        if not again and first == EVENTS - 1:
            self.keeping.set()
            self.let_go.wait(30)
        if not again and first % 3 == 1:
            return 500, {}, b"not now"
        if not again and first % 4 == 2:
            return None
        return 204, {}, b""


@pytest.mark.slow
def test_everything_is_told_though_both_sides_fail(tmp_path: Path, database: str) -> None:
    moody = Moody()

    def idle(number: int, got: Got) -> tuple[int, dict[str, str], bytes]:
        time.sleep(0.2)
        return 200, {}, b"slow"

    with loopback(moody) as there, loopback(idle) as slow:
        house = House(tmp_path / "home", database)
        house.environment["TENURE_WEBHOOK_ALLOW"] = "127.0.0.0/8"
        house.run(HOUSE)
        source_id = int((house.home / "source").read_text())
        secret = house.run(ENDPOINT, there.url)
        house.run(ENDPOINT, slow.url, "site.opened")
        house.run(SEND, source_id, 0, EVENTS, 0)
        worker = house.worker()
        try:
            assert moody.keeping.wait(60)
            worker.send_signal(signal.SIGKILL)  # sent, taken by the receiver, and never noted
            worker.communicate()
            moody.let_go.set()
            worker = house.worker()
            waiting = "SELECT count(*) FROM webhooks_delivery WHERE status <> 'delivered'"
            until(lambda: house.one(waiting) <= 1)  # that one is claimed for half a minute yet
            until(lambda: house.one(waiting) == 0)
        finally:
            moody.let_go.set()
            worker.send_signal(signal.SIGTERM)
            worker.communicate()
        assert house.one("SELECT max(attempts) FROM webhooks_delivery") >= 2
        told_in_full(there, secret)
        assert {got.said["type"] for got in slow.got} == {"site.opened"}
        assert len({got.id for got in slow.got}) == EVENTS


def told_in_full(there: Loopback, secret: str) -> None:
    sent = [(got.id, got.said["id"]) for got in there.got if got.said["type"] == "site.opened"]
    assert len({name for name, _ in sent}) == len({event for _, event in sent}) == EVENTS
    assert len(set(sent)) == EVENTS < len(sent)
    for got, at in zip(there.got, there.at, strict=True):
        assert verify(secret, got.headers, got.body, now=at)
