"""A copy of the identity map beside the lake, for readers that have no database at hand."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tenure.derive.customers.projection.mapping import identity_map
from tenure.derive.customers.projection.resolving import IdentityChange
from tenure.engine.durable import sync_directory, write_parquet
from tenure.engine.schema import IDENTITY

COPY = "identity.parquet"
_ROW_GROUP = 122_880


def copy_identity(root: Path, change: IdentityChange) -> None:
    """Bring the copy below ``root`` to what ``change`` makes of the map, whole or not at all.

    Called before the database is written: after a crash in between, the next follower finds
    the same change again and writes the same copy.
    """
    path = root / COPY
    if change.explored is None:
        table = change.now.map
    elif not path.exists():
        table = _changed(identity_map(), change)
    elif change.moved.num_rows:
        table = _changed(pq.read_table(path, partitioning=None), change)
    else:
        return
    write_parquet(path, table.sort_by("identifier_id"), row_group=_ROW_GROUP)
    sync_directory(root)


def map_after(change: IdentityChange) -> pa.Table:
    """The whole map as it is with what the news change in it."""
    return change.now.map if change.explored is None else _changed(identity_map(), change)


def _changed(table: pa.Table, change: IdentityChange) -> pa.Table:
    explored = pa.array([] if change.explored is None else change.explored, pa.int64())
    kept = table.filter(pc.invert(pc.is_in(table["identifier_id"], value_set=explored)))
    return pa.concat_tables([kept.cast(IDENTITY), change.now.map.cast(IDENTITY)])
