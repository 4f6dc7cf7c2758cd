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
    "b_number": "number",
    "b_phone": "phone",
    "b_email": "email",
    "b_mail_user": "mail_user",
    "b_birth": "birth_date || '|' || family",
    "b_birth_sound": "birth_date || '|' || left(name_key, 2)",
    "b_city": "name_key || '|' || city",
    "b_company": "name_key || '|' || company_sound",
    "b_name": "name_key",
    "b_post": "postcode || '|' || family",
    "b_address": "address",
    "b_family_phone": "family || '|' || left(phone, 7)",
    "b_phone_end": "city || '|' || right(phone, 6)",
    "b_family_company": "family || '|' || company_sound",
    "b_birth_city": "birth_date || '|' || city",
    "b_family_city": "family || '|' || left(name_key, 3) || '|' || city",
    "b_loose_birth": "birth_date",
    "b_loose_family": "family",
    "b_loose_given": "split_part(turned, ' ', 1)",
}
_ORGANISATION = {
    "b_number": "number",
    "b_phone": "phone",
    "b_email": "email",
    "b_domain": "split_part(email, '@', 2)",
    "b_name": "whole",
    "b_key": "name_key",
    "b_begin": "left(sound, 10) || '|' || coalesce(city, '')",
    "b_loose_begin": "left(whole, 4)",
    "b_end": "right(sound, 10)",
    "b_address": "address",
}
_KEYS: dict[Party, dict[str, str]] = {"person": _PERSON, "organisation": _ORGANISATION}


def add_blocks(connection: duckdb.DuckDBPyConnection, table: str, party: Party) -> list[str]:
    """Add a column to ``table`` for each kind of block that has any; their names.

    Args:
        connection: the engine.
        table: of prepared records; replaced.
        party: of the records.
    """
    [count] = connection.execute(f"SELECT count(*) FROM {table}").fetchone() or (0,)
    if count <= SMALL:
        connection.execute(f"ALTER TABLE {table} ADD COLUMN b_all INTEGER DEFAULT 1")
        return ["b_all"]
    keys = ", ".join(f"{expression} AS {name}" for name, expression in _KEYS[party].items())
    connection.execute(f"CREATE OR REPLACE TEMP TABLE keyed AS SELECT *, {keys} FROM {table}")
    capped = ", ".join(_capped(name) for name in _KEYS[party])
    plain = f"* EXCLUDE ({', '.join(_KEYS[party])})"
    connection.execute(
        f"CREATE OR REPLACE TABLE {table} AS SELECT {plain}, {capped} FROM keyed ORDER BY unique_id"
    )
    connection.execute("DROP TABLE keyed")
    counts = ", ".join(f"count({name})" for name in _KEYS[party])
    found = connection.execute(f"SELECT {counts} FROM {table}").fetchone() or ()
    return [name for name, count in zip(_KEYS[party], found, strict=True) if count]


def _capped(name: str) -> str:
    """The key where neither nobody else nor too many have it."""
    most = LARGEST_LOOSE_BLOCK if name.startswith("b_loose") else LARGEST_BLOCK
    few = (
        f"SELECT {name} FROM keyed WHERE {name} IS NOT NULL GROUP BY {name} "
        f"HAVING count(*) BETWEEN 2 AND {most}"
    )
    return f"CASE WHEN {name} IN ({few}) THEN {name} END AS {name}"
