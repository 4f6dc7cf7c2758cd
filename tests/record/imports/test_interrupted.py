from __future__ import annotations

import errno
import fcntl
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tenure.actor import SYSTEM
from tenure.clock import to_microseconds
from tenure.record.events.operations import BatchUndoneError
from tenure.record.imports.operations import (
    CannotImportError,
    ImportStoppedError,
    resume_import,
    undo_import,
)
from tenure.record.imports.operations import importing as module
from tenure.record.imports.operations.running import batches
from tenure.record.imports.operations.running.locking import is_running, only_one
from tenure.record.imports.operations.running.report import RefusedRows
from tenure.record.imports.queries import (
    import_summary,
    imports,
    latest_unfinished,
    unfinished_import_of,
)

from .files import AT, ORDERS_MAP, events, load, put

ROOT = Path(__file__).parents[3]
ROWS = 3000


def _orders(rows: int = ROWS) -> str:
    """Orders of which every 50th is refused and every 100th comes twice."""
    lines = ["order,customer,date,amount"]
    for n in range(rows):
        amount = "much" if n % 50 == 7 else f"{n % 90}.50"
        lines += [f"A{n},K{n % 97},2024-05-{n % 28 + 1:02d},{amount}"] * (2 if n % 100 == 3 else 1)
    return "\n".join(lines) + "\n"


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "BATCH_EVENTS", 200)


class _StopError(Exception):
    pass


@pytest.mark.usefixtures("library", "small_batches")
def test_a_stopped_import_goes_on_from_its_checkpoint(tmp_path: Path) -> None:
    """Stopped again and again at random batches, it ends as one that was never stopped."""
    path = put(tmp_path, _orders())
    draw = random.Random(3)

    def stop(share: float, tally: object) -> None:
        if draw.random() < 0.2:
            raise _StopError

    with pytest.raises(_StopError):
        load(path, watch=stop)
    stops = 1
    while (number := latest_unfinished()) is not None:
        assert unfinished_import_of(path, ORDERS_MAP) == number
        try:
            outcome = resume_import(number, by=SYSTEM, at=AT, language="en", watch=stop)
        except _StopError:
            stops += 1
    assert stops > 2
    assert outcome.tally.accepted == len(events()) == ROWS + 30 - 60
    assert outcome.tally.repeated == 0
    assert (outcome.tally.rows, outcome.tally.refused) == (ROWS + 30, 60)
    assert outcome.tally.duplicates == 30
    assert outcome.report is not None
    assert len(outcome.report.read_text("utf-8-sig").splitlines()) == 61
    assert imports()[0].status == "finished"
    with pytest.raises(module.CannotImportError, match="nothing to go on with"):
        resume_import(imports()[0].id, by=SYSTEM, at=AT, language="en")


@pytest.mark.usefixtures("library", "small_batches")
def test_undone_while_it_runs_it_stays_undone_and_the_file_may_come_again(tmp_path: Path) -> None:
    path = put(tmp_path, _orders())

    def undo(share: float, tally: object) -> None:
        undo_import(imports()[0].id, reason="wrong file", by=SYSTEM, at=AT)

    with pytest.raises(BatchUndoneError):
        load(path, watch=undo)
    assert imports()[0].status == "undone"
    assert unfinished_import_of(path, ORDERS_MAP) is None
    assert load(path).tally.accepted == ROWS + 30 - 60


