"""Prepared records in the engine, with what can only be known from all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from tenure.engine.identity.suggesting.records import Party

if TYPE_CHECKING:
    import duckdb

MOST_AT_HOME = {"person": 12, "organisation": 50}
"""A mail domain of more records than these is a provider's and says nothing."""
_DOMAIN = "split_part(email, '@', 2)"
_OWN = {
    "person": """
        city, city_letters, CAST(date_diff('day', DATE '1900-01-01',
        try_strptime(birth_date, '%Y%m%d')) AS INTEGER) AS birth_day
    """,
    "organisation": """
        coalesce(city, place) AS city,
        array_to_string(list_sort(split(coalesce(city, place), '')), '') AS city_letters
    """,
}
"""A person's day of birth as a number; an organisation's place may stand in its name."""
_REPLACED = {"person": "", "organisation": ", place"}


def store(
    connection: duckdb.DuckDBPyConnection, table: str, records: pa.Table, party: Party
) -> None:
    """Make a table of prepared records, in the order of their ids whatever order they came in.

    Args:
        connection: the engine.
        table: its name.
        records: as of :func:`tenure.engine.identity.suggesting.records.prepared`.
        party: of the records.
    """
    connection.register("incoming", records)
    connection.execute(f"""
        CREATE TABLE {table} AS
        SELECT * EXCLUDE (city, city_letters{_REPLACED[party]}), {_OWN[party]}, CASE
            WHEN count(*) OVER (PARTITION BY {_DOMAIN}) <= {MOST_AT_HOME[party]} THEN {_DOMAIN}
            END AS mail_home
        FROM incoming ORDER BY unique_id
    """)
    connection.unregister("incoming")
