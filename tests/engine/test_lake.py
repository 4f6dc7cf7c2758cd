"""The lake: parts, cursor, manifest, compaction, new fields, rebuilds, trouble."""

import errno
import threading
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tenure.definitions import Library
from tenure.engine import durable
from tenure.engine.durable import StorageBusyError, StorageFullError, sole_writer
from tenure.engine.lake import Lake, LakeError, Sizes
from tenure.engine.lake.conformity import incomplete_parts
from tenure.engine.schema import event_schema, promote
from tests.engine.crash_lake import SMALL, content
from tests.engine.rows import events, library

MORE = """
---
kind: event_type
key: page.viewed
name: {zh: 浏览, en: Page viewed}
fields:
  channel: {type: string}
  seconds: {type: integer}
"""


def incomplete(lake: Lake, known: Library) -> bool:
    return bool(incomplete_parts(lake.snapshot().manifest, known))


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "lake", sizes=SMALL)


def test_an_empty_lake(lake: Lake) -> None:
    assert lake.cursor == 0
    assert lake.parts() == []
    assert not incomplete(lake, library())


def test_what_was_appended_is_there(lake: Lake) -> None:
    assert lake.append([events(range(1, 31)), events(range(31, 41))], cursor=45) == 40
    assert lake.cursor == 45
    assert content(lake).equals(events(range(1, 41)))


def test_months_with_few_events_share_a_part(tmp_path: Path) -> None:
    lake = Lake(tmp_path, sizes=Sizes(month_rows=26))
    lake.append([events(range(1, 35))], cursor=34)
    months = {part.month: part.rows for part in lake.snapshot().manifest.parts}
    assert months == {"2024-02": 28, "2024-03": 6}, "a small month alone needs no sharing"
    lake.append([events(range(35, 110))], cursor=109)
    months = {part.month: part.rows for part in lake.snapshot().manifest.parts[2:]}
    assert months == {"2024-04": 30, "recent": 45}


