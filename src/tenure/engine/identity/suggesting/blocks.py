"""Which pairs are compared at all: those that share a key which few share.

A key shared by more than ``LARGEST_BLOCK`` records (a switchboard's telephone, a common name in
a large city) tells next to nothing and would cost the square of its size: it is left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenure.engine.identity.suggesting.records import Party

if TYPE_CHECKING:
    import duckdb

LARGEST_BLOCK = 50
LARGEST_LOOSE_BLOCK = 12
"""Of keys that people who have nothing to do with one another share as well."""
SMALL = 2_000
"""So many records are all compared with one another."""

_PERSON = {
    "number": "number",
    "phone": "phone",
    "email": "email",
    "mail_user": "mail_user",
    "birth": "birth_date || '|' || family",
    "birth_sound": "birth_date || '|' || left(name_key, 2)",
    "city": "name_key || '|' || city",
    "company": "name_key || '|' || company_sound",
    "loose_name": "name_key",
    "post": "postcode || '|' || family",
    "address": "address",
    "family_phone": "family || '|' || left(phone, 7)",
    "phone_end": "city || '|' || right(phone, 6)",
    "loose_family_company": "family || '|' || company_sound",
    "birth_city": "birth_date || '|' || city",
    "loose_family_city": "family || '|' || left(name_key, 3) || '|' || city",
    "loose_birth": "birth_date",
}
_ORGANISATION = {
    "number": "number",
    "phone": "phone",
    "email": "email",
    "domain": "split_part(email, '@', 2)",
    "name": "whole",
    "key": "name_key",
    "begin": "left(sound, 10) || '|' || coalesce(city, '')",
    "loose_begin": "left(whole, 4)",
    "end": "right(sound, 10)",
    "address": "address",
}
_KEYS: dict[Party, dict[str, str]] = {"person": _PERSON, "organisation": _ORGANISATION}


def add_pairs(connection: duckdb.DuckDBPyConnection, table: str, party: Party) -> int:
    """Make the table ``pairs`` (join_key_l < join_key_r) of what is to be compared; its length.

    Args:
        connection: the engine.
        table: of prepared records.
        party: of the records.
    """
    [count] = connection.execute(f"SELECT count(*) FROM {table}").fetchone() or (0,)
    if count <= SMALL:
        found = f"""
            SELECT '0' AS match_key, l.unique_id AS join_key_l, r.unique_id AS join_key_r
            FROM {table} AS l JOIN {table} AS r ON l.unique_id < r.unique_id
        """
    else:
        _add_keys(connection, table, party)
        found = """
            SELECT DISTINCT '0' AS match_key, l.unique_id AS join_key_l, r.unique_id AS join_key_r
            FROM keys AS l JOIN keys AS r ON l.key = r.key AND l.unique_id < r.unique_id
        """
    connection.execute(f"CREATE TABLE pairs AS {found}")
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
                SELECT hash('{name}', {expression}) AS key, unique_id FROM {table}
                WHERE ({expression}) IS NOT NULL
            ), few AS (
                SELECT key FROM told GROUP BY key HAVING count(*) BETWEEN 2 AND {most}
            )
            SELECT key, unique_id FROM told SEMI JOIN few USING (key)
        """)
