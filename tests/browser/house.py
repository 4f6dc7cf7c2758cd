"""A house with a small company in it, served as its users see it, in processes of its own."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tenure.words import Language
from tests.cli.terminal import ROOT, python

COMPANY = ("--customers", "120", "--years", "2")


@dataclass(frozen=True)
class Served:
    """The house, and where it answers.

    Attributes:
        home: its data directory.
        address: ``http://127.0.0.1:PORT``.
        accounts: of each built-in role: ``id``, ``email``, ``session`` and the ``cookie`` it is in.
    """

    home: Path
    address: str
    accounts: dict[str, dict[str, Any]]

    def run(self, code: str) -> str:
        """Python in this house, with Django set up; what it prints."""
        opening = "from tenure.cli.house import open_house; house = open_house()\n"
        done = python("-c", opening + code, home=self.home, DATABASE_URL="")
        assert done.returncode == 0, done.stderr
        return done.stdout

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Rows of a query on its database."""
        with closing(sqlite3.connect(self.home / "tenure.sqlite3", timeout=20)) as database:
            found = database.execute(query, values).fetchall()
            database.commit()
            return found

    def prefer(self, account: str, language: str, theme: str) -> None:
        """Let an account see the pages so."""
        email = self.accounts[account]["email"]
        self.rows(
            "UPDATE access_account SET language = ?, theme = ? WHERE email = ?",
            language, theme, email,
        )  # fmt: skip


def make_house(home: Path, *, company: Sequence[str] = COMPANY, language: Language = "en") -> None:
    """Fill ``home`` with the demo's company, unless it is there already."""
    words = ["-m", "tenure.cli", "demo", "--home", str(home), *company, "--no-pages"]
    made = python(*words, DATABASE_URL="", TENURE_LANGUAGE=language)
    assert made.returncode == 0, made.stderr


@contextmanager
def served(home: Path) -> Iterator[Served]:
    """The house, its pages open while the block runs."""
    listed = python("-m", "tests.browser.accounts", home=home, DATABASE_URL="")
    assert listed.returncode == 0, listed.stderr
    with running(home) as address:
        yield Served(home, address, json.loads(listed.stdout))


@contextmanager
def running(home: Path) -> Iterator[str]:
    """``tenure up`` while the block runs: its address. What it prints is in ``server.log``."""
    port = _free_port()
    log = home / "server.log"
    with log.open("w") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "tenure.cli", "up", "--port", str(port)],
            stdout=output, stderr=subprocess.STDOUT, cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "TENURE_HOME": str(home),
                 "DATABASE_URL": "", "TENURE_WEBHOOK_ALLOW": "127.0.0.0/8",
                 "TENURE_FEED_FOLDERS": str(drop_folder(home))},
        )  # fmt: skip
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(f"{address}/readyz", server, log)
            yield address
        finally:
            server.send_signal(signal.SIGTERM)
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def drop_folder(home: Path) -> Path:
    """The directory beside a house that its feeds may read."""
    folder = home.with_name(f"{home.name}-drop")
    folder.mkdir(exist_ok=True)
    return folder


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait_for(address: str, server: subprocess.Popen[Any], log: Path) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        assert server.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"no answer from {address}:\n{log.read_text()}")
