"""Rows of current stages in the database, written from tables of the engine."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

import pyarrow as pa

from tenure.clock import to_microseconds
from tenure.derive.customers.operations.rows import delete_rows, insert_rows, replace_in_parts
from tenure.derive.lifecycles.models import CurrentStages, Cursor
from tenure.derive.lifecycles.projection.stands import rows_of, stands_of, stands_table

_SLICE = 900


def replace_all_rows(stands: Iterable[pa.Table], *, stale: Iterable[str], at: datetime) -> None:
    """Make the rows exactly these; the caller writes the cursors afterwards.

    The cursors of ``stale`` lifecycles are taken away first, so that a crash half-way means
    computing those again.

    Args:
        stands: of ``STANDS``, of everybody in every lifecycle, in shares that go on from one
            another by customer.
        stale: lifecycles whose rows were not true before.
        at: the moment the rows are true of.
    """
    Cursor.objects.filter(lifecycle__in=list(stale)).delete()
    replace_in_parts(CurrentStages, (_stamped(rows_of(share), at) for share in stands))


def replace_rows_of(
    customer_ids: pa.Array[pa.Int64Scalar], stands: pa.Table, *, at: datetime
) -> None:
    """Make the rows of these customers exactly these, inside the caller's transaction.

    A customer who stands nowhere loses the row; arguments as for :func:`replace_all_rows`.
    """
    delete_rows(CurrentStages, "customer_id", customer_ids)
    insert_rows(CurrentStages, _stamped(rows_of(stands), at))


def written_stands(customer_ids: pa.Array[pa.Int64Scalar], keys: Collection[str]) -> pa.Table:
    """Where customers stand in some lifecycles by their rows, as a table of ``STANDS``."""
    numbers = customer_ids.to_numpy().tolist()
    found = {}
    for start in range(0, len(numbers) if keys else 0, _SLICE):
        rows = CurrentStages.objects.filter(customer_id__in=numbers[start : start + _SLICE])
        for number, text in rows.values_list("customer_id", "stages"):
            found[number] = {k: stand for k, stand in stands_of(text).items() if k in keys}
    return stands_table(found)


def _stamped(rows: pa.Table, at: datetime) -> pa.Table:
    moments = pa.repeat(pa.scalar(to_microseconds(at), pa.timestamp("us")), rows.num_rows)
    return rows.append_column("as_of", pa.chunked_array([moments]))
