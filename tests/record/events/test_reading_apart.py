from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tenure.record.events.jobs.reading_apart import ReadingFailedError, read_apart

QUERY = "SELECT id, text FROM log ORDER BY id"


@pytest.fixture
def log(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(tmp_path / "log.sqlite3", isolation_level=None)) as link:
        link.execute("PRAGMA journal_mode=WAL")
        link.execute("PRAGMA wal_autocheckpoint=0")
        link.execute("CREATE TABLE log (id INTEGER PRIMARY KEY, text TEXT)")
        write(link, 200_000)
        yield link


def write(link: sqlite3.Connection, rows: int) -> None:
    link.execute("BEGIN IMMEDIATE")
    link.executemany("INSERT INTO log (text) VALUES (?)", [(f"row {n}" * 9,) for n in range(rows)])
    link.execute("COMMIT")


def test_a_reader_apart_leaves_the_writer_alone(log: sqlite3.Connection, tmp_path: Path) -> None:
    file = str(tmp_path / "log.sqlite3")
    for rows in (200_000, 250_000):
        assert sum(len(batch) for batch in read_apart(QUERY, file)) == rows
        # the index of the write-ahead log has many pages by now, and all are still there
        write(log, 50_000)
        assert log.execute("SELECT count(*) FROM log").fetchone() == (rows + 50_000,)
    assert log.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_stopping_early_ends_the_reader(log: sqlite3.Connection, tmp_path: Path) -> None:
    batches = read_apart(QUERY, str(tmp_path / "log.sqlite3"))
    assert len(next(batches)) > 0
    batches.close()
    write(log, 10)


def test_what_the_reader_could_not_do_is_told(tmp_path: Path) -> None:
    with pytest.raises(ReadingFailedError, match="failed to open"):
        list(read_apart("SELECT * FROM log", str(tmp_path / "absent.sqlite3")))
