"""One customer's events as the engine reads them, and metric values at many moments at once.

The events come from the database's index, not from the lake: the lake is made for everybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tenure.definitions import Library
from tenure.derive.lifecycles.projection.places import house_runner
from tenure.derive.lifecycles.queries.causes import Value
from tenure.engine.metrics import metric_values
from tenure.engine.schema import EVENT_BASE, event_schema, promote, unbound
from tenure.record.events.queries.paging import event_columns

if TYPE_CHECKING:
    import ibis.expr.types as ir

# Moments are shifted to this one, so that one run of the engine answers for all of them.
_MIDDLE_US = 2**60


def events_table(
    library: Library, identifiers: Sequence[int], *, known_at: datetime | None = None
) -> pa.Table:
    """All events of a customer with the columns of the lake and ``customer_id``.

    Args:
        library: whose fields become columns.
        identifiers: all of the customer's, the customer's own number first.
        known_at: only what had been recorded at this moment (aware).
    """
    columns = event_columns(identifiers, known_at=known_at)
    rows = pa.Table.from_pydict(dict(columns), schema=EVENT_BASE)
    events = promote(rows, event_schema(library))
    return events.append_column(
        "customer_id", pa.array(np.full(len(events), identifiers[0]), pa.int64())
    )


def values_at(
    library: Library, keys: Sequence[str], events: pa.Table, moments_us: Sequence[int]
) -> list[dict[str, Value]]:
    """Values of metrics right after each moment, of one customer.

    Every moment becomes a customer of its own: the events up to then, moved so that the
    moment falls on a fixed one. Metrics only look at distances in time, so values are the same.

    Args:
        library: holds the metrics.
        keys: base or derived metrics.
        events: of ``events_table``.
        moments_us: in any order.

    Returns:
        For each moment the values by key; a key is absent where nothing had happened.
    """
    found: list[dict[str, Value]] = [{} for _ in moments_us]
    if not keys or not moments_us or not len(events):
        return found
    rows = _moved(events, moments_us)
    expression = _in_the_middle(library, tuple(keys), rows.schema)
    for row in house_runner().run(expression, {"events": rows}).to_pylist():
        found[int(row.pop("customer_id"))] = row
    return found


def values_of_rows(
    library: Library,
    keys: Sequence[str],
    events: pa.Table,
    moments: Sequence[tuple[int, int]],
) -> list[dict[str, Value]]:
    """Values of metrics of many customers, each right after a moment of its own.

    Args:
        library: holds the metrics.
        keys: base or derived metrics.
        events: of all these customers, with ``customer_id``.
        moments: customer and moment (microseconds), in any order.
    """
    found: list[dict[str, Value]] = [{} for _ in moments]
    if not keys or not moments or not len(events):
        return found
    parts = []
    for index, (customer, moment) in enumerate(moments):
        own = events.filter(pc.equal(events["customer_id"], pa.scalar(customer)))
        parts.append(_moved_one(own, moment, index))
    rows = pa.concat_tables(parts)
    expression = _in_the_middle(library, tuple(keys), rows.schema)
    for row in house_runner().run(expression, {"events": rows}).to_pylist():
        found[int(row.pop("customer_id"))] = row
    return found


@lru_cache(maxsize=128)
def _in_the_middle(library: Library, keys: tuple[str, ...], schema: pa.Schema) -> ir.Table:
    """The same expression for every customer: putting it together takes longer than running it."""
    return metric_values(library, keys, unbound("events", schema), at_us=_MIDDLE_US)


def _moved(events: pa.Table, moments_us: Sequence[int]) -> pa.Table:
    """A copy of the events up to each moment, numbered by it and moved to the middle."""
    parts = [_moved_one(events, moment, index) for index, moment in enumerate(moments_us)]
    return pa.concat_tables(parts)


def _moved_one(events: pa.Table, moment: int, number: int) -> pa.Table:
    part = events.filter(pc.less_equal(events["occurred_us"], pa.scalar(moment)))
    occurred = pc.add(part["occurred_us"], pa.scalar(_MIDDLE_US - moment))
    part = part.set_column(part.column_names.index("occurred_us"), "occurred_us", occurred)
    numbers = pa.array(np.full(len(part), number), pa.int64())
    return part.set_column(part.column_names.index("customer_id"), "customer_id", numbers)
