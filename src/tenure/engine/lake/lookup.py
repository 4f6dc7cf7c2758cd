"""Events of a few identifiers out of a large lake, without reading all of it.

A tick wants some ten thousand events of a few thousand customers, scattered over every part.
Parquet has to be decoded whole for that. Beside each large part therefore lies a *lookup*: the
same events ordered by identifier, as plain Arrow columns that are mapped into memory, so that a
binary search finds the rows and only their pages are read. Lookups are made when first needed
and can be removed at any time.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tenure.engine.durable import StorageFullError, put_in_place, room_needed, temporary_of
from tenure.engine.lake.manifest import Part
from tenure.engine.lake.snapshot import Snapshot

LARGE = 20_000
"""Parts of fewer events are scanned: they are soon merged into larger ones."""
_BY = "identifier_id"


def look_up(
    lake: Snapshot, identifiers: pa.Array[pa.Int64Scalar], columns: Sequence[str]
) -> tuple[pa.Table, list[Path]]:
    """The events of ``identifiers`` in the large parts, and the files of the others to scan.

    Args:
        lake: held open by the caller (``reading()``).
        identifiers: ascending, each once.
        columns: of the lake's schema, ``identifier_id`` among them.

    Returns:
        The events found, in these columns and the lake's types; and the files that still have to
        be read, the one without rows first.
    """
    wanted = np.asarray(identifiers.to_numpy(), np.int64)
    schema = pa.schema([lake.schema.field(name) for name in columns])
    folder = lake.root / "lookup"
    folder.mkdir(exist_ok=True)
    mark = blake2b("\n".join(map(str, schema)).encode(), digest_size=6).hexdigest()
    large = {part: folder / f"{Path(part.path).stem}-{mark}.arrow" for part in _large(lake)}
    _remove_all_but(set(large.values()), folder)
    found, looked_up = [schema.empty_table()], set[Part]()
    for part, path in large.items():
        table = _mapped(path) or _made(path, lake.root / part.path, schema)
        if table is not None:
            looked_up.add(part)
            found.append(_in_types(_rows_of(table, wanted), schema))
    rest = [lake.root / part.path for part in lake.manifest.files() if part not in looked_up]
    return pa.concat_tables(found), rest


def _large(lake: Snapshot) -> Iterator[Part]:
    return (part for part in lake.manifest.parts if part.rows >= LARGE)


def _remove_all_but(live: set[Path], folder: Path) -> None:
    """Remove lookups of parts that are gone; whoever has one mapped keeps it."""
    for path in folder.iterdir():
        if path not in live:
            path.unlink(missing_ok=True)


def _mapped(path: Path) -> pa.Table | None:
    """The lookup in ``path``; ``None`` where there is none, or a crash left half of one."""
    try:
        return pa.ipc.open_file(pa.memory_map(str(path))).read_all()
    except (FileNotFoundError, pa.ArrowInvalid):
        return None


def _made(path: Path, part: Path, schema: pa.Schema) -> pa.Table | None:
    """Make the lookup of ``part``; ``None`` without room for it: the part is then scanned."""
    have = [name for name in schema.names if name in pq.read_schema(part).names]
    table = pq.read_table(part, columns=have, partitioning=None)
    table = table.filter(pc.is_valid(table[_BY])).combine_chunks()
    order = np.argsort(table[_BY].to_numpy(), kind="stable")
    columns = {name: _compact(table[name].take(order)) for name in have}
    # a column without a value is not worth its place
    kept = {name: one for name, one in columns.items() if one.null_count < len(one)}
    ordered = pa.table(kept or {_BY: pa.array([], pa.int64())})
    try:
        with room_needed(path), temporary_of(path).open("wb") as file:
            with pa.ipc.new_file(file, ordered.schema) as writer:
                writer.write_table(ordered)
            file.flush()
            os.fsync(file.fileno())
    except StorageFullError:
        temporary_of(path).unlink(missing_ok=True)
        return None
    put_in_place(path)
    return _mapped(path)


def _compact(column: pa.ChunkedArray) -> pa.Array:  # type: ignore[type-arg]
    array = pa.concat_arrays(column.chunks)
    return array.dictionary_encode() if array.type == pa.string() else array


def _rows_of(table: pa.Table, wanted: np.ndarray) -> pa.Table:
    """The rows of the wanted identifiers in a table ordered by identifier."""
    own = table[_BY].to_numpy()
    first = np.searchsorted(own, wanted, "left")
    counts = np.searchsorted(own, wanted, "right") - first
    before = np.cumsum(counts) - counts
    rows = np.repeat(first - before, counts) + np.arange(counts.sum())
    return table.take(rows)


def _in_types(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """All columns of ``schema`` in its types; one that the part has no value of is NULL."""
    columns = [
        table[field.name].cast(field.type)
        if field.name in table.column_names
        else pa.nulls(len(table), field.type)
        for field in schema
    ]
    return pa.Table.from_arrays(columns, schema=schema)
