"""Writing and reading the Parquet files of the lake."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from tenure.engine.durable import write_parquet
from tenure.engine.lake.manifest import MIXED, Columns, LakeError, Part
from tenure.engine.schema import COLUMN_TYPES, EVENT_BASE, PROMOTED
from tenure.words import Words

Rows = npt.NDArray[np.int64]

ROW_GROUP = 131_072
_PLAIN = {"event_id", "properties"}
_REPEATED = ("identifier_id", "local_date", "batch_id")
_KINDS = {str(kind): kind for kind in COLUMN_TYPES.values()}


def checked(batch: pa.Table | pa.RecordBatch) -> pa.Table:
    """``batch`` with the base columns in their types and order, then promoted columns by name.

    Raises:
        LakeError: a column is missing, foreign or of a type the lake does not hold.
    """
    table = pa.Table.from_batches([batch]) if isinstance(batch, pa.RecordBatch) else batch
    promoted = sorted(set(table.column_names) - set(EVENT_BASE.names))
    missing = sorted(set(EVENT_BASE.names) - set(table.column_names))
    foreign = [name for name in promoted if not name.startswith(PROMOTED)]
    if missing or foreign:
        raise _wrong_columns(missing or foreign)
    kinds = {name: table.schema.field(name).type for name in promoted}
    if odd := [name for name, kind in kinds.items() if str(kind) not in _KINDS]:
        raise _wrong_columns(odd)
    schema = pa.schema([*EVENT_BASE, *kinds.items()])
    return table.select(schema.names).cast(schema).replace_schema_metadata(None)


def _wrong_columns(names: list[str]) -> LakeError:
    listed = ", ".join(names)
    return LakeError(
        Words(
            zh=f"写入数据湖的列缺失、多余或类型不符：{listed}。"
            "请用 engine.schema 的列定义重新导出。",
            en=f"columns missing, foreign or of a wrong type for the lake: {listed}. "
            "Export again with the columns of engine.schema.",
        )
    )


def pieces_by_month(table: pa.Table, *, at_least: int) -> list[tuple[str, Rows]]:
    """Row numbers of ``table`` by month; months with fewer than ``at_least`` rows together.

    Each piece is ordered by type, identifier, moment and event, so that the statistics of its
    row groups tell readers what to skip.
    """
    if not len(table):
        return []
    months = column(table, "occurred_us").astype("datetime64[us]").astype("datetime64[M]")
    present, place, counts = np.unique(months, return_inverse=True, return_counts=True)
    names = present.astype(str).astype(object)
    if np.count_nonzero(counts < at_least) > 1:
        names[counts < at_least] = MIXED
    pieces, group = np.unique(names.astype(str), return_inverse=True)
    types, codes = _type_codes(table)
    slot = group[place] * types + codes
    order = np.argsort(slot.astype(np.uint16 if slot.max() < 65_536 else np.int64), kind="stable")
    bounds = np.searchsorted(slot[order], np.arange(len(pieces) * types + 1))
    _sort_within(order, bounds, column(table, "identifier_id"), column(table, "occurred_us"))
    edges = bounds[::types]
    return [(str(m), order[edges[i] : edges[i + 1]]) for i, m in enumerate(pieces)]


def _type_codes(table: pa.Table) -> tuple[int, Rows]:
    """How many event types there are, and of each row the rank of its type by name."""
    encoded = table.column("type").combine_chunks().dictionary_encode(null_encoding="encode")
    names = [name or "" for name in encoded.dictionary.to_pylist()]
    rank = np.empty(len(names), dtype=np.int64)
    rank[sorted(range(len(names)), key=names.__getitem__)] = np.arange(len(names))
    return len(names), rank[encoded.indices.to_numpy()]


def _sort_within(order: Rows, bounds: Rows, identifiers: Rows, moments: Rows) -> None:
    """Sort each run ``order[bounds[i]:bounds[i + 1]]`` by identifier and moment, in place.

    The rows come in the order of events, which a stable sort keeps among equals.
    """
    for start, end in itertools.pairwise(bounds):
        run = order[start:end]
        order[start:end] = run[np.lexsort((moments[run], identifiers[run]))]


def column(table: pa.Table, name: str) -> Rows:
    """An int64 column as numpy; NULL is -1."""
    return np.asarray(table.column(name).combine_chunks().fill_null(-1).to_numpy())


def write_part(
    root: Path, table: pa.Table, *, month: str, name: str, promised: Columns = ()
) -> Part:
    """Write ``table`` durably as ``events/<month>/<name>.parquet``; its directory is not synced.

    Raises:
        StorageFullError: no room.
    """
    relative = f"events/{month}/{name}.parquet"
    path = root / relative
    strings = [f.name for f in table.schema if f.type == pa.string() and f.name not in _PLAIN]
    write_parquet(path, table, row_group=ROW_GROUP, repeated=[*strings, *_REPEATED])
    types = tuple(sorted(t for t in table.column("type").unique().to_pylist() if t is not None))
    return Part(relative, month, len(table), types, with_columns_of(table, promised))


def with_columns_of(table: pa.Table, promised: Columns) -> Columns:
    """``promised`` columns and the promoted ones of ``table``, by name."""
    held = {f.name: str(f.type) for f in table.schema if f.name.startswith(PROMOTED)}
    return tuple(sorted((dict(promised) | held).items()))


def read_parts(root: Path, parts: Iterable[Part]) -> pa.Table:
    """The events of ``parts`` with the union of their columns; a missing one is NULL."""
    tables = [pq.read_table(root / part.path, partitioning=None) for part in parts]
    return pa.concat_tables(tables, promote_options="default")


def column_type(kind: str) -> pa.DataType:
    """The Arrow type of a promoted column by the name the manifest keeps."""
    return _KINDS[kind]
