"""Rate limits hold across web processes, cost little, and are told in every answer."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tenure.api.rest.limits import Buckets, Limit, forget_buckets
from tests.api.rest.house import Shop, house, token_for
from tests.cli.terminal import ROOT

__all__ = ["house"]

_ASKING = """
import sys, time
from pathlib import Path
from typing import Any
from tenure.api.rest.limits import Buckets
buckets = Buckets(rate=50.0, burst=100, file=Path(sys.argv[1]))
begun, taken = float(sys.argv[2]), 0
time.sleep(max(0.0, begun - time.monotonic()))
while time.monotonic() < begun + 2:
    taken += buckets.take(7, time.monotonic()) == 0
    time.sleep(0.0005)
print(taken)
"""


def test_two_processes_take_from_one_bucket(tmp_path: Path) -> None:
    file, begun = tmp_path / "limits", time.monotonic() + 3
    words = [sys.executable, "-c", _ASKING, str(file), str(begun)]
    way = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    asking = [subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=way) for _ in "ab"]
    taken = [int(one.communicate(timeout=60)[0]) for one in asking]
    assert min(taken) > 0
    assert 150 <= sum(taken) <= 100 + 50 * 2 + 5


def test_a_bucket_outlives_its_process_but_not_the_machine(tmp_path: Path) -> None:
    file = tmp_path / "limits"
    first = Buckets(rate=1.0, burst=2, file=file)
    assert [first.take(1, 500.0) for _ in range(3)] == [0.0, 0.0, 1.0]
    first.close()
    second = Buckets(rate=1.0, burst=2, file=file)
    assert second.take(1, 500.5) == 0.5
    assert second.take(1, 499.9) == 0.5  # looked at the clock before the other
    assert second.take(1, 3.0) == 0.0  # the clock began anew with the machine
    assert second.take(1 + 65_536, 3.0) == 0.0
    second.close()


def test_without_a_file_each_process_counts_for_itself(tmp_path: Path) -> None:
    buckets = Buckets(rate=1.0, burst=1, file=tmp_path / "no such folder" / "limits")
    assert [buckets.take(1, 0.0), buckets.take(1, 0.0)] == [0.0, 1.0]


def test_the_fields_of_answers() -> None:
    assert Limit(100, 2, 40, 0).headers() == {
        "RateLimit-Policy": '"token";q=100;w=2',
        "RateLimit": '"token";r=40;t=2',
    }
    assert Limit(100, 2, 0, 1).headers()["Retry-After"] == "1"


def test_every_answer_to_a_token_tells_what_is_left(house: Shop, settings: Any) -> None:
    settings.API_REQUESTS_PER_SECOND = 2
    forget_buckets()
    chief = token_for(house.chief)
    left = [chief.get("/api/token").headers["RateLimit"] for _ in range(3)]
    assert left == [f'"token";r={number};t=2' for number in (3, 2, 1)]
    assert "RateLimit" not in chief.__class__("tn_nobody").get("/api/token").headers
    answers = [chief.get("/api/token") for _ in range(4)]
    assert answers[-1].status_code == 429
    assert answers[-1].headers["RateLimit-Policy"] == '"token";q=4;w=2'
    assert answers[-1].headers["Retry-After"] == "1"
