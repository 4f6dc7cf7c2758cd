"""Lookups beside large parts: what a scan finds, without scanning."""

import errno
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenure.engine.lake import Lake, Sizes, look_up, lookup
from tests.engine.rows import events, library

COLUMNS = ["event_id", "identifier_id", "type", "occurred_us", "amount_e4", "batch_id", "f_channel"]


@pytest.fixture(autouse=True)
def _parts_are_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookup, "LARGE", 8)


def lake_of(root: Path, *appends: int) -> Lake:
    """A lake of some appends of so many events."""
    lake, done = Lake(root, sizes=Sizes(month_rows=5, recent_parts=3)), 0
    lake.conform(library())
    for count in appends:
        lake.append([events(range(done + 1, done + count + 1))], cursor=done + count)
        done += count
    return lake


def found(lake: Lake, wanted: list[int]) -> tuple[pa.Table, list[Path]]:
    with lake.reading() as snapshot:
        return look_up(snapshot, pa.array(wanted, pa.int64()), COLUMNS)


def scanned(paths: list[Path], wanted: list[int]) -> list[dict[str, object]]:
    rows = [row for path in paths for row in pq.read_table(path, partitioning=None).to_pylist()]
    return [
        {name: row.get(name) for name in COLUMNS} for row in rows if row["identifier_id"] in wanted
    ]


def in_order(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    return sorted(rows, key=lambda row: int(str(row["event_id"])))


@given(
    appends=st.lists(st.integers(1, 40), max_size=6),
    wanted=st.sets(st.integers(-1, 6)).map(sorted),
)
@settings(max_examples=40, deadline=None)
def test_looking_up_is_scanning(appends: list[int], wanted: list[int]) -> None:
    with TemporaryDirectory() as root:
        lake = lake_of(Path(root), *appends)
        everything = in_order(scanned(lake.parts(), wanted))
        for _ in ("made", "mapped"):
            rows, rest = found(lake, wanted)
            assert in_order(rows.to_pylist() + scanned(rest, wanted)) == everything
            assert rows.schema.types == [lake.snapshot().schema.field(n).type for n in COLUMNS]


def test_large_parts_are_not_scanned_and_small_ones_are(tmp_path: Path) -> None:
    lake = lake_of(tmp_path, 29, 3)
    _, rest = found(lake, [1])
    large = {tmp_path / part.path for part in lake.snapshot().manifest.parts if part.rows >= 8}
    assert len(large) == 1
    assert set(rest) == set(lake.parts()) - large


def test_a_half_written_lookup_is_made_again(tmp_path: Path) -> None:
    lake = lake_of(tmp_path, 29)
    before, _ = found(lake, [1, 2])
    (path,) = (tmp_path / "lookup").iterdir()
    whole = path.read_bytes()
    for torn in (b"", whole[:-40]):
        path.write_bytes(torn)
        assert found(lake, [1, 2])[0].equals(before)
        assert path.read_bytes() == whole


def test_lookups_of_parts_that_are_gone_are_removed(tmp_path: Path) -> None:
    lake = lake_of(tmp_path, 29, 29)
    found(lake, [1])
    first = set((tmp_path / "lookup").iterdir())
    lake.compact()
    found(lake, [1])
    assert first - set((tmp_path / "lookup").iterdir())
    assert len(list((tmp_path / "lookup").iterdir())) == sum(
        part.rows >= 8 for part in lake.snapshot().manifest.parts
    )


def test_without_room_the_part_is_scanned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lake = lake_of(tmp_path, 29)

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "no space left on device")

    monkeypatch.setattr(lookup.os, "fsync", full)
    rows, rest = found(lake, [1])
    assert not len(rows)
    assert set(rest) == set(lake.parts())
    assert not list((tmp_path / "lookup").iterdir())
