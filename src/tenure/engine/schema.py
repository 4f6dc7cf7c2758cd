"""Columns of the lake: what an event, a stage interval and an identity row look like.

Only string, int64, bool, double and date32 occur: every other type differs somewhere between
DuckDB, Spark and Parquet. Moments are int64 microseconds since 1970-01-01T00:00Z (``*_us``),
money is int64 ten-thousandths of the organisation's base currency (``amount_e4``).
"""

from __future__ import annotations

import functools
import os
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from tenure.definitions import Library

PROMOTED = "f_"
"""Prefix of the columns made of declared event fields."""

_EVENT_COLUMNS: dict[str, pa.DataType] = {
    "event_id": pa.int64(),
    "identifier_id": pa.int64(),
    "type": pa.string(),
    "occurred_us": pa.int64(),
    "recorded_us": pa.int64(),
    "local_date": pa.date32(),
    "amount_e4": pa.int64(),
    "currency": pa.string(),
    "source": pa.string(),
    "batch_id": pa.int64(),
    "properties": pa.string(),
}
EVENT_BASE = pa.schema(_EVENT_COLUMNS)
"""Columns every event has, in order."""

_INTERVAL_COLUMNS: dict[str, pa.DataType] = {
    "customer_id": pa.int64(),
    "stage": pa.string(),
    "entered_us": pa.int64(),
    "left_us": pa.int64(),
    "cause": pa.string(),
    "cause_event_id": pa.int64(),
    "cause_atom": pa.int64(),
    "cause_limit": pa.float64(),
}
INTERVALS = pa.schema(_INTERVAL_COLUMNS)
"""Columns of a stage history; ``left_us`` NULL is an open interval."""

IDENTITY = pa.schema([pa.field("identifier_id", pa.int64()), pa.field("customer_id", pa.int64())])
"""The sparse identity map: only identifiers whose customer has another number."""

COLUMN_TYPES: dict[str, pa.DataType] = {
    "string": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
}
"""Column type of each field type that is promoted; ``text`` and ``money`` are not."""


def promoted_columns(library: Library, event_type: str) -> dict[str, pa.DataType]:
    """Names and types of the columns made of the fields of one event type of ``library``.

    Personal fields are in the vault, free text stays in ``properties``, and money is
    ``amount_e4``; none of these has a column.
    """
    return {
        PROMOTED + field.key: COLUMN_TYPES[field.type]
        for field in library.event_types[event_type].fields
        if field.type in COLUMN_TYPES and not field.personal
    }


def event_schema(library: Library) -> pa.Schema:
    """The columns of events under ``library``: the base, then promoted fields by name."""
    columns: dict[str, pa.DataType] = {}
    for event_type in library.event_types:
        columns |= promoted_columns(library, event_type)
    schema = EVENT_BASE
    for name in sorted(columns):
        schema = schema.append(pa.field(name, columns[name]))
    return schema


def promote(events: pa.Table, schema: pa.Schema) -> pa.Table:
    """Add the promoted columns of ``schema`` to ``events`` out of their JSON ``properties``.

    A value that is not of the declared type (an older event, an unknown source) becomes NULL
    in its column and stays as it came in ``properties``. Columns already there are kept.

    Args:
        events: the columns of ``EVENT_BASE``; promoted columns may already be among them.
        schema: of ``event_schema``.

    Returns:
        ``events`` in their order with exactly the columns of ``schema``.
    """
    wanted = [
        f for f in schema if f.name.startswith(PROMOTED) and f.name not in events.column_names
    ]
    if wanted:
        with _database().cursor() as connection:
            connection.register("events", events.select(["properties"]).combine_chunks())
            made = connection.sql(_promotion(wanted)).to_arrow_table()
        for field in wanted:
            events = events.append_column(field, made[field.name].cast(field.type))
    return events.select(schema.names).cast(schema)


@functools.cache
def _database() -> duckdb.DuckDBPyConnection:
    """An empty database in memory; opening one takes longer than promoting a tick's events."""
    return duckdb.connect()


# the threads of a database do not come along into a forked process
os.register_at_fork(after_in_child=_database.cache_clear)

_CASTS = {
    pa.string(): "{value}",
    # a cast of '3.7' to an integer would round: such a value is not an integer
    pa.int64(): "case when not regexp_matches({value}, '[.eE]') "
    "then try_cast({value} as bigint) end",
    pa.float64(): "try_cast({value} as double)",
    pa.bool_(): "case {value} when 'true' then true when 'false' then false end",
    pa.date32(): "try_cast({value} as date)",
}


def _promotion(fields: list[pa.Field[pa.DataType]]) -> str:
    """SQL that reads each field's key from ``properties`` once and casts it."""
    pointers = ", ".join("'/" + f.name.removeprefix(PROMOTED) + "'" for f in fields)
    columns = ", ".join(
        _CASTS[f.type].format(value=f"v[{position}]") + f' as "{f.name}"'
        for position, f in enumerate(fields, start=1)
    )
    return (
        f"select {columns} from "
        f"(select json_extract_string(properties, [{pointers}]) as v from events)"
    )


_IBIS_TYPES = {
    pa.string(): "string",
    pa.int64(): "int64",
    pa.float64(): "float64",
    pa.bool_(): "boolean",
    pa.date32(): "date",
}


def unbound(name: str, schema: pa.Schema) -> ir.Table:
    """An Ibis table of ``schema`` that names an input of a runner and holds no data."""
    import ibis

    # Ibis' own reading of an Arrow schema wants a package that Arrow no longer needs
    return ibis.table({field.name: _IBIS_TYPES[field.type] for field in schema}, name=name)
