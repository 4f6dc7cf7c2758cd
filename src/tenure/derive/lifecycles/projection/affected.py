"""Which customers a piece of news touches, and every event of those customers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from tenure.derive.lifecycles.projection.inputs import BATCHES, IDENTIFIERS
from tenure.engine.schema import unbound

if TYPE_CHECKING:
    from tenure.engine.backends import Runner, Source
    from tenure.engine.lake import Snapshot

_UNREAD = "properties"


def touched_identifiers(
    lake: Snapshot, runner: Runner, *, after: int, undone: Iterable[int]
) -> pa.Array:
    """Identifiers of the events after a cursor, and of the events of imports taken back.

    Args:
        lake: must contain everything up to the new cursor.
        runner: where to compute.
        after: the old cursor, an event id.
        undone: imports taken back since.

    Returns:
        Distinct identifier ids, int64.
    """
    events = unbound("events", lake.schema).select("event_id", "identifier_id", "batch_id")
    named = events.filter(events.identifier_id.notnull())
    touched = named.filter(named.event_id > after).select("identifier_id")
    sources: dict[str, Source] = {"events": lake.parts()}
    if batches := sorted(set(undone)):
        taken_back = named.semi_join(unbound("taken_back", BATCHES), "batch_id")
        touched = touched.union(taken_back.select("identifier_id"), distinct=False)
        sources["taken_back"] = pa.table({"batch_id": pa.array(batches, pa.int64())})
    return runner.run(touched.distinct(), sources)["identifier_id"].combine_chunks()


def events_of(lake: Snapshot, runner: Runner, identifiers: pa.Array) -> pa.Table:
    """Every event of these identifiers, with all columns the engine computes with."""
    events = unbound("events", lake.schema)
    wanted = unbound("wanted", IDENTIFIERS)
    rows = events.semi_join(wanted, "identifier_id").drop(_UNREAD)
    sources: Mapping[str, Source] = {
        "events": lake.parts(),
        "wanted": pa.table({"identifier_id": identifiers}),
    }
    return runner.run(rows, sources)


def distinct(*arrays: pa.Array | pa.ChunkedArray) -> pa.Array:
    """All values of int64 arrays, each once, in order."""
    chunks = [
        chunk
        for array in arrays
        for chunk in (array.chunks if isinstance(array, pa.ChunkedArray) else [array])
    ]
    together = pa.chunked_array(chunks, pa.int64())
    values = pc.unique(together)
    return values.take(pc.sort_indices(values))
