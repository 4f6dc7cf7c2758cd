"""Many derived rows at once: COPY on PostgreSQL, prepared statements on SQLite.

Model objects cost three to seven times as much, and a rebuild writes a row per customer.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from contextlib import nullcontext
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
from django.db import connection, transaction
from django.db.models import Model, QuerySet

from tenure.derive.customers.projection.mapping import one_of

_CHUNK = 50_000


def insert_rows(model: type[Model], rows: pa.Table) -> int:
    """Insert ``rows``, whose columns are columns of the model's table, inside the transaction.

    Moments are Arrow timestamps in microseconds, naive UTC.

    Returns:
        The number of rows.
    """
    for start in range(0, rows.num_rows, _CHUNK):
        part = rows.slice(start, _CHUNK)
        if connection.vendor == "postgresql":
            _copy(model, part)
        else:
            _execute_many(model, part)
    return rows.num_rows


def replace_in_parts(model: type[Model], shares: Iterable[pa.Table]) -> None:
    """Make the rows of ``model`` exactly those of ``shares``.

    On PostgreSQL nobody sees anything in between. SQLite has one writer, and a million rows
    would keep recording waiting longer than it waits: there each part of the numbers is
    exchanged in a transaction of its own, the old rows for the new ones.

    Args:
        model: whose primary key is ``customer_id``.
        shares: rows as for :func:`insert_rows`, ascending by customer within and among shares.
    """
    whole = connection.vendor == "postgresql"
    after: int | None = None
    with transaction.atomic() if whole else nullcontext():
        for share in shares:
            for start in range(0, share.num_rows, _CHUNK):
                part = share.slice(start, _CHUNK)
                last = part["customer_id"][-1].as_py()
                with transaction.atomic():
                    _between(model, after, last).delete()
                    insert_rows(model, part)
                after = last
        with transaction.atomic():
            _between(model, after, None).delete()


def _between(model: type[Model], after: int | None, last: int | None) -> QuerySet[Model]:
    found = model._default_manager.all()
    if after is not None:
        found = found.filter(customer_id__gt=after)
    return found if last is None else found.filter(customer_id__lte=last)


def delete_rows(
    model: type[Model], column: str, values: pa.Array[pa.Int64Scalar], **also: str
) -> None:
    """Delete the rows whose ``column`` is one of int64 ``values`` and that match ``also``."""
    quote = connection.ops.quote_name
    condition, parameters = one_of(quote(column), values.to_numpy())
    where = "".join(f" AND {quote(name)} = %s" for name in also)
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {quote(model._meta.db_table)} WHERE {condition}{where}",
            [*parameters, *also.values()],
        )


def _names(model: type[Model], rows: pa.Table) -> tuple[str, str]:
    quote = connection.ops.quote_name
    return quote(model._meta.db_table), ", ".join(quote(name) for name in rows.column_names)


def _execute_many(model: type[Model], rows: pa.Table) -> None:
    table, columns = _names(model, rows)
    marks = ", ".join(["%s"] * rows.num_columns)
    values = zip(*(_plain(column).to_pylist() for column in rows.columns), strict=True)
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", list(values))


def _plain(column: pa.ChunkedArray[Any]) -> pa.ChunkedArray[Any]:
    """Moments as Django writes them on SQLite: no fraction where there is none."""
    if not pa.types.is_timestamp(column.type):
        return column
    return pc.replace_substring_regex(column.cast(pa.string()), r"\.000000$", "")


def _copy(model: type[Model], rows: pa.Table) -> None:
    table, columns = _names(model, rows)
    aware = [
        column.cast(pa.timestamp("us", "UTC")) if pa.types.is_timestamp(column.type) else column
        for column in rows.columns
    ]
    text = io.BytesIO()
    options = pa_csv.WriteOptions(include_header=False)
    pa_csv.write_csv(pa.table(aware, names=rows.column_names), text, options)
    with connection.cursor() as cursor:
        statement = f"COPY {table} ({columns}) FROM STDIN WITH (FORMAT csv)"
        with cursor.copy(statement) as copy:
            copy.write(text.getvalue())