@pytest.mark.usefixtures("library", "small_batches")
def test_another_process_went_on_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What one read of the checkpoint before it held the import is not believed afterwards."""
    path = put(tmp_path, _orders())

    def stop(share: float, tally: object) -> None:
        raise _StopError

    with pytest.raises(_StopError):
        load(path, watch=stop)
    digest = module.file_digest

    def slow(path: Path) -> str:
        monkeypatch.setattr(module, "file_digest", digest)
        resume_import(imports()[0].id, by=SYSTEM, at=AT, language="en")
        return digest(path)

    monkeypatch.setattr(module, "file_digest", slow)
    with pytest.raises(module.CannotImportError, match="nothing to go on with"):
        resume_import(imports()[0].id, by=SYSTEM, at=AT, language="en")
    assert imports()[0].status == "finished"
    assert imports()[0].tally.repeated == 0


@pytest.mark.usefixtures("library", "small_batches")
def test_a_file_that_changed_is_not_gone_on_with(tmp_path: Path) -> None:
    path = put(tmp_path, _orders())

    def stop(share: float, tally: object) -> None:
        raise _StopError

    with pytest.raises(_StopError):
        load(path, watch=stop)
    path.write_text(_orders(10))
    with pytest.raises(module.CannotImportError, match="has changed since"):
        resume_import(imports()[0].id, by=SYSTEM, at=AT, language="en")


@pytest.mark.usefixtures("library", "small_batches")
def test_a_full_disk_under_the_report_says_so_and_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(tmp_path, _orders())
    flushes = 0
    flush = RefusedRows.flush

    def full(self: RefusedRows) -> None:
        nonlocal flushes
        flushes += 1
        if flushes == 5:
            raise OSError(errno.ENOSPC, "No space left on device")
        flush(self)

    monkeypatch.setattr(RefusedRows, "flush", full)
    with pytest.raises(ImportStoppedError, match="tenure import --resume"):
        load(path)
    assert imports()[0].status == "stopped"
    assert 0 < len(events()) < ROWS
    outcome = resume_import(imports()[0].id, by=SYSTEM, at=AT, language="en")
    assert outcome.tally.accepted == len(events()) == ROWS + 30 - 60
    assert outcome.tally.repeated == 0


@pytest.mark.usefixtures("library", "small_batches")
def test_each_batch_is_known_from_when_it_was_recorded(tmp_path: Path) -> None:
    hours = iter(AT + timedelta(hours=n) for n in range(1_000))
    outcome = load(put(tmp_path, _orders(500)), clock=lambda: next(hours))
    known = list(dict.fromkeys(event.recorded_us for event in events()))
    assert known == sorted(known)
    assert known[:2] == [to_microseconds(AT), to_microseconds(AT + timedelta(hours=1))]
    summary = import_summary(outcome.import_id or 0)
    assert summary is not None
    assert summary.finished_at is not None
    assert to_microseconds(summary.finished_at) > known[-1]


@pytest.mark.usefixtures("library", "small_batches")
@pytest.mark.parametrize("left", [None, 100])
def test_a_report_that_is_gone_is_begun_anew(tmp_path: Path, home: Path, left: int | None) -> None:
    """A restore leaves reports out, and people edit them."""
    path = put(tmp_path, _orders())
    calls = iter(range(100))

    def stop(share: float, tally: object) -> None:
        if next(calls) == 5:
            raise _StopError

    with pytest.raises(_StopError):
        load(path, watch=stop)
    old = imports()[0].report
    assert old is not None
    if left is None:
        shutil.rmtree(home / "reports")
    else:
        os.truncate(old, left)
    outcome = resume_import(imports()[0].id, by=SYSTEM, at=AT, language="en")
    assert outcome.report is not None
    assert outcome.report == imports()[0].report
    lines = outcome.report.read_text("utf-8-sig").splitlines()
    assert lines[0].startswith("order,customer,date,amount,line")
    assert 1 < len(lines) < 61
    assert "\0" not in "".join(lines)
    assert "starts anew" in " ".join(note.en for note in outcome.notes)
    if left is not None:
        assert old.stat().st_size == left


def test_looking_whether_an_import_runs_keeps_nobody_from_running_it(tmp_path: Path) -> None:
    assert not is_running(tmp_path, 1)
    with only_one(tmp_path, 1):
        assert is_running(tmp_path, 1)
        with pytest.raises(CannotImportError, match="another process"), only_one(tmp_path, 1):
            pass
    assert not is_running(tmp_path, 1)
    with (tmp_path / ".import-1.lock").open() as looked:
        fcntl.flock(looked, fcntl.LOCK_SH)
        assert not is_running(tmp_path, 1)
        timer = threading.Timer(0.05, fcntl.flock, (looked, fcntl.LOCK_UN))
        timer.start()
        with only_one(tmp_path, 1):
            timer.join()


def test_a_lock_that_was_let_go_of_lets_in_one(tmp_path: Path) -> None:
    """One that opened the lock's file while another held it must exclude a third."""
    with only_one(tmp_path, 1):
        waiting = (tmp_path / ".import-1.lock").open()
    with waiting:
        fcntl.flock(waiting, fcntl.LOCK_EX | fcntl.LOCK_NB)
        with pytest.raises(CannotImportError), only_one(tmp_path, 1):
            pass


if connection.vendor == "sqlite":  # whose size can be limited for a test

    @pytest.mark.django_db(transaction=True)
    @pytest.mark.usefixtures("small_batches")
    def test_a_full_disk_under_the_database_says_so_and_loses_nothing(
        tmp_path: Path, request: pytest.FixtureRequest
    ) -> None:
        request.getfixturevalue("library")
        path = put(tmp_path, _orders())
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA page_count")
            pages = cursor.fetchone()[0]
            cursor.execute(f"PRAGMA max_page_count = {pages + 20}")
            try:
                with pytest.raises(ImportStoppedError, match="The disk is full"):
                    load(path)
            finally:
                cursor.execute("PRAGMA max_page_count = 1073741823")
        number = latest_unfinished()
        assert number is not None
        outcome = resume_import(number, by=SYSTEM, at=AT, language="en")
        assert outcome.tally.accepted == len(events()) == ROWS + 30 - 60


def _start(arguments: list[str], home: Path, **more: Any) -> subprocess.Popen[str]:
    environment = {
        **os.environ,
        "TENURE_HOME": str(home),
        "PYTHONPATH": str(ROOT / "src"),
        "TENURE_LANGUAGE": "en",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "tenure.cli", *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **more,
    )


@pytest.mark.slow
def test_an_import_killed_at_random_moments_loses_and_doubles_nothing(tmp_path: Path) -> None:
    import json

    home = tmp_path / "home"
    rows = 60_000
    path = put(tmp_path, _orders(rows))
    rules = put(tmp_path, ORDERS_MAP, "map.yaml")
    _start(["imports", "list"], home).communicate()  # migrations are not what is tested
    draw = random.Random(5)
    arguments = ["import", str(path), "--map", str(rules), "--json"]
    kills = 0
    for _ in range(4):
        process = _start(arguments, home)
        time.sleep(draw.uniform(0.8, 2.2))
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            kills += 1
        process.communicate()
    output, errors = _start(arguments, home).communicate()
    assert output, errors
    listed = json.loads(_start(["imports", "list", "--json"], home).communicate()[0])
    assert kills
    # However often it was killed, one import has it all, or a later one finds it all there.
    first = listed[-1]
    assert first["status"] == "finished"
    assert first["tally"]["accepted"] == rows + rows // 100 - rows // 50
    assert first["tally"]["refused"] == rows // 50
    for later in listed[:-1]:
        assert (later["tally"]["accepted"], later["status"]) == (0, "finished")
    report = Path(first["report"]).read_text("utf-8-sig")
    assert len(report.splitlines()) == rows // 50 + 1
