"""Rows of the log written in bulk, with the database's fastest means and no model objects.

Ids must rise in commit order, so that a cursor over them misses nothing: recording is one writer
at a time, by SQLite's write lock or a PostgreSQL advisory lock that ends with the transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection

from tenure.record.events.operations.prepared import Row

_LOCK = 0x7E2E_0001
"""Number of the advisory lock that makes recording one at a time on PostgreSQL."""

_COLUMNS = (
    "key, source, type, identifier_id, occurred_us, recorded_us, local_date, amount_e4, "
    "currency, batch_id, recorded_by, properties"
)
_INSERT = f"INSERT OR IGNORE INTO events_event ({_COLUMNS}) VALUES ({', '.join('?' * 12)})"
_COPY = f"COPY events_event ({_COLUMNS}) FROM STDIN"
_CHUNK = 10_000
_COPY_SLICE = 100


class Stored(NamedTuple):
    """An event that is in the log under some key."""

    id: int
    batch_id: int | None


class Written(NamedTuple):
    """What a write did: ids of the new rows by key, and the rows that were there before."""

    new: dict[bytes, int]
    before: dict[bytes, Stored]


def lock_log() -> None:
    """Wait until no one else records; held until the surrounding transaction ends."""
    if connection.vendor == "postgresql":
        # The costs of the planner suppose a turning disk; with them it reads a whole small log
        # to find a thousand keys instead of asking the index.
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(%s), set_config('random_page_cost', '1.1', true)",
                [_LOCK],
            )


def write_rows(rows: Sequence[Row]) -> Written:
    """Append rows with distinct keys, in order; those whose key is in the log stay out.

    Call it inside a transaction, after :func:`lock_log`.
    """
    write = _write_postgresql if connection.vendor == "postgresql" else _write_sqlite
    new: dict[bytes, int] = {}
    before: dict[bytes, Stored] = {}
    for start in range(0, len(rows), _CHUNK):
        written = write(rows[start : start + _CHUNK])
        new.update(written.new)
        before.update(written.before)
    return Written(new, before)


def stored_under(keys: Sequence[bytes]) -> dict[bytes, Stored]:
    """The events that are in the log under ``keys``."""
    if connection.vendor == "postgresql":
        query = "SELECT key, id, batch_id FROM events_event WHERE key = ANY(%s::bytea[])"
        # An array written out: the driver would escape key after key.
        parameters: list[Any] = ["{" + ",".join(f'"\\\\x{key.hex()}"' for key in keys) + "}"]
    else:
        marks = ", ".join(["%s"] * len(keys))
        query = f"SELECT key, id, batch_id FROM events_event WHERE key IN ({marks})"
        parameters = list(keys)
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return {bytes(key): Stored(number, batch) for key, number, batch in cursor.fetchall()}


def _write_sqlite(rows: Sequence[Row]) -> Written:
    """INSERT OR IGNORE; as the lock is held, new ids follow one another without a gap."""
    raw = connection.connection
    (last,) = raw.execute("SELECT max(id) FROM events_event").fetchone()
    inserted = raw.executemany(_INSERT, rows).rowcount
    if inserted == len(rows):
        (end,) = raw.execute("SELECT last_insert_rowid()").fetchone()
        first = end - inserted + 1
        return Written({row[0]: first + n for n, row in enumerate(rows)}, {})
    stored = stored_under([row[0] for row in rows])
    new = {key: event.id for key, event in stored.items() if event.id > (last or 0)}
    return Written(new, {key: event for key, event in stored.items() if key not in new})


def _write_postgresql(rows: Sequence[Row]) -> Written:
    """Leave out what is there, COPY the rest; no one else can add a key while we hold the lock."""
    before = stored_under([row[0] for row in rows])
    fresh = [row for row in rows if row[0] not in before] if before else rows
    if not fresh:
        return Written({}, before)
    with connection.cursor() as cursor:
        with cursor.copy(_COPY) as copy:
            # A slice at a time, so that the server inserts while we write the next.
            for start in range(0, len(fresh), _COPY_SLICE):
                copy.write("".join(map(_copy_line, fresh[start : start + _COPY_SLICE])))
        cursor.execute("SELECT currval(pg_get_serial_sequence('events_event', 'id'))")
        (end,) = cursor.fetchone()
    first = end - len(fresh) + 1
    return Written({row[0]: first + n for n, row in enumerate(fresh)}, before)


def _copy_line(row: Row) -> str:
    """One row in COPY's text form."""
    key, source, kind, node, occurred, recorded, day, amount, currency, batch, by, body = row
    if "\\" in body:
        body = body.replace("\\", "\\\\")
    return (
        f"\\\\x{key.hex()}\t{_text(source)}\t{_text(kind)}\t{_null(node)}\t{occurred}\t{recorded}\t"
        f"{day}\t{_null(amount)}\t{_null(currency)}\t{_null(batch)}\t{_text(by)}\t{body}\n"
    )


@lru_cache(maxsize=4096)
def _text(text: str) -> str:
    """Names of sources, types and people: few, and told again and again."""
    if "\\" in text or not text.isprintable():
        for plain, escaped in (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r")):
            text = text.replace(plain, escaped)
    return text


def _null(value: object) -> object:
    return "\\N" if value is None else value
