"""Metrics of everybody at one moment, as inputs of the engine: for groups, money and trials."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from tenure.definitions import Library
from tenure.derive.customers.projection import identity_known_at, identity_map
from tenure.derive.customers.projection.copying import COPY
from tenure.derive.lifecycles.projection.inputs import BATCHES, Inputs
from tenure.derive.lifecycles.projection.places import house_lake, house_root
from tenure.derive.lifecycles.projection.strangers import strangers
from tenure.record.events.queries import undone_batches

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from tenure.engine.backends import Source

CUSTOMERS = pa.schema([("customer_id", pa.int64())])


@dataclass(frozen=True, slots=True)
class EventsOfAll:
    """The events of every customer of a party, ready for the engine.

    Attributes:
        events: an expression with ``customer_id``.
        inputs: the rows of its unbound tables.
        rows: events in the lake, other parties' included.
    """

    events: ir.Table
    inputs: Mapping[str, Source]
    rows: int


@contextmanager
def events_of_all(
    library: Library,
    party: str | None,
    *,
    known_us: int | None = None,
    world_us: int | None = None,
    types: Collection[str] | None = None,
) -> Iterator[EventsOfAll]:
    """Events of everybody; the files of the lake stay while the block runs.

    Args:
        library: says which identifiers belong to which party.
        party: of the lifecycle; ``None`` for customers of any.
        known_us: as it was known at this moment (microseconds).
        world_us: only what had happened by this moment (microseconds).
        types: only events of these types, so that other files are not opened.
    """
    with house_lake().reading() as lake:
        inputs = Inputs(
            events=lake.parts(types),
            schema=lake.schema,
            identity=_identity(known_us),
            undone=pa.table([pa.array(undone_batches(known_us), pa.int64())], schema=BATCHES),
            strangers=strangers(library, party),
            known_us=known_us,
            world_us=world_us,
        )
        rows = sum(part.rows for part in lake.manifest.files())
        events = inputs.expression()
        if types is not None:
            events = events.filter(events.type.isin(sorted(types)))
        yield EventsOfAll(events, inputs.sources(), rows)


def _identity(known_us: int | None) -> pa.Table:
    if known_us is not None:
        return identity_known_at(known_us).map
    path = house_root() / COPY
    # the copy beside the lake is read in a tenth of the time the database takes
    return pq.read_table(path, partitioning=None) if path.exists() else identity_map()
