"""A house that takes events, served by the real web server, and what its log holds in the end."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.cli.terminal import ROOT, python

OPENING = """
import json
from tenure.cli.house import open_house
house = open_house()
"""
MAKING = """
from tenure.definitions import load_pack
from tenure.record.library.operations import publish
from tenure.record.sources.operations import add_source
publish(load_pack("ecommerce"), note="test", by=house.by, at=house.at)
print(add_source("site", name="Site", kind="sdk", by=house.by, at=house.at).write_key)
"""
LOADING = """
from tenure.clock import now
from tenure.record.sources.operations import load_spool
load_spool(clock=now)
"""
TELLING = """
import msgspec
from tenure.record.events.queries import (
    dead_letters, events_after, identifiers, oddities,
)
from tenure.record.sources.queries import events_arrived
events = events_after(0, 100_000)
ids = {e.identifier_id for e in events} | {
    int(n) for e in events for n in e.properties.get("tenure:with", [])
}
known = identifiers([n for n in ids if n is not None], with_personal=True)
def named(event):
    own = [event.identifier_id] if event.identifier_id is not None else []
    found = [*own, *map(int, event.properties.get("tenure:with", []))]
    return [[known[n].type, known[n].value] for n in found]
print(json.dumps({"arrived": events_arrived(), "events": [
    {"type": e.type, "at": e.occurred_at.isoformat(), "who": named(e), "fields": e.properties,
     "amount": None if e.amount is None else str(e.amount), "source": e.source}
    for e in events]}))
"""


@dataclass(frozen=True)
class Log:
    """What the log holds: its events, and how many were accepted, repeated, refused."""

    arrived: dict[str, int]
    events: list[dict[str, Any]]

    def about(self, kind: str, value: str) -> list[dict[str, Any]]:
        """The events that arrived with an identifier."""
        return [event for event in self.events if [kind, value] in event["who"]]

    def one(self, type_key: str, kind: str, value: str) -> dict[str, Any]:
        """The only event of a type that arrived with an identifier."""
        [found] = [one for one in self.about(kind, value) if one["type"] == type_key]
        return found


@dataclass(frozen=True)
class Taking:
    """The house while it is served."""

    home: Path
    address: str
    key: str

    def send(self, *command: str, cwd: Path = ROOT) -> None:
        """Run a sender: it is given the address and the key after its own words."""
        done = subprocess.run(
            [*command, self.address, self.key], capture_output=True, text=True, cwd=cwd,
            env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr

    def log(self) -> Log:
        """What arrived so far, loaded into the log once more."""
        return Log(**json.loads(run(self.home, LOADING + TELLING).splitlines()[-1]))


def run(home: Path, code: str) -> str:
    """Python in a house; what it prints."""
    done = python("-c", OPENING + code, home=home, DATABASE_URL="")
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextmanager
def taking(home: Path, workers: int = 1) -> Iterator[Taking]:
    """A new house, served while the block runs."""
    key = run(home, MAKING).split()[-1]
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = int(found.getsockname()[1])
    log = home / "server.log"
    with log.open("w") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "tenure.config.serving", "127.0.0.1", str(port), str(workers)],
            stdin=subprocess.PIPE, stdout=output, stderr=subprocess.STDOUT, cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "TENURE_HOME": str(home),
                 "DATABASE_URL": ""},
        )  # fmt: skip
        address = f"http://127.0.0.1:{port}"
        try:
            _wait_for(f"{address}/healthz", server, log)
            yield Taking(home, address, key)
        finally:
            server.send_signal(signal.SIGTERM)
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
            assert server.stdin is not None
            server.stdin.close()


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        assert server.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"no answer from {address}:\n{log.read_text()}")
