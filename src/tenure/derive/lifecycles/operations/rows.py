"""Rows of the current stage in the database, written from tables of the engine."""

from __future__ import annotations

from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from tenure.clock import to_microseconds
from tenure.definitions import Lifecycle
from tenure.derive.customers.operations.rows import delete_rows, insert_rows
from tenure.derive.lifecycles.models import ComingCustomer, CurrentStage

_MOMENT = pa.timestamp("us")


def replace_all_rows(
    lifecycle: Lifecycle, standing: pa.Table, coming: pa.Table, *, version: str, at: datetime
) -> None:
    """Make the rows of ``lifecycle`` exactly these, inside the caller's transaction.

    Args:
        lifecycle: for its key and canonical stages.
        standing: customer_id, stage, entered_us, next_us, next_stage.
        coming: customer_id, begins_us.
        version: of the definition, written into every row.
        at: the moment the rows are true of.
    """
    CurrentStage.objects.filter(lifecycle=lifecycle.key).delete()
    ComingCustomer.objects.filter(lifecycle=lifecycle.key).delete()
    _insert(lifecycle, standing, coming, version, at)


def replace_rows_of(
    lifecycle: Lifecycle,
    customer_ids: pa.Array,
    standing: pa.Table,
    coming: pa.Table,
    *,
    version: str,
    at: datetime,
) -> None:
    """As ``replace_all_rows`` for these customers only; one without a stage loses its row."""
    for model in (CurrentStage, ComingCustomer):
        delete_rows(model, "customer_id", customer_ids, lifecycle=lifecycle.key)
    _insert(lifecycle, standing, coming, version, at)


def _insert(
    lifecycle: Lifecycle, standing: pa.Table, coming: pa.Table, version: str, at: datetime
) -> None:
    insert_rows(CurrentStage, _current_rows(lifecycle, standing, version, at))
    rows = pa.table(
        {
            "customer_id": coming["customer_id"],
            "lifecycle": _same(lifecycle.key, coming.num_rows),
            "begins_at": coming["begins_us"].cast(_MOMENT),
        }
    )
    insert_rows(ComingCustomer, rows)


def _current_rows(lifecycle: Lifecycle, standing: pa.Table, version: str, at: datetime) -> pa.Table:
    count = standing.num_rows
    codes = pa.array([stage.code for stage in lifecycle.stages])
    canonical = pa.array([stage.canonical for stage in lifecycle.stages])
    position = pc.index_in(standing["stage"], value_set=codes)
    return pa.table(
        {
            "customer_id": standing["customer_id"],
            "lifecycle": _same(lifecycle.key, count),
            "stage": standing["stage"],
            "canonical": canonical.take(position.combine_chunks()),
            "entered_at": standing["entered_us"].cast(_MOMENT),
            "next_at": standing["next_us"].cast(_MOMENT),
            "next_stage": pc.fill_null(standing["next_stage"], ""),
            "definition_version": _same(version, count),
            "as_of": _same(to_microseconds(at), count).cast(_MOMENT),
        }
    )


def _same(value: str | int, count: int) -> pa.Array:
    return pa.repeat(value, count)
