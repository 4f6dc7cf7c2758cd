"""The events a lifecycle is computed from: of which customers, of which party, cut when."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyarrow as pa

from tenure.engine.asof import events_as_of, of_customers
from tenure.engine.schema import IDENTITY, unbound

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from tenure.engine.backends import Source

BATCHES = pa.schema([("batch_id", pa.int64())])
IDENTIFIERS = pa.schema([("identifier_id", pa.int64())])


@dataclass(frozen=True, slots=True)
class Inputs:
    """Rows of the lake with all that says which of them count, and for whom.

    Attributes:
        events: rows of the lake, or files of it.
        schema: their columns.
        identity: the sparse map of identifiers to customers.
        undone: imports taken back, column batch_id.
        strangers: identifiers of other party types than the lifecycle's, column identifier_id.
        world_us: only events that had occurred by then.
        known_us: only events that had been recorded by then.
    """

    events: Source
    schema: pa.Schema
    identity: pa.Table = field(default_factory=IDENTITY.empty_table)
    undone: pa.Table = field(default_factory=BATCHES.empty_table)
    strangers: pa.Table = field(default_factory=IDENTIFIERS.empty_table)
    world_us: int | None = None
    known_us: int | None = None

    def expression(self) -> ir.Table:
        """Events with ``customer_id``, as an expression over the tables of ``sources``.

        Empty tables leave no join behind, so most lifecycles read their events straight.
        """
        undone = unbound("undone", BATCHES) if self.undone.num_rows else None
        events = events_as_of(
            unbound("events", self.schema),
            world_us=self.world_us,
            known_us=self.known_us,
            undone=undone,
        )
        if self.strangers.num_rows:
            events = events.anti_join(unbound("strangers", IDENTIFIERS), "identifier_id")
        identity = unbound("identity", IDENTITY) if self.identity.num_rows else None
        return of_customers(events, identity)

    def sources(self) -> dict[str, Source]:
        """The rows of every unbound table, by name."""
        return {
            "events": self.events,
            "identity": self.identity,
            "undone": self.undone,
            "strangers": self.strangers,
        }


def expression_over(schema: pa.Schema) -> ir.Table:
    """The uncut expression of ``Inputs`` with every join in it, whatever the tables hold."""
    undone = unbound("undone", BATCHES)
    events = events_as_of(unbound("events", schema), undone=undone)
    events = events.anti_join(unbound("strangers", IDENTIFIERS), "identifier_id")
    return of_customers(events, unbound("identity", IDENTITY))
