"""What a metric reads from an event: does the event count, and which value does it bring.

Sums are made of whole units (ten-thousandths of money, millionths of a number) held in
doubles: additions of whole numbers below 2^53 are exact, so a sum does not depend on the
order of its parts, and what leaves a window takes away exactly what it had brought.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from tenure.clock import DAY_US
from tenure.definitions import Library, Metric
from tenure.definitions.event_type import ENVELOPE
from tenure.definitions.expression.tree import Name, Node
from tenure.engine.expressions import as_double, holds, number

AGES = frozenset({"days_since_first", "days_since_last"})
GAPS = frozenset({"gap_median", "gap_max", "gap_last"})
WINDOWED = frozenset({"count", "sum", "mean", "min", "max"})

MONEY_UNITS = 10_000.0
NUMBER_UNITS = 1_000_000.0
# Beyond this a double no longer fits a BIGINT, through which rounding goes.
_LARGEST = 9e18


def column_of(library: Library, of: tuple[str, ...], key: str, events: ir.Table) -> ir.Value:
    """The field ``key`` of each event: money in currency units, numbers as doubles.

    ``source`` and ``currency`` are told of every event.
    """
    if key in ENVELOPE:
        return events[key]
    field = library.fields_of(of)[key]
    if field.type == "money":
        return _amount(library, of, key, events) / number(MONEY_UNITS)
    return as_double(events[f"f_{field.key}"])


def _amount(library: Library, of: tuple[str, ...], key: str, events: ir.Table) -> ir.Value:
    # One column holds every event's money, whatever its field is called: the amount of an
    # event type without this field is another one.
    amount = as_double(events.amount_e4)
    having = [one for one in of if any(f.key == key for f in library.event_types[one].fields)]
    if len(having) == len(of):
        return amount
    return ibis.ifelse(events.type.isin(sorted(having)), amount, ibis.null("float64"))


def counts(library: Library, metric: Metric, events: ir.Table) -> ir.BooleanValue:
    """Whether each event is one ``metric`` is made of: its type, and its ``where`` is TRUE."""
    of_type = events.type.isin(sorted(metric.of))
    if metric.where is None:
        return of_type
    return of_type & where_holds(library, metric, metric.where, events)


def where_holds(library: Library, metric: Metric, where: Node, events: ir.Table) -> ir.BooleanValue:
    """Whether ``where`` is TRUE of each event's own fields."""

    def names(name: Name) -> ir.Value:
        return column_of(library, metric.of, name.key, events)

    return holds(where, names)


def measured(library: Library, metric: Metric, events: ir.Table) -> ir.Value:
    """The value of the metric's field in each event."""
    assert metric.field is not None
    return column_of(library, metric.of, metric.field, events)


def scale_of(library: Library, metric: Metric) -> float:
    """How many whole units make one of the metric's field."""
    assert metric.field is not None
    field = library.fields_of(metric.of)[metric.field]
    return {"money": MONEY_UNITS, "integer": 1.0}.get(field.type, NUMBER_UNITS)


def units(library: Library, metric: Metric, events: ir.Table) -> ir.Value:
    """The metric's field in each event in whole units, as doubles."""
    assert metric.field is not None
    field = library.fields_of(metric.of)[metric.field]
    if field.type == "money":
        return _amount(library, metric.of, field.key, events)
    value = measured(library, metric, events)
    if field.type == "integer":
        return value
    scaled = value * number(NUMBER_UNITS)
    largest = number(_LARGEST)
    bounded = ibis.cases((scaled > largest, largest), (scaled < -largest, -largest), else_=scaled)
    return as_double(bounded.round())


def in_days(microseconds: ir.Value) -> ir.Value:
    """Microseconds as days, a double."""
    return as_double(microseconds) / number(DAY_US)
