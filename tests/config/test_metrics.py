"""Figures at /metrics: true, and for this machine or a token with the right only."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client, override_settings

from tenure.actor import SYSTEM
from tenure.clock import now
from tenure.guard.access.operations import TokenRequest, make_account, make_token_of_account
from tenure.record.sources.spool import spool_directory
from tests.record.sources.arriving import load, request, shop_source, spool_in

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).parents[2]


def figures(client: Client, **headers: str) -> dict[str, float]:
    answer = client.get("/metrics", headers=headers)
    assert answer.status_code == 200
    lines = [line for line in answer.content.decode().splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def test_what_waits_and_what_came_is_told(client: Client) -> None:
    source_id = shop_source()
    directory = spool_directory()
    spool = spool_in(directory)
    spool.append([request(source_id, range(5), at=now() - timedelta(seconds=60))])
    told = figures(client)
    assert told["tenure_spool_waiting_requests"] == 1
    assert told["tenure_loader_lag_seconds"] >= 60
    spool.close()
    load(directory, now())
    told = figures(client)
    assert told["tenure_spool_waiting_requests"] == 0
    assert told['tenure_events_total{result="accepted"}'] == 5
    assert told["tenure_tick_lag_events"] >= 5
    assert told['tenure_jobs{state="ready"}'] == 0
    counted = 'tenure_http_requests_total{address="metrics",method="GET",status="200"}'
    assert told[counted] >= 1


def test_it_is_not_told_to_everybody(client: Client) -> None:
    assert client.get("/metrics", REMOTE_ADDR="10.0.0.9").status_code == 401
    assert client.get("/metrics", REMOTE_ADDR="").status_code == 401
    behind_proxy = {"X-Forwarded-For": "10.0.0.9"}
    assert client.get("/metrics", headers=behind_proxy).status_code == 401
    bearer = {"Authorization": "Bearer tn_wrong"}
    assert client.get("/metrics", headers=bearer, REMOTE_ADDR="10.0.0.9").status_code == 401
    with override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=1):
        assert client.get("/metrics").status_code == 401


def test_a_token_with_the_right_is_told(client: Client) -> None:
    at = now()
    number = make_account(
        email="a@example.com", name="A", roles=["administrator"], by=SYSTEM, at=at
    )

    def asked(*scopes: str) -> int:
        request = TokenRequest("scraper", scopes, ())
        token = make_token_of_account(number, request, by=SYSTEM, at=at).token
        bearer = {"Authorization": f"Bearer {token}"}
        return client.get("/metrics", headers=bearer, REMOTE_ADDR="10.0.0.9").status_code

    assert asked("health.view") == 200
    assert asked("customer.view") == 401


def test_server_processes_count_together(tmp_path: Path) -> None:
    code = (
        "import django; django.setup()\n"
        "from django.http import HttpResponse\n"
        "from django.test import RequestFactory\n"
        "from tenure.config.metrics.requests import CountRequests, request_registry\n"
        "CountRequests(lambda request: HttpResponse())(RequestFactory().get('/'))\n"
        "from prometheus_client import generate_latest\n"
        "print(generate_latest(request_registry()).decode())\n"
    )
    environment = {
        **os.environ,
        "PROMETHEUS_MULTIPROC_DIR": str(tmp_path),
        "PYTHONPATH": str(ROOT / "src"),
        "DJANGO_SETTINGS_MODULE": "tenure.config.settings",
    }
    for times in (1, 2):
        done = subprocess.run(
            [sys.executable, "-c", code],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        assert f'method="GET",status="200"}} {times}.0' in done.stdout
