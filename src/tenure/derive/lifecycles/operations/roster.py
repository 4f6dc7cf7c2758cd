"""Writing the roster of customers: cards, stages and metrics as of one moment."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from tenure.definitions import Library
from tenure.definitions.expression import ValueType
from tenure.derive.customers.projection import identity_map, identity_state
from tenure.derive.customers.projection.record_scores import (
    DOUBLED,
    SCORE_COLUMNS,
    doubled_table,
    scored,
)
from tenure.derive.customers.projection.records import asked_counts
from tenure.derive.customers.projection.roster import (
    CARD_SCHEMA,
    STAGE_PARTS,
    Roster,
    card_rows,
    changed_cards,
    local_dates,
    metric_column,
    put_roster,
    roster,
    roster_root,
)
from tenure.derive.lifecycles.operations.computing import everybody_in
from tenure.derive.lifecycles.operations.house import House
from tenure.derive.lifecycles.operations.news import undone_table
from tenure.derive.lifecycles.projection.inputs import Inputs
from tenure.engine.asof import bucket
from tenure.engine.metrics import metric_values
from tenure.engine.schema import unbound
from tenure.guard.access.queries import organisation
from tenure.record.events.queries import undone_after
from tenure.record.library.queries import current_library

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from tenure.engine.backends import Source

SHARE = 250_000
"""Customers whose metrics are computed at once."""
OLDEST = timedelta(minutes=10)
MOST_CHANGED = 5_000
METRIC_TYPES: dict[ValueType, pa.DataType] = {
    "number": pa.float64(),
    "text": pa.string(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
}
_CAST = {"number": "float64", "text": "string", "boolean": "boolean", "date": "date"}


def refresh_roster(*, at: datetime) -> int | None:
    """Write the roster anew where it is missing, old, or much has changed since.

    Args:
        at: the present, aware.

    Returns:
        Customers in the new one; ``None`` where the old one is good enough, or nothing has
        been followed yet.
    """
    if identity_state() is None:
        return None
    found = roster()
    if found is not None and _is_fresh(found, at):
        return None
    return write_roster(House.open(max(at, found.at) if found else at))


def write_roster(house: House) -> int:
    """Write the roster from what has been followed; how many customers it holds."""
    state = identity_state()
    if state is None:
        return 0
    cards = card_rows()
    keys = base_metrics(house.library)
    building = roster_root() / "building"
    building.mkdir(parents=True, exist_ok=True)
    sources: dict[str, Source] = {"cards": cards}
    rows = unbound("cards", CARD_SCHEMA)
    for key in house.library.lifecycles:
        stages = _stages(house, key)
        sources[f"stages_{key}"] = stages
        part = unbound(f"stages_{key}", stages.schema)
        rows = rows.left_join(part, "customer_id").drop("customer_id_right")
    if keys and cards.num_rows:
        parts = _metrics(house, keys, cards.num_rows, building)
        kinds = _metric_schema(house.library, keys)
        sources["metrics"] = parts
        rows = rows.left_join(unbound("metrics", kinds), "customer_id").drop("customer_id_right")
    sources["doubled"] = doubled_table()
    rows = scored(
        rows,
        unbound("doubled", DOUBLED),
        asked=asked_counts(house.library),
        at_us=house.at_us,
        limit=organisation().fresh_days,
    )
    path = building / "roster.parquet"
    written = house.runner.write(rows.order_by(rows.last_us.desc()), sources, path)
    put_roster(
        path,
        _schema(rows),
        rows=written,
        cursor=state.event_cursor,
        at_us=house.at_us,
        definitions=current_library()[1],
    )
    for part in building.glob("*.parquet"):
        part.unlink()
    return written


def base_metrics(library: Library) -> list[str]:
    """Metrics that have a column: all that are taken from events."""
    return [key for key, metric in library.metrics.items() if metric.expression is None]


def _is_fresh(found: Roster, at: datetime) -> bool:
    return (
        at - found.at < OLDEST
        and found.definitions == current_library()[1]
        and {*CARD_SCHEMA.names, *SCORE_COLUMNS} <= set(found.schema.names)
        and not undone_after(found.cursor)
        and changed_cards(found.cursor) <= MOST_CHANGED
    )


def _stages(house: House, key: str) -> pa.Table:
    """Where everybody stands in a lifecycle, with days in the organisation's zone."""
    stands = everybody_in(house, key)
    stands = stands.filter(pc.not_equal(stands["stage"], pa.scalar("")))
    columns = {
        "customer_id": stands["customer_id"],
        f"stage_{key}": stands["stage"],
        f"entered_{key}": local_dates(stands["entered_us"]),
        f"next_{key}": stands["next_stage"],
        f"changes_{key}": local_dates(stands["next_us"]),
    }
    assert len(columns) == 1 + len(STAGE_PARTS)
    return pa.Table.from_arrays(list(columns.values()), names=list(columns))


def _metrics(house: House, keys: list[str], customers: int, building: Path) -> list[Path]:
    """Files with the metrics of everybody at the house's moment, one per share of customers."""
    count = -(-customers // SHARE)
    files = []
    with house.lake.reading() as lake:
        inputs = Inputs(
            events=lake.parts(),
            schema=lake.schema,
            identity=identity_map(),
            undone=undone_table(),
        )
        events = inputs.expression()
        for index in range(count):
            rows = metric_values(
                house.library, keys, bucket(events, index, count), at_us=house.at_us
            )
            path = building / f"metrics-{index}.parquet"
            house.runner.write(_named(house.library, keys, rows), inputs.sources(), path)
            files.append(path)
    return files


def _named(library: Library, keys: list[str], rows: ir.Table) -> ir.Table:
    columns = {}
    for key in keys:
        kind = library.names[key] or "number"
        columns[metric_column(key)] = rows[key].cast(_CAST[kind])
    return rows.select("customer_id", **columns)


def _metric_schema(library: Library, keys: list[str]) -> pa.Schema:
    columns: dict[str, pa.DataType] = {"customer_id": pa.int64()}
    for key in keys:
        columns[metric_column(key)] = METRIC_TYPES[library.names[key] or "number"]
    return pa.schema(columns)


def _schema(rows: ir.Table) -> pa.Schema:
    kinds = {
        "int64": pa.int64(),
        "float64": pa.float64(),
        "string": pa.string(),
        "boolean": pa.bool_(),
        "date": pa.date32(),
    }
    named = {name: kinds[str(kind).removeprefix("!")] for name, kind in rows.schema().items()}
    return pa.schema(named)
