"""``tenure up``: pages and background work in one command, and a way in for the first person."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.terminal import ROOT, python, start

pytestmark = pytest.mark.slow


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
def page_files() -> None:
    """Pages need files that the launcher makes."""
    if not (ROOT / "build" / "tenure_assets").is_dir():
        pytest.skip("the files of the pages are not made: python hatch_build.py")


class Up:
    """The program while it runs."""

    def __init__(self, home: Path, *words: str) -> None:
        self.port = free_port()
        self.home = home
        self.log = home.with_suffix(".log")
        surroundings = {
            "PYTHONPATH": str(ROOT / "src"),
            "TENURE_HOME": str(home),
            "TENURE_LANGUAGE": "en",
            "DATABASE_URL": "",
        }
        with self.log.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tenure.cli", *(words or ("up", "--port", str(self.port)))],
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=ROOT,
                env={**os.environ, **surroundings},
            )

    def told(self, pattern: str, seconds: float = 90) -> re.Match[str]:
        """What it says, waited for."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            found = re.search(pattern, self.log.read_text())
            if found:
                return found
            assert self.process.poll() is None, self.log.read_text()
            time.sleep(0.1)
        raise AssertionError(self.log.read_text())

    def ask(self, path: str) -> tuple[int, str]:
        """Status and where it leads or what it says."""
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            asked.request("GET", path)
            answer = asked.getresponse()
            return answer.status, answer.headers.get("Location") or answer.read().decode()
        finally:
            asked.close()

    def stop(self, number: int) -> int:
        """Tell it to stop; its exit code."""
        self.process.send_signal(number)
        return self.process.wait(30)


@pytest.fixture
def up(tmp_path: Path, page_files: None) -> Iterator[Up]:
    running = Up(tmp_path / "home")
    yield running
    if running.process.poll() is None:
        running.stop(signal.SIGKILL)


def another_link(up: Up) -> str:
    """The way in for who is locked out, while the pages are being served."""
    again = python(
        "-m", "tenure.cli", "up", "--login", "--port", str(up.port), home=up.home, DATABASE_URL=""
    )
    assert again.returncode == 0, again.stderr
    found = re.search(r"http://127\.0\.0\.1:\d+(/account/enter/\S+)", again.stdout)
    assert found is not None, again.stdout
    return found.group(1)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_one_command_serves_and_lets_the_first_person_in_once(up: Up, number: int) -> None:
    link = up.told(r"http://127\.0\.0\.1:\d+(/account/enter/\S+)").group(1)
    up.told("Ctrl-C stops")
    assert up.ask("/healthz") == (200, '{"status": "ok"}')
    assert up.ask("/readyz") == (200, '{"status": "ok"}')
    assert up.ask(link) == (302, "/")
    assert up.ask(link)[0] == 400
    assert up.ask(another_link(up)) == (302, "/")
    style = re.search(r'href="(/static/tenure/tenure\.[0-9a-f]+\.css)"', up.ask("/nowhere")[1])
    assert style is not None
    assert up.ask(style.group(1))[0] == 200
    assert up.stop(number) == 0
    with pytest.raises(ConnectionRefusedError):
        up.ask("/healthz")


def test_a_demo_ends_with_its_pages_open(tmp_path: Path, page_files: None) -> None:
    home = tmp_path / "demo"
    words = ("demo", "--home", str(home), "--customers", "20", "--years", "2", "--pages")
    running = Up(home, *words)
    try:
        told = running.told(r"open: http://127\.0\.0\.1:(\d+)")
        running.port = int(told.group(1))
        link = running.told(r"http://127\.0\.0\.1:\d+(/account/enter/\S+)").group(1)
        assert running.ask(link) == (302, "/")
        assert running.stop(signal.SIGINT) == 0
    finally:
        running.process.kill()
        running.process.wait()
    assert running.log.read_text().count("/account/enter/") == 1


def test_the_worker_alone_works_until_it_is_told_to_stop(tmp_path: Path) -> None:
    asked = python(
        "-c",
        "from tenure.cli.house import open_house; open_house()\n"
        "from tenure.derive.lifecycles.jobs import follow_log; follow_log.enqueue()",
        home=tmp_path / "home",
        DATABASE_URL="",
    )
    assert asked.returncode == 0, asked.stderr
    running = Up(tmp_path / "home", "worker")
    try:
        database = tmp_path / "home" / "tenure.sqlite3"
        until = time.monotonic() + 60
        while time.monotonic() < until and not _done_jobs(database):
            assert running.process.poll() is None, running.log.read_text()
            time.sleep(0.2)
        assert _done_jobs(database)
        assert running.stop(signal.SIGTERM) == 0
    finally:
        running.process.kill()
        running.process.wait()


def _done_jobs(database: Path) -> int:
    """How many jobs the worker has done."""
    with closing(sqlite3.connect(database, timeout=20)) as opened:
        query = "SELECT count(*) FROM jobs_job WHERE status = 'done'"
        return int(opened.execute(query).fetchone()[0])


def test_a_port_in_use_is_told(tmp_path: Path, page_files: None) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        refused = start("up", "--port", port, home=tmp_path / "home", TENURE_LANGUAGE="en")
    assert refused.returncode == 2
    assert f"Port {port} is in use" in refused.stderr
    assert "--port" in refused.stderr


def test_an_address_of_another_machine_is_told(tmp_path: Path, page_files: None) -> None:
    refused = start("up", "--host", "192.0.2.1", home=tmp_path / "home", TENURE_LANGUAGE="zh")
    assert refused.returncode == 2
    assert "--host" in refused.stderr


def test_a_home_that_cannot_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    refused = start("up", home=tmp_path / "file", TENURE_LANGUAGE="en")
    assert refused.returncode == 2
    assert "TENURE_HOME" in refused.stderr
