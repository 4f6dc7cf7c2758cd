"""Which events count: cut on both clocks, without undone imports, per customer.

Moments are int64 microseconds UTC. Cutting comes before everything else, so that a reading
as of a moment is the same computation on fewer rows.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

# Statements about the log itself: no part of a customer's life, so that stating and taking
# back leaves no trace in it.
STATEMENTS = ("identity.linked", "identity.unlinked", "identity.reopened", "import.undone")


def events_as_of(
    events: ir.Table,
    *,
    world_us: int | None = None,
    known_us: int | None = None,
    undone: ir.Table | None = None,
) -> ir.Table:
    """The events that had happened and that we had heard of.

    Args:
        events: rows of the lake.
        world_us: keep what occurred up to this moment (what was true then).
        known_us: keep what was recorded up to this moment (what we believed then).
        undone: table with the column ``batch_id``: imports undone by then.
    """
    if world_us is not None:
        events = events.filter(events.occurred_us <= world_us)
    if known_us is not None:
        events = events.filter(events.recorded_us <= known_us)
    if undone is not None:
        # Events of no import have a NULL batch and match nothing, so they stay.
        events = events.anti_join(undone, "batch_id")
    return events


def of_customers(events: ir.Table, identity: ir.Table | None = None) -> ir.Table:
    """Events with ``customer_id``; anonymous ones and statements about the log are left out.

    Args:
        events: rows of the lake.
        identity: the sparse map (identifier_id, customer_id) holding only identifiers whose
            customer is another identifier; without it every identifier is its own customer.
    """
    known = events.filter(events.identifier_id.notnull() & ~events.type.isin(STATEMENTS))
    if identity is None:
        return known.mutate(customer_id=known.identifier_id)
    renamed = identity.select(mapped_from=identity.identifier_id, mapped_to=identity.customer_id)
    joined = known.left_join(renamed, known.identifier_id == renamed.mapped_from)
    return joined.mutate(customer_id=ibis.coalesce(joined.mapped_to, joined.identifier_id)).drop(
        "mapped_from", "mapped_to"
    )


def bucket(events: ir.Table, index: int, count: int) -> ir.Table:
    """The events of one in ``count`` equal shares of the customers.

    Everything the engine computes is per customer, so shares are independent: computing one
    after the other bounds memory, computing them on several machines scales out.
    """
    return events if count == 1 else events.filter(events.customer_id.abs() % count == index)
