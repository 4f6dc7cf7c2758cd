from __future__ import annotations

import os
import sqlite3
import stat
import tarfile
import threading
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from tenure.cli.archive import ArchiveError, restore_archive, write_archive
from tenure.home import Home

AT = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "data").ensure()
    home.secret("vault")
    (home.root / "preferences.json").write_text("{}")
    with closing(sqlite3.connect(home.database)) as database:
        database.execute("pragma journal_mode=wal")
        database.execute("create table pair (a, b)")
        database.execute("insert into pair values (0, 0)")
        database.commit()
    return home


def pairs(home: Home) -> list[tuple[int, int]]:
    with closing(sqlite3.connect(home.database)) as database:
        return database.execute("select a, b from pair").fetchall()


def test_a_restored_installation_equals_the_one_backed_up(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "a.backup"
    contents = write_archive(file, home, "", at=AT)
    other = Home(tmp_path / "other")

    assert restore_archive(file, other, "", at=AT) == contents
    assert pairs(other) == pairs(home)
    assert other.secret("vault") == home.secret("vault")
    assert (other.root / "preferences.json").read_text() == "{}"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE((other.secrets / "vault").stat().st_mode) == 0o600


def test_what_was_there_before_is_kept(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "a.backup"
    write_archive(file, home, "", at=AT)
    with closing(sqlite3.connect(home.database)) as database:
        database.execute("update pair set a = 7, b = 7")
        database.commit()

    restore_archive(file, home, "", at=AT)

    assert pairs(home) == [(0, 0)]
    assert pairs(Home(tmp_path / "data.before-20260501T120000Z")) == [(7, 7)]


def test_a_backup_is_of_one_moment_while_writers_go_on(home: Home, tmp_path: Path) -> None:
    done = threading.Event()

    def write() -> None:
        with closing(sqlite3.connect(home.database, timeout=20)) as database:
            while not done.is_set():
                database.execute("update pair set a = a + 1, b = b + 1")
                database.commit()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(5):
            file = tmp_path / f"{number}.backup"
            write_archive(file, home, "", at=AT)
            copy = Home(tmp_path / f"copy{number}")
            restore_archive(file, copy, "", at=AT)
            ((a, b),) = pairs(copy)
            assert a == b
    finally:
        done.set()
        writer.join()


def test_a_backup_never_overwrites_a_file(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "a.backup"
    file.write_text("precious")
    with pytest.raises(ArchiveError, match="not overwritten"):
        write_archive(file, home, "", at=AT)
    assert file.read_text() == "precious"


def test_nothing_to_back_up_is_said(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="nothing to back up"):
        write_archive(tmp_path / "a.backup", Home(tmp_path / "none"), "", at=AT)
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_backup_is_refused_and_changes_nothing(home: Home, tmp_path: Path) -> None:
    whole, damaged = tmp_path / "whole.backup", tmp_path / "damaged.backup"
    write_archive(whole, home, "", at=AT)
    with tarfile.open(whole) as tar:
        tar.extractall(tmp_path / "open", filter="data")
    (tmp_path / "open" / "database.sqlite3").write_bytes(b"something else")
    with tarfile.open(damaged, "w:gz") as tar:
        for path in (tmp_path / "open").iterdir():
            tar.add(path, arcname=path.name)

    with pytest.raises(ArchiveError, match=r"database\.sqlite3 does not match"):
        restore_archive(damaged, home, "", at=AT)
    assert pairs(home) == [(0, 0)]


@pytest.mark.parametrize("garbage", [b"", b"not a tar", b"\x1f\x8b\x08\x00 torn"])
def test_garbage_is_not_a_backup(home: Home, tmp_path: Path, garbage: bytes) -> None:
    file = tmp_path / "garbage"
    file.write_bytes(garbage)
    with pytest.raises(ArchiveError, match="not a usable backup"):
        restore_archive(file, home, "", at=AT)


def test_restored_secrets_are_readable_by_their_owner_only(home: Home, tmp_path: Path) -> None:
    home.secret("vault")
    write_archive(tmp_path / "a.backup", home, "", at=AT)
    again = Home(tmp_path / "again")
    restore_archive(tmp_path / "a.backup", again, "", at=AT)
    for path in (again.secrets, again.secrets / "vault"):
        assert path.stat().st_mode & 0o077 == 0


def test_an_archive_of_the_other_engine_is_refused(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "a.backup"
    write_archive(file, home, "", at=AT)
    with pytest.raises(ArchiveError, match="DATABASE_URL"):
        restore_archive(file, home, "postgresql://nobody@127.0.0.1:1/none", at=AT)


@pytest.mark.postgres
@pytest.mark.django_db
def test_a_backup_of_postgresql_restores_what_it_held(tmp_path: Path) -> None:
    server_url = os.environ["DATABASE_URL"]
    home = Home(tmp_path / "data").ensure()
    home.secret("vault")
    url = server_url.rsplit("/", 1)[0] + f"/backup_{os.getpid()}"
    with psycopg.connect(server_url, autocommit=True) as server:
        server.execute(f"create database backup_{os.getpid()}")
    with psycopg.connect(url) as database:
        database.execute("create table pair (a int, b int)")
        database.execute("insert into pair values (0, 0)")
    write_archive(tmp_path / "a.backup", home, url, at=AT)
    with psycopg.connect(url) as database:
        database.execute("update pair set a = 7")

    restore_archive(tmp_path / "a.backup", Home(tmp_path / "other"), url, at=AT)

    with psycopg.connect(url) as database:
        assert database.execute("select a, b from pair").fetchall() == [(0, 0)]


def test_files_kept_with_customers_are_in_a_backup(home: Home, tmp_path: Path) -> None:
    kept = home.attachments / "ab" / "key"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"%PDF-1.7")
    write_archive(tmp_path / "a.backup", home, "", at=AT)
    other = Home(tmp_path / "other")
    restore_archive(tmp_path / "a.backup", other, "", at=AT)
    copy = other.attachments / "ab" / "key"
    assert copy.read_bytes() == b"%PDF-1.7"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert stat.S_IMODE(copy.parent.stat().st_mode) == 0o700


def test_what_waits_to_be_loaded_is_in_a_backup(home: Home, tmp_path: Path) -> None:
    home.spool.mkdir(mode=0o700)
    (home.spool / "a.segment").write_bytes(b"sealed")
    (home.spool / "loader.lock").write_bytes(b"")
    write_archive(tmp_path / "b.tar.gz", home, "", at=AT)
    other = Home(tmp_path / "other")
    restore_archive(tmp_path / "b.tar.gz", other, "", at=AT)
    assert [path.name for path in other.spool.iterdir()] == ["a.segment"]
    assert (other.spool / "a.segment").read_bytes() == b"sealed"
    assert other.spool.stat().st_mode & 0o077 == 0
