"""Merging deltas in memory and telling which rows of base and deltas are live."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from ibis.expr import types as ir

from tenure.engine.schema import INTERVALS, unbound

GENERATION = pa.field("generation", pa.int64())
DELTA_ROWS = INTERVALS.append(GENERATION)
REPLACED = pa.schema([pa.field("customer_id", pa.int64()), GENERATION])


def live_intervals(lifecycle: str, *, deltas: bool) -> ir.Table:
    """The rule of superseding as an expression over the history's files.

    Args:
        lifecycle: key; part of the names of the unbound tables ``history_<key>_base``,
            ``history_<key>_deltas`` and ``history_<key>_replaced``.
        deltas: whether there are any; without them the base is read alone.
    """
    base = unbound(f"history_{lifecycle}_base", INTERVALS)
    if not deltas:
        return base
    rows = unbound(f"history_{lifecycle}_deltas", DELTA_ROWS)
    replaced = unbound(f"history_{lifecycle}_replaced", REPLACED)
    newest = replaced.group_by("customer_id").agg(newest=replaced.generation.max())
    kept = base.anti_join(replaced, "customer_id")
    current = rows.semi_join(
        newest, [rows.customer_id == newest.customer_id, rows.generation == newest.newest]
    )
    return kept.union(current.select(*INTERVALS.names), distinct=False)


def merged(
    older: tuple[pa.Table, pa.Array[pa.Int64Scalar]],
    newer: tuple[pa.Table, pa.Array[pa.Int64Scalar]],
) -> tuple[pa.Table, pa.Array[pa.Int64Scalar]]:
    """Intervals and customers of two deltas as one; the newer supersedes the older."""
    (old_rows, old_customers), (new_rows, new_customers) = older, newer
    superseded = pc.is_in(old_rows.column("customer_id"), value_set=new_customers)
    rows = pa.concat_tables([old_rows.filter(pc.invert(superseded)), new_rows])
    customers = np.union1d(old_customers.to_numpy(), new_customers.to_numpy())
    return rows, pa.array(customers, pa.int64())


def read_delta(rows: str, customers: str) -> tuple[pa.Table, pa.Array[pa.Int64Scalar]]:
    """Intervals and replaced customers of a stored delta, without their generation."""
    names = pq.read_table(customers, columns=["customer_id"], partitioning=None)
    intervals = pq.read_table(rows, columns=INTERVALS.names, partitioning=None)
    return intervals, pa.array(names.column("customer_id").to_numpy(), pa.int64())


def stamped(table: pa.Table, generation: int, schema: pa.Schema) -> pa.Table:
    """``table`` with the column ``generation``, in the columns of ``schema``."""
    column = pa.array(np.full(len(table), generation), pa.int64())
    return table.append_column(GENERATION, column).select(schema.names)
