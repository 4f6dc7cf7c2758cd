"""The roster: one columnar file in the lake with a row per customer, for filtering and sorting.

A row holds the card, the current stage in every lifecycle and the base metrics, all as of one
moment. What changed since is laid over it by the queries, so that the file may be minutes old.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings

from tenure.clock import from_microseconds
from tenure.derive.customers.models import CustomerCard
from tenure.engine.durable import (
    adopt_file,
    reader_present,
    remove_all_but,
    replace_file,
    sync_directory,
)
from tenure.record.events.queries import basis

MANIFEST, LOCK = "manifest.json", "readers.lock"
_READ = 50_000
_CARD_COLUMNS: dict[str, pa.DataType] = {
    "customer_id": pa.int64(),
    "party": pa.string(),
    "owner_id": pa.int64(),
    "tags": pa.string(),
    "channel": pa.string(),
    "first_us": pa.int64(),
    "last_us": pa.int64(),
    "source": pa.string(),
    "told_us": pa.int64(),
    "lacking": pa.string(),
    "identified": pa.bool_(),
}
_LINES = [place for place, name in enumerate(_CARD_COLUMNS) if name in ("tags", "lacking")]
CARD_SCHEMA = pa.schema(
    [
        *(pa.field(name, kind) for name, kind in _CARD_COLUMNS.items()),
        pa.field("first_seen", pa.date32()),
        pa.field("last_seen", pa.date32()),
        pa.field("updated_us", pa.int64()),
        pa.field("updated", pa.date32()),
    ]
)
"""Columns out of the cards; ``tags`` and ``lacking`` with a line end before and after each.

``updated`` is when the profile was last told; first seen where it never was.
"""
STAGE_PARTS: Mapping[str, pa.DataType] = {
    "stage": pa.string(),
    "entered": pa.date32(),
    "next": pa.string(),
    "changes": pa.date32(),
}
"""Columns of each lifecycle: ``stage_<key>``, ``entered_<key>`` and so on."""


class _Column(msgspec.Struct, frozen=True):
    name: str
    type: str


class _Manifest(msgspec.Struct, frozen=True):
    file: str
    cursor: int
    at_us: int
    definitions: str
    rows: int
    columns: tuple[_Column, ...]


@dataclass(frozen=True, slots=True)
class Roster:
    """The file as it lies there.

    Attributes:
        path: where.
        cursor: the event up to which it is true.
        at: the moment its figures are true of, aware.
        definitions: fingerprint of what it was computed under.
        rows: customers in it.
        schema: its columns.
    """

    path: Path
    cursor: int
    at: datetime
    definitions: str
    rows: int
    schema: pa.Schema


_TYPES: dict[str, pa.DataType] = {
    str(kind): kind for kind in (pa.int64(), pa.float64(), pa.string(), pa.bool_(), pa.date32())
}


def roster_root() -> Path:
    """The folder of the roster."""
    return Path(settings.TENURE_HOME) / "lake" / "roster"


def roster() -> Roster | None:
    """The roster as it is now; ``None`` where none has been written."""
    try:
        content = (roster_root() / MANIFEST).read_bytes()
    except FileNotFoundError:
        return None
    known = msgspec.json.decode(content, type=_Manifest)
    return Roster(
        path=roster_root() / known.file,
        cursor=known.cursor,
        at=from_microseconds(known.at_us),
        definitions=known.definitions,
        rows=known.rows,
        schema=pa.schema([pa.field(one.name, _TYPES[one.type]) for one in known.columns]),
    )


@contextmanager
def reading_roster() -> Iterator[Roster | None]:
    """The roster, whose file stays while the block runs."""
    roster_root().mkdir(parents=True, exist_ok=True)
    with reader_present(roster_root() / LOCK):
        yield roster()


def put_roster(
    written: Path, schema: pa.Schema, *, rows: int, cursor: int, at_us: int, definitions: str
) -> None:
    """Make the complete file ``written`` the roster."""
    root = roster_root()
    root.mkdir(parents=True, exist_ok=True)
    path = root / f"roster-{at_us}-{cursor}-{written.stat().st_ino}.parquet"
    adopt_file(written, path)
    sync_directory(root)
    columns = tuple(_Column(field.name, str(field.type)) for field in schema)
    manifest = _Manifest(path.name, cursor, at_us, definitions, rows, columns)
    replace_file(root / MANIFEST, msgspec.json.encode(manifest))
    remove_all_but({path}, root.glob("*.parquet"), readers=root / LOCK)


def card_rows(*, changed_from: int | None = None) -> pa.Table:
    """All cards as rows of the roster, or those changed at or after an event."""
    found = CustomerCard.objects.all()
    if changed_from is not None:
        found = found.filter(changed_id__gte=changed_from)
    rows = list(found.values_list(*_CARD_COLUMNS).iterator(chunk_size=_READ))
    columns: list[Sequence[Any]] = list(zip(*rows, strict=True)) or [() for _ in _CARD_COLUMNS]
    for place in _LINES:
        # a line end before and after each line, so that one is found by looking for it
        columns[place] = [text and f"\n{text}\n" for text in columns[place]]
    arrays = [
        pa.array(column, kind) for column, kind in zip(columns, _CARD_COLUMNS.values(), strict=True)
    ]
    table = pa.Table.from_arrays(arrays, names=list(_CARD_COLUMNS))
    table = table.append_column("first_seen", local_dates(table["first_us"]))
    table = table.append_column("last_seen", local_dates(table["last_us"]))
    updated = pc.coalesce(table["told_us"], table["first_us"])
    table = table.append_column("updated_us", updated)
    return table.append_column("updated", local_dates(updated)).cast(CARD_SCHEMA)


def changed_cards(event_id: int) -> int:
    """How many cards were changed after an event."""
    return CustomerCard.objects.filter(changed_id__gt=event_id).count()


def local_dates(microseconds: pa.ChunkedArray[pa.Int64Scalar]) -> pa.ChunkedArray[pa.Date32Scalar]:
    """The days of moments in the organisation's zone."""
    zone = basis().zone_name
    moments = microseconds.cast(pa.timestamp("us", zone))
    return pc.local_timestamp(moments).cast(pa.date32())  # type: ignore[arg-type, return-value]


def metric_column(key: str) -> str:
    """The column of a base metric."""
    return f"m_{key}"
