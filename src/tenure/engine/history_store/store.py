"""The door of the stored history: replace all, replace some customers, read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tenure.engine.backends import Source
from tenure.engine.backends.duckdb import DuckDBRunner
from tenure.engine.durable import (
    adopt_file,
    reader_present,
    remove_all_but,
    sole_writer,
    sync_directory,
)
from tenure.engine.history_store.deltas import (
    DELTA_ROWS,
    REPLACED,
    live_intervals,
    merged,
    read_delta,
    stamped,
)
from tenure.engine.history_store.manifest import Delta, HistoryError, Manifest, Meta, load, save
from tenure.engine.history_store.snapshot import HistorySnapshot
from tenure.engine.history_store.tables import check_names, checked, write_rows
from tenure.engine.schema import INTERVALS
from tenure.words import Words

_WORTH_COMPACTING = 100_000
_DELTA_SHARE = 0.25


class HistoryStore:
    """Stage intervals of all lifecycles below one directory.

    Like a log-structured merge tree: the base is big and sorted by customer, a delta replaces
    the whole history of the customers it names. Deltas of like size are merged as they come,
    so there are only a few, and they join the base when they are a quarter of it.

    Args:
        root: the directory, made if absent.
        lock_seconds: how long a writer waits for another.
    """

    def __init__(self, root: Path, *, lock_seconds: float = 60.0) -> None:
        self.root = root
        self._lock_seconds = lock_seconds

    # -- reading ---------------------------------------------------------------------------

    def lifecycles(self) -> list[str]:
        """Keys of the lifecycles with a stored history."""
        manifests = self.root.glob("*/manifest.json")
        return sorted(path.parent.name for path in manifests if load(path).base_path)

    def meta(self, lifecycle: str) -> Meta:
        """What the last writer stored beside the history; empty before the first."""
        return load(self._manifest_path(lifecycle)).meta

    def read(self, lifecycle: str) -> HistorySnapshot:
        """The history now. Its files stay until the write after the one that replaces them.

        A lifecycle never built reads as an empty history.
        """
        manifest, folder = load(self._manifest_path(lifecycle)), self.root / lifecycle
        base = [folder / manifest.base_path] if manifest.base_path else INTERVALS.empty_table()
        inputs: dict[str, Source] = {f"history_{lifecycle}_base": base}
        if manifest.deltas:
            rows, replaced = f"history_{lifecycle}_deltas", f"history_{lifecycle}_replaced"
            inputs[rows] = [folder / delta.rows_path for delta in manifest.deltas]
            inputs[replaced] = [folder / delta.customers_path for delta in manifest.deltas]
        stored = manifest.base_rows + sum(delta.rows for delta in manifest.deltas)
        intervals = live_intervals(lifecycle, deltas=bool(manifest.deltas))
        return HistorySnapshot(intervals, inputs, manifest.meta, stored)

    @contextmanager
    def reading(self, lifecycle: str) -> Iterator[HistorySnapshot]:
        """The history now, none of whose files is removed inside the ``with`` block."""
        (self.root / lifecycle).mkdir(parents=True, exist_ok=True)
        with reader_present(self.root / lifecycle / "readers.lock"):
            yield self.read(lifecycle)

    # -- writing ---------------------------------------------------------------------------

    def replace_all(self, lifecycle: str, source: pa.Table | Path, *, meta: Meta) -> int:
        """Make ``source`` the whole history of ``lifecycle``.

        Args:
            lifecycle: key.
            source: intervals, or a Parquet file of them (``Runner.write``), which is moved into
                the store; either should be sorted by customer for quick single reads.
            meta: stored beside it.

        Returns:
            How many intervals there are.

        Raises:
            HistoryError: a column of ``INTERVALS`` is missing.
            StorageFullError: no room; the old history stays.
        """
        with self._writing(lifecycle) as manifest:
            return self._put_base(lifecycle, manifest, source, meta)

    def replace_customers(
        self,
        lifecycle: str,
        customers: pa.Array[pa.Int64Scalar],
        intervals: pa.Table,
        *,
        meta: Meta,
    ) -> None:
        """Replace the whole history of ``customers`` by their rows in ``intervals``.

        Args:
            lifecycle: key.
            customers: every customer replaced; one without a row in ``intervals`` (merged into
                another) has no history afterwards.
            intervals: the new rows; only of customers named.
            meta: stored beside the history, replacing what was there.

        Raises:
            HistoryError: wrong columns, or a row of a customer not named.
            StorageFullError: no room; the old history stays.
        """
        with self._writing(lifecycle) as manifest:
            named = pa.array(np.unique(customers.to_numpy(zero_copy_only=False)), pa.int64())
            rows = checked(intervals)
            if not pc.all(pc.is_in(rows.column("customer_id"), value_set=named)).as_py() and len(
                rows
            ):
                raise HistoryError(
                    Words(
                        zh="新的阶段历史含有未声明要替换的客户，已拒绝。",
                        en="the new history has rows of customers that were not to be replaced.",
                    )
                )
            self._put_delta(lifecycle, manifest, (rows, named), meta)

    def compact(self, lifecycle: str) -> int:
        """Write base and deltas as one sorted base; how many intervals it has."""
        with self._writing(lifecycle) as manifest:
            return self._compact(lifecycle, manifest)

    def drop(self, lifecycle: str) -> None:
        """Forget the history of a lifecycle that is no more."""
        with self._writing(lifecycle) as manifest:
            save(
                self._manifest_path(lifecycle),
                Manifest(generation=manifest.generation),
            )

    # -- inside the lock -------------------------------------------------------------------

    def _manifest_path(self, lifecycle: str) -> Path:
        return self.root / lifecycle / "manifest.json"

    @contextmanager
    def _writing(self, lifecycle: str) -> Iterator[Manifest]:
        """The manifest under the writer's lock, leftovers of crashes removed."""
        folder = self.root / lifecycle
        folder.mkdir(parents=True, exist_ok=True)
        with sole_writer(folder / "writer.lock", wait_seconds=self._lock_seconds):
            self._sweep(folder)
            try:
                yield load(self._manifest_path(lifecycle))
            except BaseException:
                self._sweep(folder)
                raise

    def _sweep(self, folder: Path) -> None:
        live = {folder / name for name in load(folder / "manifest.json").files()}
        remove_all_but(live, folder.glob("*.parquet*"), readers=folder / "readers.lock")

    def _put_base(
        self, lifecycle: str, manifest: Manifest, source: pa.Table | Path, meta: Meta
    ) -> int:
        generation, folder = manifest.generation + 1, self.root / lifecycle
        name = f"base-{generation:08d}.parquet"
        if isinstance(source, Path):
            check_names(pq.read_schema(source).names)
            rows = pq.read_metadata(source).num_rows
            adopt_file(source, folder / name)
        else:
            table = checked(source)
            rows = len(table)
            write_rows(folder / name, table)
        sync_directory(folder)
        save(self._manifest_path(lifecycle), Manifest(generation, name, rows, (), meta))
        return rows

    def _put_delta(
        self,
        lifecycle: str,
        manifest: Manifest,
        delta: tuple[pa.Table, pa.Array[pa.Int64Scalar]],
        meta: Meta,
    ) -> None:
        """Write ``delta`` merged with the last ones that are not bigger, and switch."""
        generation, folder = manifest.generation + 1, self.root / lifecycle
        deltas = list(manifest.deltas)
        while deltas and deltas[-1].customers <= len(delta[1]):
            last = deltas.pop()
            older = read_delta(str(folder / last.rows_path), str(folder / last.customers_path))
            delta = merged(older, delta)
        rows, customers = delta[0].sort_by("customer_id"), pa.table({"customer_id": delta[1]})
        written = Delta(
            generation,
            f"rows-{generation:08d}.parquet",
            f"customers-{generation:08d}.parquet",
            len(rows),
            len(customers),
        )
        put = (
            (written.rows_path, stamped(rows, generation, DELTA_ROWS)),
            (written.customers_path, stamped(customers, generation, REPLACED)),
        )
        for name, table in put:
            write_rows(folder / name, table)
        sync_directory(folder)
        changed = msgspec.structs.replace(
            manifest, generation=generation, deltas=(*deltas, written), meta=meta
        )
        save(self._manifest_path(lifecycle), changed)
        waiting = sum(d.rows for d in changed.deltas)
        if waiting > max(_WORTH_COMPACTING, _DELTA_SHARE * changed.base_rows):
            self._compact(lifecycle, changed)

    def _compact(self, lifecycle: str, manifest: Manifest) -> int:
        if not manifest.deltas:
            return manifest.base_rows
        snapshot, folder = self.read(lifecycle), self.root / lifecycle
        expression = snapshot.intervals.order_by("customer_id", "entered_us")
        aside = folder / f"compacting-{manifest.generation:08d}.parquet.new"
        DuckDBRunner(temp_directory=folder / "spill").write(expression, snapshot.inputs, aside)
        return self._put_base(lifecycle, manifest, aside, manifest.meta)
