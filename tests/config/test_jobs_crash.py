"""Workers killed in the middle of their work: every job is done, none by two at once."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection

from tests.config.working import JOBS

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
KILLS = 6


@contextmanager
def database(home: Path) -> Iterator[dict[str, str]]:
    """The environment of a database of its own, of the kind the tests run on."""
    environment = {
        **os.environ,
        "TENURE_HOME": str(home),
        "TENURE_JOB_LEASE_SECONDS": "3",
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
    }
    if connection.vendor == "sqlite":
        yield environment
        return
    name = f"jobs_{uuid.uuid4().hex}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    url = os.environ["DATABASE_URL"]
    yield {**environment, "DATABASE_URL": f"{url.rsplit('/', 1)[0]}/{name}"}
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.django_db(transaction=True)
def test_killed_workers_lose_nothing(tmp_path: Path) -> None:
    chance = random.Random(7)
    with database(tmp_path / "home") as environment:

        def run(word: str) -> subprocess.Popen[str]:
            command = [sys.executable, "-m", "tests.config.working", word, str(tmp_path)]
            return subprocess.Popen(
                command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True
            )

        prepared = run("prepare")
        prepared.communicate()
        assert prepared.returncode == 0
        workers = [run("work"), run("work")]
        log = tmp_path / "log"
        killed, give_up = 0, time.monotonic() + 90
        while time.monotonic() < give_up:
            time.sleep(0.1)
            done = log.read_text().count("done") if log.exists() else 0
            if done >= JOBS:
                break
            if killed < KILLS and done > killed * 2:
                time.sleep(chance.random() / 3)
                victim = workers.pop(0)
                victim.kill()
                victim.communicate()
                workers.append(run("work"))
                killed += 1
        for worker in workers:
            worker.terminate()
            worker.communicate(timeout=30)
        told = run("check").communicate()[0]
    lines = log.read_text().splitlines()
    assert killed == KILLS
    assert {f"done {number}" for number in range(JOBS)} <= set(lines)
    assert not [line for line in lines if line.startswith("twice")]
    assert told.strip() == f"['done'] {JOBS}"
