"""Killed at random points while recording and exporting: nothing lost, nothing doubled."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from django.db import connection

from tenure.engine.lake import Lake

ROOT = Path(__file__).parents[3]
SECONDS, SEED = 8, 20260501


@pytest.fixture
def database() -> Iterator[str]:
    """DATABASE_URL of an empty database that other processes can open."""
    if connection.vendor != "postgresql":
        yield ""
        return
    import psycopg

    name = f"tenure_crash_{uuid.uuid4().hex[:12]}"
    url = os.environ["DATABASE_URL"]
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        yield url[: url.rindex("/") + 1] + name
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def rows(home: Path, url: str, query: str) -> list[tuple[object, ...]]:
    if url:
        import psycopg

        with psycopg.connect(url) as link:
            return link.execute(query).fetchall()
    import sqlite3

    with sqlite3.connect(home / "tenure.sqlite3") as link:
        found: list[tuple[object, ...]] = link.execute(query).fetchall()
    link.close()
    return found


@pytest.mark.slow
def test_nothing_is_lost_and_nothing_doubled(tmp_path: Path, database: str) -> None:
    home = tmp_path / "home"
    environment = {
        **os.environ,
        "TENURE_HOME": str(home),
        "DATABASE_URL": database,
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.record.events.crashing", str(SECONDS), str(SEED)],
        capture_output=True,
        text=True,
        env=environment,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["kills"] >= 3

    logged = rows(home, database, "SELECT id, identifier_id, occurred_us FROM events_event")
    assert len(logged) == told["sent"]
    lake = Lake(home / "lake")
    parts = [str(part) for part in lake.parts()]
    held = duckdb.sql(
        f"SELECT event_id, identifier_id, occurred_us FROM read_parquet({parts}, "
        "union_by_name=true, hive_partitioning=false)"
    ).fetchall()
    assert sorted(held) == sorted(logged)
    assert lake.cursor == max(int(str(row[0])) for row in logged)

    # every companion of an event came with it, in the same transaction
    personal = "SELECT count(*) FROM vault_vaultentry WHERE holder = 'event'"
    assert rows(home, database, personal) == [(told["sent"],)]
    assert rows(home, database, "SELECT count(*) FROM events_identifier") == [(97 + 89,)]
    links = "SELECT count(*) FROM events_link"
    pairs = {(number % 97, number % 89) for number in range(told["sent"])}
    assert rows(home, database, links) == [(len(pairs),)]
