"""What arrives by itself, from the spool to a customer's stage, by the worker as it is run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tenure.record.sources.spool.reading import only_loader
from tests.record.events.test_crash import ROOT, database, rows

__all__ = ["database"]  # a fixture

PATIENCE_SECONDS = 60

HOUSE = """
import django; django.setup()
from pathlib import Path
from django.core.management import call_command
from tests.record.sources.crashing import first_start
from django.conf import settings
first_start(Path(settings.TENURE_HOME))
"""

SEND = """
import sys, django; django.setup()
from datetime import timedelta
from tenure.clock import now
from tenure.record.sources.spool import house_spool
from tests.record.sources.arriving import request
first, count, hours = map(int, sys.argv[2:])
at = now() - timedelta(hours=hours)
house_spool().append([request(int(sys.argv[1]), range(first, first + count), at=at)])
"""

LAG = """
import django; django.setup()
from tenure.clock import now
from tenure.record.sources.queries import spool_lag
lag = spool_lag(at=now())
print(lag.frames, int(lag.seconds), lag.loader)
"""


class House:
    """An installation, and programs run in it."""

    def __init__(self, home: Path, url: str) -> None:
        self.home, self.url = home, url
        home.mkdir()
        self.environment = {
            **os.environ,
            "TENURE_HOME": str(home),
            "DATABASE_URL": url,
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
            "DJANGO_SETTINGS_MODULE": "tenure.config.settings",
        }

    def run(self, code: str, *arguments: object) -> str:
        command = [sys.executable, "-c", code, *map(str, arguments)]
        done = subprocess.run(
            command, env=self.environment, cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def worker(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tenure.config.worker"]
        return subprocess.Popen(command, env=self.environment, cwd=ROOT, stdin=subprocess.PIPE)

    def one(self, query: str) -> int:
        [[found]] = rows(self.home, self.url, query)
        return int(str(found or 0))


def until(held: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not held():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.1)


@pytest.mark.slow
def test_after_an_hour_without_a_worker_everything_comes_and_is_followed(
    tmp_path: Path, database: str
) -> None:
    house = House(tmp_path / "home", database)
    house.run(HOUSE)
    source_id = int((house.home / "source").read_text())
    house.run(SEND, source_id, 0, 50, 1)
    house.run(SEND, source_id, 50, 50, 0)
    frames, seconds, loader = house.run(LAG).split()
    assert (frames, loader) == ("2", "none")
    assert 3600 <= int(seconds) < 3600 + PATIENCE_SECONDS

    def followed() -> bool:
        newest = house.one("SELECT max(id) FROM events_event")
        cursor = house.one("SELECT min(event_cursor) FROM customers_identitystate")
        return newest >= 100 and cursor >= newest

    worker = house.worker()
    try:
        until(lambda: house.one("SELECT count(*) FROM events_event") == 100)
        until(followed)
        assert house.run(LAG) == "0 0 running"
        house.run(SEND, source_id, 100, 50, 0)
        until(lambda: house.one("SELECT count(*) FROM events_event") == 150)
        until(followed)
        until(lambda: not list((house.home / "spool").glob("*.segment")))
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.communicate()

    def loader_gone() -> bool:
        with only_loader(house.home / "spool") as alone:
            return alone

    until(loader_gone)
