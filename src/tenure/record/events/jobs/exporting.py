"""The log as columns of the lake."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing
from datetime import datetime
from urllib.parse import quote, urlencode

import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection

from tenure.definitions import Library
from tenure.engine.durable import replace_file
from tenure.engine.lake import Lake
from tenure.engine.schema import EVENT_BASE, PROMOTED, event_schema, promote, promoted_columns
from tenure.record.events.jobs.reading_ahead import read_ahead
from tenure.record.events.jobs.reading_apart import read_apart
from tenure.record.events.operations.sealing import last_sealing
from tenure.record.events.queries import last_event_id, odd_fields

_SEALED = "sealed"
_CHUNK = 250_000
_SQLITE_BATCH = 65_536
_FEW = 50_000
"""Up to so many events are read as rows: sooner done than another process is started."""
_QUERY = (
    "SELECT id AS event_id, identifier_id, type, occurred_us, recorded_us, local_date, "
    "amount_e4, coalesce(currency, '') AS currency, source, batch_id, properties "
    "FROM events_event WHERE id > {after:d} AND id <= {upto:d} ORDER BY id"
)


def export_to_lake(lake: Lake, *, library: Library, at: datetime) -> int:
    """Append the events the lake does not hold yet; all of them or, after a crash, none.

    The lake keeps the cursor in the manifest it switches atomically, so that a run repeated
    after a crash neither loses nor doubles an event. Where ``library`` declares fields the lake
    has no column for, the lake is brought into its shape first. A lake that is ahead of the log
    (the database came back from an older backup) is built anew, and so is one that holds values
    which have gone into the vault since it was written.

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
    newest, sealing = last_event_id(), last_sealing()
    if lake.cursor > newest or (lake.cursor and _sealed(lake) < sealing):
        added = _export_anew(lake, library, newest)
        _remember_sealed(lake, sealing)
        return added
    if _sealed(lake) != sealing:
        _remember_sealed(lake, sealing)
    lake.conform(library)
    return _append(lake, library, newest)


def _export_anew(lake: Lake, library: Library, newest: int) -> int:
    shadow = lake.rebuilding(fresh=True)
    shadow.conform(library)
    added = _append(shadow, library, newest)
    shadow.take_over()
    return added


def _sealed(lake: Lake) -> int:
    """The latest sealing that the lake follows."""
    try:
        return int((lake.root / _SEALED).read_text())
    except (FileNotFoundError, ValueError):
        return 0


def _remember_sealed(lake: Lake, sealing: int) -> None:
    lake.root.mkdir(parents=True, exist_ok=True)
    replace_file(lake.root / _SEALED, str(sealing).encode())


def _append(lake: Lake, library: Library, newest: int) -> int:
    after = lake.cursor
    if newest <= after:
        return 0
    columns = _Columns(library)
    tables = (promote(table, columns.of(table)) for table in _gathered(_batches(after, newest)))
    if _worth_apart(after, newest):
        return lake.append(read_ahead(tables), cursor=newest)
    return lake.append(tables, cursor=newest)


class _Columns:
    """Which promoted columns a table of events needs: those its own types declare or were given.

    All columns of the library would do as well and cost several times more. An event of an
    unknown type may hold any field, one of a known type those it declares and those that were
    noted as odd when it was recorded: so no column is left out that would hold a value.
    """

    def __init__(self, library: Library) -> None:
        self._all = event_schema(library)
        self._by_type = {key: set(promoted_columns(library, key)) for key in library.event_types}
        for event_type, name in odd_fields():
            if event_type in self._by_type:
                self._by_type[event_type].add(PROMOTED + name)

    def of(self, events: pa.Table) -> pa.Schema:
        """The columns for ``events``, in the order of the library's schema."""
        types = {str(key) for key in events.column("type").unique().to_pylist()}
        if any(key not in self._by_type for key in types):
            return self._all
        wanted = set(EVENT_BASE.names).union(*(self._by_type[key] for key in types))
        return pa.schema([field for field in self._all if field.name in wanted])


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
    query = _QUERY.format(after=after, upto=upto)
    if not _worth_apart(after, upto):
        return _by_rows(query)
    return _by_columns(query, connection.vendor, _address())


def _worth_apart(after: int, upto: int) -> bool:
    """Whether another connection should read: it must see the rows, and there must be many."""
    return upto - after > _FEW and _seen_by_others()


def _seen_by_others() -> bool:
    """Whether another connection sees what this one does; not so in a transaction or in memory."""
    in_memory = "mode=memory" in _address() or _address() == ":memory:"
    return not connection.in_atomic_block and not in_memory


def _by_columns(query: str, vendor: str, address: str) -> Iterator[pa.RecordBatch]:
    batches = read_apart(query, address) if vendor == "sqlite" else _from_server(query, address)
    with closing(batches):
        for batch in batches:
            yield _shaped(batch)


def _from_server(query: str, address: str) -> Generator[pa.RecordBatch, None, None]:
    """The result of a query on PostgreSQL as Arrow batches, on a connection of its own."""
    import adbc_driver_postgresql.dbapi as postgresql

    with closing(postgresql.connect(address)) as link, closing(link.cursor()) as cursor:
        cursor.execute(query)
        with cursor.fetch_record_batch() as reader:
            yield from reader


def _address() -> str:
    """The file of the SQLite database, or the URL of the PostgreSQL one."""
    found = connection.settings_dict
    if connection.vendor == "sqlite":
        return str(found["NAME"])
    user, password = quote(found["USER"] or "", safe=""), quote(found["PASSWORD"] or "", safe="")
    account = f"{user}:{password}@" if password else f"{user}@" if user else ""
    host, port = found["HOST"] or "", f":{found['PORT']}" if found["PORT"] else ""
    options = {key: value for key, value in found["OPTIONS"].items() if isinstance(value, str)}
    if host.startswith("/"):
        options, host = {**options, "host": host}, ""
    query = f"?{urlencode(options)}" if options else ""
    return f"postgresql://{account}{host}{port}/{quote(found['NAME'], safe='')}{query}"


def _shaped(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The driver's columns in the lake's types; an empty currency was none."""
    currency = batch.column("currency")
    none = pa.scalar(None, currency.type)
    columns = {name: batch.column(name) for name in EVENT_BASE.names}
    columns["currency"] = pc.if_else(
        pc.equal(currency, pa.scalar("", currency.type)), none, currency
    )
    return pa.RecordBatch.from_arrays(
        [columns[field.name].cast(field.type) for field in EVENT_BASE], schema=EVENT_BASE
    )


def _by_rows(query: str) -> Iterator[pa.RecordBatch]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        while rows := cursor.fetchmany(_SQLITE_BATCH):
            columns = list(zip(*rows, strict=True))
            names = [field.name for field in EVENT_BASE]
            plain = {name: list(column) for name, column in zip(names, columns, strict=True)}
            plain["currency"] = [code or None for code in plain["currency"]]
            yield pa.RecordBatch.from_pydict(plain, schema=EVENT_BASE)