def test_rows_of_a_part_are_sorted_for_pruning(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.append([events(range(1, 28))], cursor=27)
    (path,) = lake.parts()
    rows = pq.read_table(path).to_pylist()
    nobody = -1
    keys = [
        (r["type"], nobody if r["identifier_id"] is None else r["identifier_id"], r["occurred_us"])
        for r in rows
    ]
    assert keys == sorted(keys)


def test_only_parts_with_a_wanted_type(lake: Lake) -> None:
    lake.append([events(range(3, 30, 3))], cursor=29)
    lake.append([events(range(31, 58, 3))], cursor=57)
    assert len(lake.parts()) == len(lake.parts(["order.placed", "page.viewed"])) == 2
    assert len(lake.parts(["order.placed"])) == 1
    assert lake.parts(["no.such"]) == []


def test_a_repeated_batch_is_contained_once(lake: Lake) -> None:
    lake.append([events(range(1, 21))], cursor=20)
    assert lake.append([events(range(1, 21))], cursor=20) == 0
    assert lake.append([events(range(11, 26))], cursor=25) == 5
    assert content(lake)["event_id"].to_pylist() == list(range(1, 26))


def test_an_event_beyond_the_cursor_is_refused(lake: Lake) -> None:
    with pytest.raises(LakeError, match="beyond the batch's cursor"):
        lake.append([events([1, 9])], cursor=8)
    assert lake.cursor == 0
    assert list(lake.root.glob("events/*/*")) == []


@pytest.mark.parametrize(
    "wrong",
    [
        events([1]).drop_columns(["source"]),
        events([1]).append_column("odd", pa.array([1])),
        events([1]).append_column("f_odd", pa.array([{"a": 1}])),
    ],
)
def test_wrong_columns_are_refused(lake: Lake, wrong: pa.Table) -> None:
    with pytest.raises(LakeError, match="columns missing, foreign or of a wrong type"):
        lake.append([wrong], cursor=1)


def test_many_ticks_make_few_parts(lake: Lake) -> None:
    for last in range(3, 151, 3):
        lake.append([events(range(last - 2, last + 1), step_us=1)], cursor=last)
    assert len(lake.parts()) <= 16
    assert content(lake).equals(events(range(1, 151), step_us=1))


def test_compaction_leaves_a_part_a_month(lake: Lake) -> None:
    for last in range(10, 121, 10):
        lake.append([events(range(last - 9, last + 1))], cursor=last)
    before = content(lake)
    assert lake.compact() > 0
    parts = lake.snapshot().manifest.parts
    assert sorted(p.month for p in parts) == ["2024-02", "2024-03", "2024-04", "2024-05"]
    assert content(lake).equals(before)
    assert lake.compact() == 0


def test_big_parts_are_merged_no_more(tmp_path: Path) -> None:
    lake = Lake(tmp_path, sizes=Sizes(month_rows=1, big_rows=10))
    for last in range(12, 61, 12):
        lake.append([events(range(last - 11, last + 1), step_us=1)], cursor=last)
    assert lake.compact() == 0
    assert len(lake.parts()) == 5


def test_a_new_field_is_read_from_the_properties(lake: Lake) -> None:
    old, new = library(), library(MORE.replace("page.viewed", "call.made"))
    lake.append([promote(events(range(1, 21)), event_schema(old))], cursor=20)
    assert not incomplete(lake, new), "no call has been made yet"
    assert lake.conform(new) == 0
    assert "f_seconds" in lake.snapshot().schema.names
    assert lake.conform(new) == 0
    assert content(lake)["f_lines"].to_pylist() == list(range(1, 21))


def test_a_field_of_a_type_already_there_makes_parts_anew(lake: Lake) -> None:
    lake.append([events(range(1, 21))], cursor=20)
    assert incomplete(lake, library())
    assert lake.conform(library()) == 20
    assert not incomplete(lake, library())
    assert content(lake)["f_lines"].to_pylist() == list(range(1, 21))
    assert lake.cursor == 20


def test_parts_with_and_without_a_field_are_not_merged(lake: Lake) -> None:
    lake.append([events(range(1, 21))], cursor=20)
    lake.append([promote(events(range(21, 29)), event_schema(library()))], cursor=28)
    lake.compact()
    assert incomplete(lake, library())
    assert lake.conform(library()) == 20


def test_declared_columns_left_out_are_null_and_parts_still_merge(lake: Lake) -> None:
    lake.conform(library())
    full = promote(events(range(1, 21)), event_schema(library()))
    narrow = full.drop_columns(["f_gift", "f_due", "f_weight"])
    lake.append([narrow.slice(0, 10)], cursor=10)
    lake.append([full.slice(10)], cursor=20)
    lake.compact()
    assert [part.rows for part in lake.snapshot().manifest.parts] == [20]
    assert not incomplete(lake, library())
    assert content(lake).select(full.column_names).equals(full)


def test_a_field_of_another_type_is_refused_until_conformed(lake: Lake) -> None:
    lake.append([promote(events(range(1, 21)), event_schema(library()))], cursor=20)
    other = events([21]).append_column("f_lines", pa.array(["x"]))
    with pytest.raises(LakeError, match="changed its type from int64 to string"):
        lake.append([other], cursor=21)


def test_a_rebuild_is_a_shadow_until_it_takes_over(lake: Lake) -> None:
    lake.append([events(range(1, 21))], cursor=20)
    shadow = lake.rebuilding()
    shadow.append([events(range(1, 11))], cursor=10)
    lake.append([events([21])], cursor=21)
    assert lake.rebuilding().cursor == 10, "an interrupted rebuild goes on"
    shadow.append([events(range(11, 31))], cursor=30)
    assert lake.cursor == 21
    shadow.take_over()
    assert lake.cursor == 30
    assert content(lake).equals(events(range(1, 31)))
    with pytest.raises(LakeError, match="no rebuild of the lake"):
        shadow.append([events([31])], cursor=31)


def test_a_fresh_rebuild_forgets(lake: Lake) -> None:
    lake.rebuilding().append([events([1])], cursor=1)
    assert lake.rebuilding(fresh=True).cursor == 0


def test_files_of_a_reader_stay(lake: Lake) -> None:
    lake.append([events(range(1, 41))], cursor=40)
    with lake.reading() as snapshot:
        lake.compact()
        lake.append([events([41])], cursor=41)
        lake.append([events([42])], cursor=42)
        assert sum(pq.read_table(path).num_rows for path in snapshot.parts()) == 40
    lake.append([events([43])], cursor=43)
    assert {str(p) for p in lake.root.glob("events/*/*")} == {str(p) for p in lake.parts()}


def test_a_full_disk_loses_nothing(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    lake.append([events(range(1, 21))], cursor=20)

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    for step in ("pq.write_table", "os.fsync"):
        with monkeypatch.context() as patch:
            patch.setattr(f"tenure.engine.durable.{step}", full)
            with pytest.raises(StorageFullError, match="What was stored is untouched"):
                lake.append([events(range(21, 41))], cursor=40)
        assert lake.cursor == 20
    assert lake.append([events(range(21, 41))], cursor=40) == 20
    assert content(lake).equals(events(range(1, 41)))


def test_another_trouble_of_the_disk_is_not_called_full(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(durable.os, "fsync", broken)
    with pytest.raises(OSError, match="Input/output"), durable.room_needed(Path("x")):
        durable.os.fsync(0)


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    lake = Lake(tmp_path, lock_seconds=0.1)
    with sole_writer(tmp_path / "writer.lock"), pytest.raises(StorageBusyError, match="is writing"):
        lake.append([events([1])], cursor=1)
    assert lake.append([events([1])], cursor=1) == 1


def test_writers_wait_for_one_another(tmp_path: Path) -> None:
    def write(last: int) -> None:
        Lake(tmp_path, sizes=SMALL).append([events(range(1, last + 1))], cursor=last)

    threads = [threading.Thread(target=write, args=(last,)) for last in (10, 20, 30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert content(Lake(tmp_path)).equals(events(range(1, 31)))


def test_a_damaged_manifest_says_what_to_do(lake: Lake) -> None:
    lake.append([events([1])], cursor=1)
    (lake.root / "manifest.json").write_text("{")
    with pytest.raises(LakeError, match="tenure rebuild"):
        _ = lake.cursor
