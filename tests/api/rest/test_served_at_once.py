"""Several server processes on one SQLite file: equal requests at once are done once."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from email.message import Message
from pathlib import Path

import pytest

from tests.api.ingest.live import Taking, run, taking

pytestmark = pytest.mark.slow
TOGETHER = 6
_TOKEN = """
from tenure.guard.access.operations import TokenRequest, make_account, make_token_of_account
by, at = house.by, house.at
number = make_account(
    email="chief@example.com", name="Chief", roles=["administrator"], by=by, at=at)
scopes = ["customer.view", "customer.edit", "event.record"]
print(make_token_of_account(number, TokenRequest("t", scopes, []), by=by, at=at).token)
"""
Answer = tuple[int, bytes, dict[str, str]]


def _small(headers: Message) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def ask(house: Taking, token: str, method: str, path: str, body: object, **more: str) -> Answer:
    asked = urllib.request.Request(
        house.address + path,
        json.dumps(body).encode(),
        {"Authorization": f"Bearer {token}", "Content-Type": "application/json", **more},
        method=method,
    )
    try:
        with urllib.request.urlopen(asked, timeout=60) as answer:
            return answer.status, answer.read(), _small(answer.headers)
    except urllib.error.HTTPError as error:
        return error.code, error.read(), _small(error.headers)


def test_two_processes_do_it_once(tmp_path: Path) -> None:
    with taking(tmp_path / "house", workers=2) as house:
        token = run(house.home, _TOKEN).split()[-1]
        customer = {"identifiers": {"customer_id": "C1"}, "profile": {"full_name": "Li"}}
        status, body, _ = ask(house, token, "PUT", "/api/customers", customer)
        assert status in (200, 201), body
        path = f"/api/customers/{json.loads(body)['id']}/notes"

        def note(key: str) -> Answer:
            return ask(house, token, "POST", path, {"text": key}, **{"Idempotency-Key": key})

        with ThreadPoolExecutor(TOGETHER) as threads:
            for turn in range(5):
                answers = list(threads.map(note, [f"k-{turn}"] * TOGETHER))
                assert {one[0] for one in answers} <= {201, 409}, answers
                done = [one for one in answers if one[0] == 201]
                assert len({one[1] for one in done}) == 1
                assert sum("idempotent-replayed" not in one[2] for one in done) == 1
            answers = list(threads.map(lambda _: ask(house, token, "GET", path, None), range(4)))
        notes = json.loads(answers[0][1])["items"]
        assert sorted(one["text"] for one in notes) == [f"k-{turn}" for turn in range(5)]
        assert all("ratelimit" in one[2] for one in answers)
