"""Rows of the current stage in the database, written from tables of the engine."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from datetime import datetime
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection, transaction

from tenure.clock import to_microseconds
from tenure.definitions import Lifecycle
from tenure.derive.customers.operations.rows import delete_rows, insert_rows
from tenure.derive.lifecycles.models import ComingCustomer, CurrentStage, Cursor

_PART = 50_000
Column: TypeAlias = "pa.ChunkedArray[Any]"


def replace_all_rows(
    lifecycle: Lifecycle, standing: pa.Table, coming: pa.Table, *, version: str, at: datetime
) -> None:
    """Make the rows of ``lifecycle`` exactly these; the caller writes its cursor afterwards.

    On PostgreSQL nobody sees anything in between. SQLite has one writer, and a million rows
    would keep recording waiting longer than it waits: there the rows are exchanged in parts,
    and the cursor is taken away first, so that a crash half-way means computing again.

    Args:
        lifecycle: for its key and canonical stages.
        standing: customer_id, stage, entered_us, next_us, next_stage.
        coming: customer_id, begins_us.
        version: of the definition, written into every row.
        at: the moment the rows are true of.
    """
    whole = connection.vendor == "postgresql"
    with transaction.atomic() if whole else nullcontext():
        Cursor.objects.filter(lifecycle=lifecycle.key).delete()
        for model in (CurrentStage, ComingCustomer):
            _delete_in_parts(model, lifecycle.key)
        # in the order of the unique index, which then grows at its end only
        ordered = standing.sort_by("customer_id")
        nobody = coming.slice(0, 0)
        for start in range(0, ordered.num_rows, _PART):
            with transaction.atomic():
                _insert(lifecycle, ordered.slice(start, _PART), nobody, version, at)
        with transaction.atomic():
            _insert(lifecycle, ordered.slice(0, 0), coming, version, at)


def _delete_in_parts(model: type[CurrentStage] | type[ComingCustomer], key: str) -> None:
    some = model.objects.filter(lifecycle=key).values_list("id", flat=True)[:_PART]
    while model.objects.filter(id__in=some).delete()[0]:
        pass


def replace_rows_of(
    lifecycle: Lifecycle,
    customer_ids: pa.Array[pa.Int64Scalar],
    standing: pa.Table,
    coming: pa.Table,
    *,
    version: str,
    at: datetime,
) -> None:
    """Make the rows of these customers exactly these, inside the caller's transaction.

    A customer without a stage loses the row; arguments as for :func:`replace_all_rows`.
    """
    for model in (CurrentStage, ComingCustomer):
        delete_rows(model, "customer_id", customer_ids, lifecycle=lifecycle.key)
    _insert(lifecycle, standing, coming, version, at)


def _insert(
    lifecycle: Lifecycle, standing: pa.Table, coming: pa.Table, version: str, at: datetime
) -> None:
    insert_rows(CurrentStage, _current_rows(lifecycle, standing, version, at))
    columns: dict[str, Column] = {
        "customer_id": coming["customer_id"],
        "lifecycle": _same(lifecycle.key, coming),
        "begins_at": _moments(coming["begins_us"]),
    }
    insert_rows(ComingCustomer, pa.Table.from_arrays([*columns.values()], names=[*columns]))


def _current_rows(lifecycle: Lifecycle, standing: pa.Table, version: str, at: datetime) -> pa.Table:
    canonical = {stage.code: stage.canonical for stage in lifecycle.stages}
    columns: dict[str, Column] = {
        "customer_id": standing["customer_id"],
        "lifecycle": _same(lifecycle.key, standing),
        "stage": standing["stage"],
        "canonical": _mapped(standing["stage"], canonical),
        "entered_at": _moments(standing["entered_us"]),
        "next_at": _moments(standing["next_us"]),
        "next_stage": _or_empty(standing["next_stage"]),
        "definition_version": _same(version, standing),
        "as_of": _moments(_same(to_microseconds(at), standing)),
    }
    return pa.Table.from_arrays([*columns.values()], names=[*columns])


def _mapped(codes: Column, names: Mapping[str, str]) -> Column:
    place = pc.index_in(codes, value_set=pa.array([*names]))
    values: Column = pa.chunked_array([pa.array([*names.values()])]).take(place)
    return values


def _or_empty(texts: Column) -> Column:
    filled: Column = pc.if_else(pc.is_null(texts), pa.scalar(""), texts)
    return filled


def _moments(microseconds: Column) -> Column:
    return microseconds.cast(pa.timestamp("us"))


def _same(value: str | int, rows: pa.Table) -> Column:
    return pa.chunked_array([pa.repeat(pa.scalar(value), rows.num_rows)])
