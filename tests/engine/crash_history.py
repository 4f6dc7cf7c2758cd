"""A history is built, changed and compacted; after a crash it is that of a step, whole."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from tenure.engine.backends import sql_of
from tenure.engine.backends.duckdb import DuckDBRunner
from tenure.engine.history_store import HistoryStore
from tenure.engine.history_store.deltas import live_intervals
from tests.engine.rows import intervals

# compiled once before the forks: the first compilation imports half of Ibis
sql_of(live_intervals("shop", deltas=True), "duckdb")

Row = tuple[int, str, int, int | None]
LIFECYCLE = "shop"


def written(step: int, customer: int) -> list[Row]:
    """The history that ``step`` writes for ``customer``; none for a merged one."""
    if (step + customer) % 5 == 0:
        return []
    return [(customer, f"s{step}", customer, step + 50), (customer, "open", step + 50, None)]


def replaced(step: int) -> list[int]:
    """The customers that ``step`` replaces; step 0 builds all."""
    return list(range(12)) if step == 0 else [step % 4, step % 7, step % 3 + 8]


def expected(step: int) -> list[Row]:
    """All rows after ``step``."""
    latest = {c: s for s in range(step + 1) for c in replaced(s)}
    return sorted(row for customer, s in latest.items() for row in written(s, customer))


def shown(store: HistoryStore) -> list[Row]:
    snapshot = store.read(LIFECYCLE)
    table = DuckDBRunner(threads=1).run(snapshot.intervals, snapshot.inputs)
    columns = table.select(["customer_id", "stage", "entered_us", "left_us"]).to_pydict()
    return sorted(zip(*columns.values(), strict=True), key=lambda row: row[:3])


def work(root: Path) -> None:
    store = HistoryStore(root)
    rows = [row for customer in replaced(0) for row in written(0, customer)]
    store.replace_all(LIFECYCLE, intervals(rows), meta={"step": 0})
    for step in range(1, 7):
        changed = pa.array(replaced(step), pa.int64())
        rows = [row for customer in sorted(set(replaced(step))) for row in written(step, customer)]
        store.replace_customers(LIFECYCLE, changed, intervals(rows), meta={"step": step})
        if step == 4:
            store.compact(LIFECYCLE)


def check(root: Path) -> None:
    store = HistoryStore(root)
    step = store.meta(LIFECYCLE).get("step")
    assert shown(store) == (expected(int(step)) if step is not None else [])
    work(root)
    assert shown(store) == expected(6)
    store.compact(LIFECYCLE)
    store.replace_all(LIFECYCLE, intervals([]), meta={})
    store.replace_all(LIFECYCLE, intervals([]), meta={})
    assert len(list(root.glob("*/*.parquet*"))) == 2  # the one replaced goes with the next write
