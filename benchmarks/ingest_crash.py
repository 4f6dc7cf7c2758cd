"""Whether anything acknowledged is lost or doubled while everything is killed at random.

    PYTHONPATH=src python benchmarks/ingest_crash.py [--seconds 60] [--database sqlite|postgresql]

Two server-like processes (three threads each) append batches of 20 events to the spool, every one
twice, and note what was acknowledged; the loader of the house brings them into the log. All are
killed with SIGKILL a few times a second, servers also in the middle of a frame; on PostgreSQL its
server is killed too, every few seconds. At the end the rest is loaded, all that was acknowledged
is sent once more as if a month later, and the log is compared with the notes.
Floors: 0 lost, 0 doubled.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.postgresql import killable_postgresql  # noqa: E402
from tests.record.events.test_crash import rows  # noqa: E402
from tests.record.sources.test_crash import acknowledged  # noqa: E402

from benchmarks.measuring import hardware  # noqa: E402

Kill = Callable[[], None]
_BETWEEN_KILLS_SECONDS = 6


def main() -> None:
    """Run and print; exit 1 where the floor is not met."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=60)
    options.add_argument("--seed", type=int, default=20261125)
    options.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    given = options.parse_args()
    with database(given.database) as (url, kill), tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        kills = crash(home, url, kill, seconds=given.seconds, seed=given.seed)
        report(home, url, kills, given)


@contextmanager
def database(name: str) -> Iterator[tuple[str, Kill | None]]:
    """DATABASE_URL, and what kills the server behind it; nothing for SQLite."""
    if name == "sqlite":
        yield "", None
        return
    with killable_postgresql() as (url, kill):
        yield url, kill


def crash(home: Path, url: str, kill: Kill | None, *, seconds: float, seed: int) -> dict[str, int]:
    """Run the program that kills; kill the database beside it. How often what was killed."""
    environment = {
        **os.environ,
        "TENURE_HOME": str(home),
        "DATABASE_URL": url,
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
    }
    program = [sys.executable, "-m", "tests.record.sources.crashing", str(seconds), str(seed)]
    with subprocess.Popen(
        program, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as running:
        while not (home / "source").exists() and running.poll() is None:
            time.sleep(0.1)
        end, killed = time.monotonic() + seconds - 3, 0
        while kill is not None and time.monotonic() + _BETWEEN_KILLS_SECONDS < end:
            time.sleep(_BETWEEN_KILLS_SECONDS)
            kill()
            killed += 1
        out, _ = running.communicate()
    if running.returncode != 0:
        raise SystemExit("the program failed")
    return {**json.loads(out), "database": killed}


def report(home: Path, url: str, kills: dict[str, int], given: argparse.Namespace) -> None:
    """Compare the log with the notes and print one line."""
    told = rows(home, url, "SELECT properties FROM events_event")
    pages = [int(json.loads(str(row[0]))["page"][1:]) for row in told]
    sent = acknowledged(home)
    lost, doubled = len(sent - set(pages)), len(pages) - len(set(pages))
    [[repeated]] = rows(home, url, "SELECT sum(repeated) FROM sources_arrival")
    print(f"{hardware()}; {given.database}, {given.seconds:g} s, seed {given.seed}")
    print(
        f"killed: servers {kills['server']}, loader {kills['loader']}, "
        f"database {kills['database']}; acknowledged {len(sent):,} events, "
        f"{repeated:,} repeats kept out; lost {lost}, doubled {doubled}"
    )
    raise SystemExit(1 if lost or doubled or not sent else 0)


if __name__ == "__main__":
    main()
