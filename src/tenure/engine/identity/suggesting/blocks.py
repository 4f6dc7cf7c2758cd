"""Which pairs are compared at all: those that share a key which few share.

A key shared by more than ``LARGEST_BLOCK`` records (a switchboard's telephone, a common name in
a large city) tells next to nothing and would cost the square of its size: it is left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tenure.engine.identity.suggesting import organisations, persons
from tenure.engine.identity.suggesting.records import Party

if TYPE_CHECKING:
    import duckdb

Ids = npt.NDArray[np.int64]

LARGEST_BLOCK = 50
LARGEST_LOOSE_BLOCK = 12
"""Of keys that people who have nothing to do with one another share as well."""
SMALL = 2_000
"""So many records are all compared with one another."""

_KEYS: dict[Party, dict[str, str]] = {
    "person": persons.BLOCKS,
    "organisation": organisations.BLOCKS,
}


def add_pairs(
    connection: duckdb.DuckDBPyConnection, table: str, party: Party, new: Ids | None = None
) -> int:
    """Make the table ``pairs`` (join_key_l < join_key_r) of what is to be compared; its length.

    Args:
        connection: the engine.
        table: of prepared records.
        party: of the records.
        new: only pairs with one of these records.
    """
    [count] = connection.execute(f"SELECT count(*) FROM {table}").fetchone() or (0,)
    if count <= SMALL:
        source, matching = table, "l.unique_id < r.unique_id"
    else:
        _add_keys(connection, table, party)
        source, matching = "keys", "l.key = r.key AND l.unique_id < r.unique_id"
    if new is not None:
        connection.register("fresh", pa.table({"id": pa.array(new, pa.int64())}))
        matching += " AND (l.unique_id IN (FROM fresh) OR r.unique_id IN (FROM fresh))"
    connection.execute(f"""
        CREATE TABLE pairs AS
        SELECT DISTINCT '0' AS match_key, l.unique_id AS join_key_l, r.unique_id AS join_key_r
        FROM {source} AS l JOIN {source} AS r ON {matching}
    """)
    connection.execute("DROP TABLE IF EXISTS keys")
    [pairs] = connection.execute("SELECT count(*) FROM pairs").fetchone() or (0,)
    return int(pairs)


def _add_keys(connection: duckdb.DuckDBPyConnection, table: str, party: Party) -> None:
    """The keys that some share and not too many."""
    connection.execute("CREATE TEMP TABLE keys (key UBIGINT, unique_id BIGINT)")
    for name, expression in _KEYS[party].items():
        most = LARGEST_LOOSE_BLOCK if name.startswith("loose") else LARGEST_BLOCK
        connection.execute(f"""
            INSERT INTO keys
            WITH told AS (
                SELECT hash('{name}', value) AS key, unique_id
                FROM (SELECT unnest([{expression}]) AS value, unique_id FROM {table})
                WHERE value IS NOT NULL
            ), few AS (
                SELECT key FROM told GROUP BY key HAVING count(*) BETWEEN 2 AND {most}
            )
            SELECT key, unique_id FROM told SEMI JOIN few USING (key)
        """)
