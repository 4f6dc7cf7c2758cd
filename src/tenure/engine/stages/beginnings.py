"""Where histories start: at the customer's first event of any type."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from tenure.engine.expressions import number
from tenure.engine.stages.passes import CUSTOMER

START = -1
"""``event_id`` of a history's start where no event of the metrics is there."""


def starts_of(events: ir.Table, used: ir.BooleanValue, like: ir.Table) -> ir.Table:
    """First event of any type, of the customers whose history starts before the metrics do."""
    first = events.group_by(CUSTOMER).agg(
        at_us=events.occurred_us.min(), used_us=events.occurred_us.min(where=used)
    )
    first = first.filter(first.used_us.isnull() | (first.at_us < first.used_us))
    columns: dict[str, ir.Value] = {}
    for name in like.columns[3:]:
        if name.startswith("in_"):
            columns[name] = ibis.literal(value=False).cast("boolean")
        elif name.startswith("delta_"):
            columns[name] = number(0.0)
        else:
            columns[name] = ibis.null(like[name].type())
    return first.select(
        customer_id=first[CUSTOMER],
        event_id=ibis.literal(START).cast("int64"),
        at_us=first.at_us,
        **columns,
    )
