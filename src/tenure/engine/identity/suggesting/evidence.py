"""What speaks for and against every kept pair, field by field."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from tenure.engine.identity.suggesting.comparing import Comparison, columns_of, level_sql

if TYPE_CHECKING:
    import duckdb


def told(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    comparisons: tuple[Comparison, ...],
    kept: pa.Table,
) -> pa.Table:
    """The kept pairs with their evidence, the surest first.

    Args:
        connection: the engine, with the table ``scored``.
        table: of prepared records.
        comparisons: those that were scored.
        kept: columns l, r, probability.
    """
    connection.register("kept", kept)
    try:
        found: pa.Table = connection.execute(_sql(table, comparisons)).to_arrow_table()
    finally:
        connection.unregister("kept")
    return found


def _sql(table: str, comparisons: tuple[Comparison, ...]) -> str:
    both = sorted({name for one in comparisons for name in columns_of(one)})
    sides = ", ".join(f"l.{name} AS {name}_l, r.{name} AS {name}_r" for name in both)
    weights = ", ".join(f"coalesce(s.w_{one.field}, 0) AS w_{one.field}" for one in comparisons)
    evidence = ", ".join(
        f"{{'field': '{one.field}', 'level': {level_sql(one)}, 'weight': w_{one.field}}}"
        for one in comparisons
    )
    return f"""
        WITH told AS (
            SELECT kept.l, kept.r, kept.probability, {sides}, {weights}
            FROM kept
            JOIN {table} AS l ON l.unique_id = kept.l
            JOIN {table} AS r ON r.unique_id = kept.r
            LEFT JOIN scored AS s ON s.unique_id_l = kept.l AND s.unique_id_r = kept.r
        )
        SELECT least(l, r) AS left_id, greatest(l, r) AS right_id, probability,
            [{evidence}] AS evidence
        FROM told ORDER BY probability DESC, left_id, right_id
    """
