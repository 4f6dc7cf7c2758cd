"""Which customers a piece of news touches, and every event of those customers."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from tenure.definitions import Library
from tenure.definitions.event_type import ENVELOPE
from tenure.definitions.expression.tree import names_in
from tenure.derive.customers.projection.cards import card_columns
from tenure.derive.lifecycles.projection.inputs import BATCHES, IDENTIFIERS
from tenure.engine.lake import look_up
from tenure.engine.schema import PROMOTED, unbound
from tenure.record.events.queries.neighbours import identifiers_between

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from tenure.engine.backends import Runner
    from tenure.engine.lake import Snapshot


def touched_identifiers(
    lake: Snapshot, runner: Runner, *, after: int, undone: Collection[int]
) -> pa.Array[pa.Int64Scalar]:
    """Identifiers of the events after a cursor, and of the events of imports taken back.

    Args:
        lake: must contain everything up to the new cursor.
        runner: where to compute.
        after: the old cursor, an event id.
        undone: imports taken back since.

    Returns:
        Distinct identifier ids.
    """
    fresh = identifiers_between(after, lake.cursor)
    if not undone:
        return fresh
    events = unbound("events", lake.schema).select("identifier_id", "batch_id")
    named = events.filter(events.identifier_id.notnull())
    taken_back = named.semi_join(unbound("taken_back", BATCHES), "batch_id")
    batches = pa.table({"batch_id": pa.array(sorted(undone), pa.int64())})
    rows = taken_back.select("identifier_id").distinct()
    found = runner.run(rows, {"events": lake.parts(), "taken_back": batches})
    return distinct(fresh, found["identifier_id"].combine_chunks())


def events_of(
    lake: Snapshot, runner: Runner, library: Library, identifiers: pa.Array[pa.Int64Scalar]
) -> pa.Table:
    """Every event of these identifiers, with the columns lifecycles and cards are made of."""
    wanted = pa.table({"identifier_id": identifiers})
    expression = _events_of(lake.schema, library)
    found, rest = look_up(lake, identifiers, expression.columns)
    scanned = runner.run(expression, {"events": rest, "wanted": wanted})
    return pa.concat_tables([found, scanned])


@lru_cache(maxsize=8)
def _events_of(schema: pa.Schema, library: Library) -> ir.Table:
    columns = [name for name in schema.names if name in _columns(library)]
    events = unbound("events", schema).select(*columns)
    return events.semi_join(unbound("wanted", IDENTIFIERS), "identifier_id")


def _columns(library: Library) -> set[str]:
    """Columns of events that any lifecycle or card looks at; the others are not worth reading."""
    columns = {"event_id", "identifier_id", "type", "occurred_us", "amount_e4", "batch_id"}
    columns |= card_columns(library)
    columns |= {f"{PROMOTED}{name}" for name in ("lifecycle", "stage", "until")}
    for key in library.lifecycles:
        for metric in library.lifecycle_metrics(key):
            names = {metric.field, *(names_in(metric.where) if metric.where else ())}
            columns |= {name if name in ENVELOPE else f"{PROMOTED}{name}" for name in names}
    return columns


def distinct(*arrays: pa.Array[pa.Int64Scalar]) -> pa.Array[pa.Int64Scalar]:
    """All values of some arrays, each once, in order."""
    values = [array.to_numpy(zero_copy_only=False) for array in arrays]
    return pa.array(np.unique(np.concatenate(values)), pa.int64())
