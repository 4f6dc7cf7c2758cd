"""Background work on the log: its events as columns of the lake."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection

from tenure.definitions import Library
from tenure.engine.lake import Lake
from tenure.engine.schema import EVENT_BASE, event_schema, promote
from tenure.record.events.queries import last_event_id

_CHUNK = 250_000
_SQLITE_BATCH = 65_536
_TEXT_NULL = ("currency",)
_QUERY = (
    "SELECT id AS event_id, identifier_id, type, occurred_us, recorded_us, {day} AS local_date, "
    "amount_e4, coalesce(currency, '') AS currency, source, batch_id, properties "
    "FROM events_event WHERE id > {after:d} AND id <= {upto:d} ORDER BY id"
)


def export_to_lake(lake: Lake, *, library: Library, at: datetime) -> int:
    """Append the events the lake does not hold yet; all of them or, after a crash, none.

    The lake keeps the cursor in the manifest it switches atomically, so that a run repeated
    after a crash neither loses nor doubles an event. Where ``library`` declares fields the lake
    has no column for, the lake is brought into its shape first. A lake that is ahead of the log
    (the database came back from an older backup) is built anew.

    Args:
        lake: the lake to write.
        library: whose fields become columns.
        at: the moment of the run (aware); events recorded later than the run began wait for the
            next one.

    Returns:
        How many events were appended.

    Raises:
        LakeError: the lake cannot be read or written.
    """
    if at.tzinfo is None:
        raise ValueError("the moment of an export needs a time zone")
    newest = last_event_id()
    if lake.cursor > newest:
        return _export_anew(lake, library, newest)
    if lake.rebuild_needed(library):
        lake.conform(library)
    return _append(lake, library, newest)


def _export_anew(lake: Lake, library: Library, newest: int) -> int:
    shadow = lake.rebuilding(fresh=True)
    added = _append(shadow, library, newest)
    shadow.take_over()
    return added


def _append(lake: Lake, library: Library, newest: int) -> int:
    after = lake.cursor
    if newest <= after:
        return 0
    schema = event_schema(library)
    tables = (promote(table, schema) for table in _gathered(_batches(after, newest)))
    return lake.append(tables, cursor=newest)


def _gathered(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.Table]:
    """Batches put together to tables large enough to be worth a query each."""
    held: list[pa.RecordBatch] = []
    rows = 0
    for batch in batches:
        held.append(batch)
        rows += len(batch)
        if rows >= _CHUNK:
            yield pa.Table.from_batches(held)
            held, rows = [], 0
    if held:
        yield pa.Table.from_batches(held)


def _batches(after: int, upto: int) -> Iterator[pa.RecordBatch]:
    """The log between two cursors as columns of ``EVENT_BASE``, in order."""
    if connection.in_atomic_block or (
        connection.vendor == "sqlite" and connection.is_in_memory_db()  # type: ignore[attr-defined]
    ):
        # what another connection cannot see: only in tests, or inside an operation
        yield from _by_rows(after, upto)
        return
    day = "local_date" if connection.vendor == "postgresql" else "date(local_date)"
    with _reader(_QUERY.format(day=day, after=after, upto=upto)) as reader:
        for batch in reader:
            yield _shaped(batch)


@contextmanager
def _reader(query: str) -> Iterator[pa.RecordBatchReader]:
    """The result of a query as Arrow batches, through ADBC on a connection of its own."""
    with closing(_connect()) as link, closing(link.cursor()) as cursor:
        if connection.vendor == "sqlite":
            cursor.adbc_statement.set_options(
                **{"adbc.sqlite.query.batch_rows": str(_SQLITE_BATCH)}
            )
        cursor.execute(query)
        with cursor.fetch_record_batch() as reader:
            yield reader


def _connect() -> Any:
    if connection.vendor == "sqlite":
        import adbc_driver_sqlite.dbapi as sqlite

        return sqlite.connect(f"file:{connection.settings_dict['NAME']}?mode=ro")
    import adbc_driver_postgresql.dbapi as postgresql

    return postgresql.connect(_address())


def _address() -> str:
    from urllib.parse import quote

    found = connection.settings_dict
    user, password = quote(found["USER"] or "", safe=""), quote(found["PASSWORD"] or "", safe="")
    account = f"{user}:{password}@" if password else f"{user}@" if user else ""
    host, port = found["HOST"] or "", f":{found['PORT']}" if found["PORT"] else ""
    if host.startswith("/"):
        return f"postgresql://{account}/{found['NAME']}?host={quote(host, safe='')}"
    return f"postgresql://{account}{host}{port}/{quote(found['NAME'], safe='')}"


def _shaped(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The driver's columns in the lake's types; an empty currency was none."""
    currency = batch.column("currency")
    none = pa.scalar(None, currency.type)
    columns = {name: batch.column(name) for name in EVENT_BASE.names}
    columns["currency"] = pc.if_else(pc.equal(currency, ""), none, currency)
    return pa.RecordBatch.from_arrays(
        [columns[field.name].cast(field.type) for field in EVENT_BASE], schema=EVENT_BASE
    )


def _by_rows(after: int, upto: int) -> Iterator[pa.RecordBatch]:
    with connection.cursor() as cursor:
        cursor.execute(_QUERY.format(day="local_date", after=after, upto=upto))
        while rows := cursor.fetchmany(_SQLITE_BATCH):
            columns = list(zip(*rows, strict=True))
            names = [field.name for field in EVENT_BASE]
            plain = {name: list(column) for name, column in zip(names, columns, strict=True)}
            plain["currency"] = [code or None for code in plain["currency"]]
            yield pa.RecordBatch.from_pydict(plain, schema=EVENT_BASE)
