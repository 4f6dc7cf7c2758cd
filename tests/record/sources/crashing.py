# ruff: noqa: E402
"""Takes and loads while being killed: started by test_crash as a program of its own.

One process imports everything and then makes child after child. Two children are servers: each
appends batches to the spool from several threads and notes those whose append returned; every
batch is sent twice, as by a sender that got no answer. A third is the loader of the house. All are
killed at random, servers also in the middle of a frame. At the end everything is loaded and all
that was acknowledged is sent once more, much later: the log must hold each message exactly once.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "tenure.config.settings"

import django

django.setup()

import logging

from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from tenure.clock import now
from tenure.config.loading import run_loader
from tenure.record.sources.operations import load_spool
from tenure.record.sources.queries import spool_lag
from tenure.record.sources.spool import SpoolFullError, house_spool
from tests.record.sources.arriving import message, request, shop_source

SIZE, THREADS, SERVERS = 20, 3, 2
PATIENCE_SECONDS = 120


def serve(home: Path, source_id: int, run: int) -> None:
    """A server: takes batches until it is killed, or tears its own segment and dies."""
    threads = [
        threading.Thread(target=_take, args=(home, source_id, run * THREADS + thread))
        for thread in range(THREADS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _take(home: Path, source_id: int, sender: int) -> None:
    dice = random.Random(sender)
    acknowledged = os.open(home / f"acknowledged-{sender}", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for batch in range(10_000):
        first = (sender * 10_000 + batch) * SIZE
        at = now()
        items = [message(number, at) for number in range(first, first + SIZE)]
        for attempt in range(2):
            frame = request(source_id, (), at=at + timedelta(seconds=attempt), items=items)
            try:
                house_spool().append([frame])
            except (SpoolFullError, DatabaseError):
                connection.close()
                time.sleep(0.2)
                continue
            os.write(acknowledged, b"%d %.6f\n" % (first, at.timestamp()))
        if dice.random() < 0.01:
            _tear(frame)


def _tear(frame: bytes) -> None:
    """Die in the middle of a write."""
    spool = house_spool()
    with spool._lock:
        segment = spool._segment
        if segment is not None:
            sealed = segment.sealer.seal([frame], segment.written)
            os.write(segment.descriptor, sealed[: random.randrange(1, len(sealed))])
        os.kill(os.getpid(), signal.SIGKILL)


def child(work: Callable[[], None]) -> int:
    """A forked process that does ``work``."""
    process = os.fork()
    if process == 0:
        try:
            work()
        except BaseException as error:  # noqa: BLE001  the parent must see any failure
            print(repr(error), file=sys.stderr, flush=True)
            os._exit(1)
        os._exit(0)
    return process


def run_child(work: Callable[[], None]) -> None:
    """Do ``work`` in a process of its own, to its end."""
    if os.waitpid(child(work), 0)[1] != 0:
        raise SystemExit("a step failed")


def first_start(home: Path) -> None:
    """Make the house, its shop and a source."""
    call_command("migrate", verbosity=0)
    with transaction.atomic():
        number = shop_source()
    (home / "source").write_text(str(number))


def finish(home: Path) -> None:
    """Load what is left; send all that was acknowledged once more, a month later; load that."""
    end = time.monotonic() + PATIENCE_SECONDS
    _load_all(end)
    source_id = int((home / "source").read_text())
    again = set()
    for path in home.glob("acknowledged-*"):
        again |= {tuple(line.split()) for line in path.read_text().splitlines()}
    for first, sent in sorted(again):
        at = datetime.fromtimestamp(float(sent), tz=UTC)
        items = [message(number, at) for number in range(int(first), int(first) + SIZE)]
        later = now() + timedelta(days=30)
        house_spool().append([request(source_id, (), at=later, items=items)])
    _load_all(end)
    lag = spool_lag(at=now())
    (home / "lag").write_text(json.dumps({"bytes": lag.bytes, "segments": lag.segments}))
    house_spool().close()
    _load_all(end)


def _load_all(end: float) -> None:
    while True:
        try:
            if load_spool(clock=now) is not None:
                return
        except DatabaseError:
            connection.close()
        if time.monotonic() > end:
            raise SystemExit("the spool cannot be loaded")
        time.sleep(0.2)


def main() -> None:
    """Kill and start again for so many seconds, then finish and tell."""
    seconds, seed = float(sys.argv[1]), int(sys.argv[2])
    logging.disable(logging.CRITICAL)
    home = Path(os.environ["TENURE_HOME"])
    home.mkdir(parents=True, exist_ok=True)
    run_child(lambda: first_start(home))
    source_id = int((home / "source").read_text())
    dice, runs = random.Random(seed), iter(range(1, 10_000))

    def start(place: int) -> int:
        run = next(runs)
        if place == SERVERS:
            return child(lambda: run_loader(threading.Event()))
        return child(lambda: serve(home, source_id, run))

    kills = dict.fromkeys(("server", "loader"), 0)
    alive = {place: start(place) for place in range(SERVERS + 1)}
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(dice.uniform(0.1, 0.6))
        place = dice.randrange(SERVERS + 1)
        os.kill(alive[place], signal.SIGKILL)
        os.waitpid(alive[place], 0)
        kills["loader" if place == SERVERS else "server"] += 1
        alive[place] = start(place)
    for process in alive.values():
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
    run_child(lambda: finish(home))
    print(json.dumps(kills))


if __name__ == "__main__":
    main()
