"""Servers and the loader killed at random, writes torn: nothing lost, nothing doubled."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.record.events.test_crash import ROOT, database, rows

__all__ = ["database"]  # a fixture

SECONDS, SEED, SIZE = 12, 20260601, 20


def acknowledged(home: Path) -> set[int]:
    lines = [path.read_text().splitlines() for path in home.glob("acknowledged-*")]
    firsts = {int(line.split()[0]) for part in lines for line in part}
    return {number for first in firsts for number in range(first, first + SIZE)}


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_and_nothing_doubled(tmp_path: Path, database: str) -> None:
    home = tmp_path / "home"
    environment = {
        **os.environ,
        "TENURE_HOME": str(home),
        "DATABASE_URL": database,
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.record.sources.crashing", str(SECONDS), str(SEED)],
        capture_output=True,
        text=True,
        env=environment,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    kills = json.loads(done.stdout)
    assert kills["server"] >= 5
    assert kills["loader"] >= 2

    told = rows(home, database, "SELECT properties FROM events_event")
    pages = [int(json.loads(str(row[0]))["page"][1:]) for row in told]
    sent = acknowledged(home)
    assert len(sent) > 500
    assert len(pages) == len(set(pages)), "doubled"
    assert sent <= set(pages), "lost"
    assert json.loads((home / "lag").read_text())["bytes"] == 0
    assert not list((home / "spool").glob("*.segment"))
    counted = "SELECT sum(accepted), sum(refused) FROM sources_arrival"
    assert [tuple(map(int, map(str, row))) for row in rows(home, database, counted)] == [
        (len(pages), 0)
    ]
