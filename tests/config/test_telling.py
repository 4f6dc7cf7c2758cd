"""Webhooks as the worker sends them: in lanes, so that the slow wait for themselves only."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.test import Client

from tenure.act.webhooks.operations import Wanting
from tenure.act.webhooks.operations.posting import Answer
from tenure.clock import now
from tenure.config import telling
from tenure.config.telling import LANES, LANES_EACH, Lanes
from tests.act.webhooks.receiving import Clock, Pretended, endpoint_for, work
from tests.record.shop import open_shop, sale, tell

SLOW, FAILING, QUICK = 1, 2, 3


def test_one_slow_endpoint_holds_up_no_other() -> None:
    stop, let_go, quick_done = threading.Event(), threading.Event(), threading.Event()
    open_now: Counter[int] = Counter()

    def send(endpoint_id: int, **_: object) -> int:
        open_now[endpoint_id] += 1
        if endpoint_id == QUICK:
            quick_done.set()
            return 0
        let_go.wait(10)
        return 0

    lanes = Lanes(stop, now)
    found = [Wanting(SLOW, False), Wanting(FAILING, True), Wanting(QUICK, False)]
    with patch.object(telling, "send_due", send):
        lanes.open_for(found)
        assert quick_done.wait(5)
        lanes.open_for(found)
        crowd = [Wanting(number, False) for number in range(10, 10 + LANES)]
        assert lanes.open_for(crowd) <= LANES - LANES_EACH - 1
        let_go.set()
        lanes.close()
    assert open_now[SLOW] <= LANES_EACH
    assert open_now[FAILING] == 1


def test_a_fault_ends_its_lane_only(caplog: pytest.LogCaptureFixture) -> None:
    lanes = Lanes(threading.Event(), now)
    fault = RuntimeError("a fault")
    trouble = patch.object(telling, "_AFTER_TROUBLE_SECONDS", 0)
    with trouble, patch.object(telling, "send_due", side_effect=fault):
        assert lanes.open_for([Wanting(SLOW, False)]) >= 1
        lanes.close()
    assert "endpoint 1 failed" in caplog.text


@pytest.mark.django_db
def test_what_waits_and_what_failed_is_told_in_figures(client: Client) -> None:
    open_shop()
    endpoint_for(at=now())
    tell(sale(1), sale(2), at=now())
    began = now() - timedelta(seconds=90)
    work(Clock(began), Pretended([Answer(500), Answer(200)]))
    lines = client.get("/metrics").content.decode().splitlines()
    figures = dict(line.rsplit(" ", 1) for line in lines if line.startswith("tenure_webhook"))
    assert figures['tenure_webhook_deliveries{state="pending"}'] == "1.0"
    assert figures['tenure_webhook_deliveries{state="failed"}'] == "0.0"
    assert float(figures["tenure_webhook_oldest_seconds"]) >= 90
