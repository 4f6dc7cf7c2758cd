"""Measures how good the log is, over its copy in the lake, and keeps the result."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings
from django.db import transaction

from tenure.record.events.models import QualityReport, UndoneBatch
from tenure.record.library.queries import current_library
from tenure.record.vault.queries import all_held

if TYPE_CHECKING:
    from tenure.definitions import Library

_LATEST = 1_000_000
_KEPT = 60
_OWN = "tenure"
_READ = 100_000
_SECRET_COLUMNS: dict[str, pa.DataType] = {"event_id": pa.int64(), "field": pa.string()}
_SECRETS = pa.schema(_SECRET_COLUMNS)


class KindQuality(msgspec.Struct):
    """Events of one type from one source.

    Attributes:
        live: that came one by one, not with a file that tells of the past.
        within_day: of those, recorded within a day after they happened; ``within_week`` likewise.
        anonymous: without an identifier.
        amounts: that have an amount.
        repeated: that say exactly what an earlier one says, under another key.
        filled: field to events that have it; of personal ones the vault was asked, unopened.
        unread: field to values not of the declared type, among the latest million events.
        latest: how many of the latest million events are of this kind.
    """

    source: str
    type: str
    events: int
    first_us: int
    last_us: int
    recorded_us: int
    within_day: int
    within_week: int
    anonymous: int
    amounts: int
    live: int = 0
    repeated: int = 0
    latest: int = 0
    filled: dict[str, int] = {}
    unread: dict[str, int] = {}


class Rhythm(msgspec.Struct):
    """On how many days anything came from a source; dates are ISO."""

    source: str
    days: int
    first_date: str
    last_date: str


class Quality(msgspec.Struct):
    """The whole measurement."""

    kinds: list[KindQuality] = []
    rhythms: list[Rhythm] = []


def measure_quality(*, at: datetime) -> Quality:
    """Measure the log as far as the lake has it, and keep the result.

    Args:
        at: the moment, aware.
    """
    from tenure.engine.backends.duckdb import DuckDBRunner
    from tenure.engine.lake import Lake

    library, _ = current_library()
    root = Path(settings.TENURE_HOME) / "lake"
    runner = DuckDBRunner(threads=1, temp_directory=root / "spill")
    with Lake(root).reading() as lake:
        parts, schema, cursor = lake.parts(), lake.schema, lake.cursor
        found = _measured(runner, parts, schema, cursor, library) if parts else Quality()
    with transaction.atomic():
        body = msgspec.json.encode(found).decode()
        QualityReport.objects.create(measured_at=at, cursor=cursor, body=body)
        old = QualityReport.objects.order_by("-id").values_list("id", flat=True)[_KEPT:]
        QualityReport.objects.filter(id__in=list(old)).delete()
    return found


def _measured(
    runner: Any, parts: list[Path], schema: pa.Schema, cursor: int, library: Library
) -> Quality:
    from tenure.engine import quality
    from tenure.engine.schema import PROMOTED, unbound

    batches = pa.schema([("batch_id", pa.int64())])
    undone = list(UndoneBatch.objects.values_list("batch_id", flat=True))
    inputs = {
        "events": parts,
        "undone": pa.table([pa.array(undone, pa.int64())], schema=batches),
    }
    events = quality.counted(unbound("events", schema), unbound("undone", batches))
    events = events.filter(events.source != _OWN)

    def rows(expression: Any, **more: list[Path]) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = runner.run(expression, {**inputs, **more}).to_pylist()
        return found

    kinds = {
        (row["source"], row["type"]): KindQuality(**row) for row in rows(quality.kinds(events))
    }
    for row in rows(quality.filled(events)):
        kind = kinds[row.pop("source"), row.pop("type")]
        kind.filled = {name.removeprefix(PROMOTED): count for name, count in row.items() if count}
    _count_others(kinds, library, events, rows, schema)
    for row in rows(quality.repeats(events)):
        kinds[row["source"], row["type"]].repeated = row["repeated"]
    latest = quality.latest(events, after_id=max(cursor - _LATEST, 0))
    for row in rows(latest.group_by(["source", "type"]).agg(latest=latest.count())):
        kinds[row["source"], row["type"]].latest = row["latest"]
    typed = {name: f'"{name.removeprefix(PROMOTED)}":' for name in schema.names[len(_base()) :]}
    if typed:
        for row in rows(quality.unread(latest, typed)):
            kind = kinds[row.pop("source"), row.pop("type")]
            kind.unread = _declared(row, library, kind.type)
    rhythms = [
        Rhythm(
            row["source"], row["days"], row["first_date"].isoformat(), row["last_date"].isoformat()
        )
        for row in rows(quality.days(events))
    ]
    return Quality(sorted(kinds.values(), key=_place), sorted(rhythms, key=lambda one: one.source))


def _count_others(
    kinds: dict[tuple[str, str], KindQuality],
    library: Library,
    events: Any,
    rows: Callable[..., list[dict[str, Any]]],
    schema: pa.Schema,
) -> None:
    """Count the fields that have no column: long texts, and personal ones in the vault."""
    from tenure.engine import quality
    from tenure.engine.schema import PROMOTED, unbound

    fields = {field.key: field for kind in library.event_types.values() for field in kind.fields}
    personal = sorted(key for key, field in fields.items() if field.personal)
    marks = {
        f"w_{key}": f'"{key}":'
        for key, field in fields.items()
        if not field.personal and field.type != "money" and f"{PROMOTED}{key}" not in schema.names
    }
    if marks:
        for row in rows(quality.written(events, marks)):
            kind = kinds[row.pop("source"), row.pop("type")]
            kind.filled |= {name.removeprefix("w_"): count for name, count in row.items() if count}
    with TemporaryDirectory(dir=Path(settings.TENURE_HOME) / "lake", prefix="measuring-") as folder:
        secrets = [_secrets(Path(folder) / "held.parquet", personal)]
        for row in rows(quality.held(events, unbound("secrets", _SECRETS)), secrets=secrets):
            kinds[row["source"], row["type"]].filled[row["field"]] = row["filled"]


def _secrets(path: Path, fields: list[str]) -> Path:
    """Write which events hold which personal field in the vault; values are not opened."""
    found = all_held("event", fields)
    with pq.ParquetWriter(path, _SECRETS) as writer:
        while part := list(islice(found, _READ)):
            numbers, names = zip(*part, strict=True)
            writer.write_table(
                pa.table(
                    [pa.array(numbers, pa.int64()), pa.array(names, pa.string())], schema=_SECRETS
                )
            )
    return path


def _base() -> list[str]:
    from tenure.engine.schema import EVENT_BASE

    return list(EVENT_BASE.names)


def _declared(row: dict[str, int], library: Library, kind: str) -> dict[str, int]:
    """Only fields that the type declares: others need not be of any type."""
    known = library.event_types.get(kind)
    fields = {field.key for field in known.fields} if known else set()
    plain = {name.removeprefix("f_"): count for name, count in row.items()}
    return {key: count for key, count in plain.items() if count and key in fields}


def _place(kind: KindQuality) -> tuple[str, int]:
    return kind.source, -kind.events
