"""Many rows in one go, with each database's fastest statement; no model objects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import connection

Cell = str | int | bytes | None


def insert_all(
    table: str, columns: Mapping[str, str], rows: Sequence[Sequence[Cell]], *, on_conflict: str
) -> None:
    """Insert ``rows``; on PostgreSQL as one statement over arrays, not one round per row.

    Args:
        table: name of the table.
        columns: column name to PostgreSQL type, in the order of the cells of a row.
        rows: the cells; where ``on_conflict`` updates, no two may be in conflict.
        on_conflict: what follows ``ON CONFLICT``.
    """
    if not rows:
        return
    into = f"INSERT INTO {table} ({', '.join(columns)})"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            arrays = ", ".join(f"%s::{kind}[]" for kind in columns.values())
            query = f"{into} SELECT * FROM unnest({arrays}) ON CONFLICT {on_conflict}"
            cursor.execute(query, [list(column) for column in zip(*rows, strict=True)])
        else:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"{into} VALUES ({marks}) ON CONFLICT {on_conflict}", rows)
