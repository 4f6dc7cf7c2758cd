"""The stored history: replaced whole, replaced by customer, merged, compacted."""

import errno
from pathlib import Path

import pyarrow as pa
import pytest

from tenure.engine.backends import sql_of
from tenure.engine.backends.duckdb import DuckDBRunner
from tenure.engine.durable import StorageFullError
from tenure.engine.history_store import HistoryError, HistoryStore
from tests.engine.crash_history import LIFECYCLE, shown
from tests.engine.rows import intervals


@pytest.fixture
def store(tmp_path: Path) -> HistoryStore:
    store = HistoryStore(tmp_path)
    rows = [(c, "new", c, None) for c in range(10)]
    store.replace_all(LIFECYCLE, intervals(rows), meta={"cursor": 7, "version": "a"})
    return store


def ids(*customers: int) -> pa.Array:
    return pa.array(customers, pa.int64())


def test_a_history_never_built_is_empty(tmp_path: Path) -> None:
    store = HistoryStore(tmp_path)
    assert shown(store) == []
    assert store.meta(LIFECYCLE) == {}
    assert store.lifecycles() == []


def test_what_was_built(store: HistoryStore) -> None:
    assert shown(store) == [(c, "new", c, None) for c in range(10)]
    assert store.meta(LIFECYCLE) == {"cursor": 7, "version": "a"}
    assert store.lifecycles() == [LIFECYCLE]


def test_customers_replaced_again_and_again(store: HistoryStore) -> None:
    for turn in range(20):
        rows = intervals([(turn % 3, f"t{turn}", 1, None)])
        store.replace_customers(LIFECYCLE, ids(turn % 3), rows, meta={"cursor": turn})
    assert shown(store)[:4] == [
        (0, "t18", 1, None),
        (1, "t19", 1, None),
        (2, "t17", 1, None),
        (3, "new", 3, None),
    ]
    assert store.meta(LIFECYCLE) == {"cursor": 19}
    assert len(store.read(LIFECYCLE).inputs["history_shop_deltas"]) <= 5


def test_a_merged_customer_has_no_history(store: HistoryStore) -> None:
    store.replace_customers(LIFECYCLE, ids(3, 4), intervals([(3, "x", 0, None)]), meta={})
    assert [row[0] for row in shown(store)] == [0, 1, 2, 3, 5, 6, 7, 8, 9]


def test_compaction_changes_no_row(store: HistoryStore) -> None:
    store.replace_customers(LIFECYCLE, ids(3, 4), intervals([(3, "x", 0, 5)]), meta={"cursor": 8})
    before = shown(store)
    assert store.compact(LIFECYCLE) == 9
    assert list(store.read(LIFECYCLE).inputs) == ["history_shop_base"]
    assert (shown(store), store.meta(LIFECYCLE)) == (before, {"cursor": 8})
    assert store.compact(LIFECYCLE) == 9


def test_many_deltas_join_the_base(store: HistoryStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tenure.engine.history_store.store._WORTH_COMPACTING", 4)
    for customer in range(6):
        rows = intervals([(customer, "z", 0, None)])
        store.replace_customers(LIFECYCLE, ids(customer), rows, meta={})
    assert len(store.read(LIFECYCLE).inputs.get("history_shop_deltas", [])) <= 1
    assert [row[1] for row in shown(store)] == ["z"] * 6 + ["new"] * 4


def test_a_file_of_a_runner_is_taken_in(store: HistoryStore, tmp_path: Path) -> None:
    path = tmp_path / "made.parquet"
    reading = store.read(LIFECYCLE)
    expression = reading.intervals.filter(reading.intervals.customer_id < 4)
    assert DuckDBRunner().write(expression, reading.inputs, path) == 4
    assert store.replace_all(LIFECYCLE, path, meta={"cursor": 9}) == 4
    assert [row[0] for row in shown(store)] == [0, 1, 2, 3]
    assert not path.exists()


def test_rows_of_other_customers_are_refused(store: HistoryStore) -> None:
    with pytest.raises(HistoryError, match="not to be replaced"):
        store.replace_customers(LIFECYCLE, ids(1), intervals([(2, "x", 0, None)]), meta={})
    with pytest.raises(HistoryError, match="lacks columns: stage"):
        store.replace_all(LIFECYCLE, intervals([]).drop_columns(["stage"]), meta={})
    assert len(shown(store)) == 10


def test_files_of_a_reader_stay(store: HistoryStore) -> None:
    with store.reading(LIFECYCLE) as reading:
        for _ in range(3):
            store.replace_all(LIFECYCLE, intervals([]), meta={})
        assert DuckDBRunner().run(reading.intervals, reading.inputs).num_rows == 10


def test_a_dropped_lifecycle_is_empty(store: HistoryStore) -> None:
    store.drop(LIFECYCLE)
    assert shown(store) == []
    assert store.lifecycles() == []


def test_a_full_disk_keeps_the_old_history(
    store: HistoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("tenure.engine.durable.pq.write_table", full)
        with pytest.raises(StorageFullError):
            store.replace_all(LIFECYCLE, intervals([]), meta={})
    assert len(shown(store)) == 10


def test_a_damaged_manifest_says_what_to_do(store: HistoryStore) -> None:
    (store.root / LIFECYCLE / "manifest.json").write_text("[]")
    with pytest.raises(HistoryError, match="tenure rebuild"):
        store.read(LIFECYCLE)


def test_the_rule_compiles_for_spark(store: HistoryStore) -> None:
    store.replace_customers(LIFECYCLE, ids(3), intervals([(3, "x", 0, 5)]), meta={})
    assert "ANTI JOIN" in sql_of(store.read(LIFECYCLE).intervals, "pyspark").upper()
