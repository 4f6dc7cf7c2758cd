"""Which customers a piece of news touches, and every event of those customers."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from tenure.derive.lifecycles.projection.inputs import BATCHES, IDENTIFIERS
from tenure.engine.schema import unbound
from tenure.record.events.queries.neighbours import identifiers_between

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from tenure.engine.backends import Runner
    from tenure.engine.lake import Snapshot

_UNREAD = "properties"


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
    return pc.unique(pa.chunked_array([fresh, *found["identifier_id"].chunks], pa.int64()))


def events_of(lake: Snapshot, runner: Runner, identifiers: pa.Array[pa.Int64Scalar]) -> pa.Table:
    """Every event of these identifiers, with all columns the engine computes with."""
    wanted = pa.table({"identifier_id": identifiers})
    return runner.run(_events_of(lake.schema), {"events": lake.parts(), "wanted": wanted})


@lru_cache(maxsize=8)
def _events_of(schema: pa.Schema) -> ir.Table:
    wanted = unbound("wanted", IDENTIFIERS)
    return unbound("events", schema).semi_join(wanted, "identifier_id").drop(_UNREAD)
