"""The loader: every message once, whatever happens between the spool and the log."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from django.db import OperationalError

from tenure.record.events.models import DeadLetter, Event
from tenure.record.events.queries import dead_letters
from tenure.record.sources.models import SpoolSegment
from tenure.record.sources.operations import Loader, MovedError, load_spool, taking
from tenure.record.sources.operations import loading as loading_module
from tenure.record.sources.queries import arrived_by_type, loaded_mark, source, spool_lag
from tenure.record.sources.spool import SpoolKeysError
from tenure.record.sources.spool.framing import segment_files
from tenure.record.sources.spool.reading import only_loader
from tests.record.shop import NOW, TESTER
from tests.record.sources.arriving import load, message, request, shop_source, spool_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def source_id() -> int:
    return shop_source()


def test_what_arrived_is_in_the_log_counted_and_its_file_gone(
    tmp_path: Path, source_id: int
) -> None:
    spool = spool_in(tmp_path)
    spool.append([request(source_id, range(10)), request(source_id, range(5, 15))])
    taken = load(tmp_path)
    assert (taken.accepted, taken.repeated, taken.refused) == (15, 5, 0)
    assert Event.objects.filter(source="web").count() == 15
    [row] = SpoolSegment.objects.all()
    assert (row.closed, row.offset) == (False, segment_files(tmp_path)[0].stat().st_size)
    spool.close()
    assert load(tmp_path).events == 0
    assert not segment_files(tmp_path)
    assert not SpoolSegment.objects.exists()
    [(type_, arrival)] = arrived_by_type(source_id, TESTER, since=NOW).items()
    assert (type_, arrival.accepted, arrival.repeated) == ("site.opened", 15, 5)
    known = source(source_id, TESTER)
    assert known is not None
    assert known.last_at is not None


def test_a_second_sending_much_later_adds_nothing(tmp_path: Path, source_id: int) -> None:
    for day in (0, 40):
        spool = spool_in(tmp_path)
        spool.append([request(source_id, range(10))])
        spool.close()
        load(tmp_path, NOW + timedelta(days=day))
    assert Event.objects.count() == 10


def test_what_is_no_event_becomes_a_dead_letter(tmp_path: Path, source_id: int) -> None:
    spool = spool_in(tmp_path)
    spool.append([request(source_id, [], items=[message(1), b"\xff{broken"]), b"no frame at all"])
    taken = load(tmp_path)
    assert (taken.accepted, taken.refused) == (1, 2)
    assert DeadLetter.objects.count() == 2
    bodies = "".join(letter.body or "" for letter in dead_letters(with_body=True))
    assert "broken" in bodies
    assert arrived_by_type(source_id, TESTER, since=NOW)[""].refused == 1


def test_a_torn_tail_is_cut_and_what_stands_before_it_loaded(
    tmp_path: Path, source_id: int
) -> None:
    spool = spool_in(tmp_path)
    spool.append([request(source_id, range(10))])
    [path] = segment_files(tmp_path)
    with path.open("ab") as file:
        file.write(os.urandom(300))
    assert load(tmp_path).accepted == 10
    assert segment_files(tmp_path) == [path]
    spool.close()
    load(tmp_path)
    assert not segment_files(tmp_path)


def test_a_message_that_breaks_the_loader_is_kept_and_holds_up_nothing(
    tmp_path: Path, source_id: int
) -> None:
    spool = spool_in(tmp_path)
    spool.append([request(source_id, range(5))])
    real = taking.translate

    def fragile(arrived, known, library):  # type: ignore[no-untyped-def]
        if any(b'"m-3"' in item for item in arrived.items):
            raise KeyError("a fault")
        return real(arrived, known, library)

    with patch.object(taking, "translate", fragile):
        taken = load(tmp_path)
    assert (taken.accepted, taken.refused) == (4, 1)
    [letter] = dead_letters(with_body=True)
    assert "m-3" in (letter.body or "")
    assert "KeyError" in letter.reasons[0].en
    assert load(tmp_path).events == 0


def test_a_database_that_fails_loses_and_doubles_nothing(tmp_path: Path, source_id: int) -> None:
    spool = spool_in(tmp_path)
    spool.append([request(source_id, range(10))])
    loader = Loader(tmp_path)
    failing = patch.object(taking, "keep_counts", side_effect=OperationalError("gone"))
    with failing, pytest.raises(OperationalError):
        loader.turn(at=NOW)
    assert not Event.objects.exists()
    assert not DeadLetter.objects.exists()
    assert loader.turn(at=NOW).accepted == 10
    loader.forget()


def test_a_loader_that_was_overtaken_records_nothing(tmp_path: Path, source_id: int) -> None:
    spool = spool_in(tmp_path)
    spool.append([request(source_id, range(10))])
    slow = Loader(tmp_path)
    slow._look()
    assert load(tmp_path).accepted == 10
    with pytest.raises(MovedError):
        slow.turn(at=NOW)
    assert slow.turn(at=NOW).events == 0
    slow.forget()
    with only_loader(tmp_path):
        assert load_spool(clock=lambda: NOW, directory=tmp_path) is None


def test_a_file_that_comes_back_after_a_power_cut_is_not_loaded_again(
    tmp_path: Path, source_id: int
) -> None:
    spool = spool_in(tmp_path)
    spool.append([request(source_id, range(10))])
    [path] = segment_files(tmp_path)
    content = path.read_bytes()
    spool.close()
    failing = patch.object(loading_module, "sync_directory", side_effect=OSError(5, "power"))
    with failing, pytest.raises(OSError, match="power"):
        load(tmp_path)
    path.write_bytes(content)
    assert load(tmp_path).events == 0
    assert not segment_files(tmp_path)


def test_a_long_backlog_is_loaded_in_batches_from_all_segments(
    tmp_path: Path, source_id: int
) -> None:
    spools = [spool_in(tmp_path, segment_bytes=20_000) for _ in range(2)]
    for first in range(0, 600, 20):
        spools[first // 20 % 2].append([request(source_id, range(first, first + 20))])
    before = spool_lag(at=NOW + timedelta(hours=1), directory=tmp_path)
    assert (before.frames, before.seconds) == (30, 3600)
    assert before.bytes == sum(path.stat().st_size for path in segment_files(tmp_path))
    mark = loaded_mark()
    with patch.object(loading_module, "MOST_EVENTS", 50):
        assert load(tmp_path).accepted == 600
    assert loaded_mark() != mark
    after = spool_lag(at=NOW, directory=tmp_path)
    assert (after.frames, after.bytes, after.oldest_at, after.loader) == (0, 0, None, "none")
    assert len(segment_files(tmp_path)) == 2


def test_segments_of_another_key_file_are_kept_and_named(tmp_path: Path, source_id: int) -> None:
    from tenure.record.sources.spool import Spool

    foreign = Spool(tmp_path, lambda: b"x" * 32, most_bytes=10**7, least_free_bytes=0)
    foreign.append([b"x"])
    foreign.close()
    with pytest.raises(SpoolKeysError):
        load(tmp_path)
    assert len(segment_files(tmp_path)) == 1


def test_a_clock_that_goes_back_changes_nothing(tmp_path: Path, source_id: int) -> None:
    spool = spool_in(tmp_path)
    spool.append([request(source_id, range(5), at=NOW)])
    spool.append([request(source_id, range(5, 10), at=NOW - timedelta(hours=3))])
    assert load(tmp_path, NOW - timedelta(hours=2)).accepted == 10
    assert spool_lag(at=NOW - timedelta(days=1), directory=tmp_path).seconds == 0
    spool.append([request(source_id, range(10, 12), at=NOW)])
    assert spool_lag(at=NOW - timedelta(days=1), directory=tmp_path).seconds == 0
    assert load(tmp_path, NOW - timedelta(days=1)).accepted == 2


def test_a_source_added_a_moment_ago_is_known(tmp_path: Path, source_id: int) -> None:
    from tenure.record.sources.operations import add_source
    from tenure.record.sources.queries import known_sources

    known_sources()
    with patch("tenure.record.sources.operations.keeping.forget_known"):  # another process
        new = add_source("app", name="App", kind="sdk", by=TESTER, at=NOW).source_id
    spool = spool_in(tmp_path)
    spool.append([request(new, range(3)), request(999, range(3))])
    load(tmp_path)
    assert Event.objects.filter(source="app").count() == 3
    assert Event.objects.filter(source="source-999").count() == 3
