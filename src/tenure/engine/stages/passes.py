"""Columns over a customer's rows in order of time, computed in as few window passes as can be.

A *stream* is the set of events that some metrics are made of. Every row of a customer carries
each stream's figures as they stand after it, whether or not the row belongs to the stream.
Values carried along are cumulative maxima wherever they only grow (moments do): "the last
value that is not NULL" is computed differently by different engines and is never used.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import ibis
import ibis.expr.types as ir

Make = Callable[[ir.Table], ir.Value]
CUSTOMER, MOMENT, EVENT = "customer_id", "at_us", "event_id"


def in_order(*also: str) -> ir.WindowBuilder:
    """All rows of a customer (and of equal ``also``), in order of time."""
    return ibis.window(group_by=[CUSTOMER, *also], order_by=[MOMENT, EVENT])


def whole() -> ir.WindowBuilder:
    """All rows of a customer."""
    return ibis.window(group_by=CUSTOMER)


def up_to_here() -> ir.WindowBuilder:
    """The rows of a customer up to and including this one."""
    return ibis.window(group_by=CUSTOMER, order_by=[MOMENT, EVENT], preceding=None, following=0)


def before_here() -> ir.WindowBuilder:
    """The rows of a customer before this one."""
    return ibis.window(group_by=CUSTOMER, order_by=[MOMENT, EVENT], preceding=(None, 1))


def within(window_us: int) -> ir.WindowBuilder:
    """The rows of a customer in ``(t - window, t]``, peers of this moment included."""
    return ibis.window(group_by=CUSTOMER, order_by=MOMENT, range=(-(window_us - 1), 0))


@dataclass(slots=True)
class Passes:
    """The columns wanted, by the pass that makes them.

    Attributes:
        alone: the stream when every row but a history's start belongs to it: its figures
            then need no carrying from row to row.
        first: windows over the rows as read.
        second: windows over the first pass.
    """

    alone: bool
    first: dict[str, Make] = field(default_factory=dict)
    second: dict[str, Make] = field(default_factory=dict)

    def run(self, rows: ir.Table) -> ir.Table:
        """``rows`` with all columns and ``next_us``, the customer's next row."""
        first = {name: make(rows) for name, make in self.first.items()}
        rows = rows.mutate(next_us=rows[MOMENT].lead().over(in_order()), **first)
        second = {name: make(rows) for name, make in self.second.items()}
        return rows.mutate(**second) if second else rows

    def latest(self, stream: str) -> str:
        """Moment of the stream's latest event."""
        name = f"latest_{stream}"
        if self.alone:
            self.first[name] = lambda t: own_moment(t, stream)
        else:
            self.first[name] = lambda t: own_moment(t, stream).max().over(up_to_here())
        return name

    def earliest(self, stream: str) -> str:
        """Moment of the stream's first event."""
        name = f"earliest_{stream}"
        self.first[name] = lambda t: own_moment(t, stream).min().over(up_to_here())
        return name

    def before(self, stream: str) -> str:
        """Moment of the stream's latest event among the rows before this one."""
        name = f"before_{stream}"
        if self.alone:
            self.first[name] = lambda t: own_moment(t, stream).lag(1).over(in_order())
        else:
            self.first[name] = lambda t: own_moment(t, stream).max().over(before_here())
        return name

    def latest_but(self, stream: str, others: int) -> str:
        """Moment of the event with ``others`` later events of its stream up to here."""
        if others == 0:
            return self.latest(stream)
        name = f"latest_{stream}_but_{others}"
        if self.alone:
            self.first[name] = lambda t: own_moment(t, stream).lag(others).over(in_order())
            return name
        if others == 1:
            own = self.before(stream)
        else:
            own = f"own_{name}"
            self.first[own] = lambda t: t[MOMENT].lag(others).over(in_order(f"in_{stream}"))
        self.second[name] = lambda t: masked(t, stream, t[own]).max().over(up_to_here())
        return name

    def count(self, stream: str) -> str:
        """How many events of the stream there have been."""
        name = f"count_{stream}"
        if not self.alone:
            return self.running(name, lambda t: own_moment(t, stream), "count")

        # A row's number is several times cheaper than a running count; all rows are of the
        # stream but a history's start, which is the first.
        def numbered(t: ir.Table) -> ir.Value:
            strangers = (~t[f"in_{stream}"]).cast("int64").max()
            return ibis.row_number().over(in_order()) + 1 - strangers.over(whole())

        self.first[name] = numbered
        return name

    def running(self, name: str, value: Make, reduce: str) -> str:
        """A running ``sum``, ``min`` or ``max`` of ``value`` over the rows up to here."""
        self.first[name] = lambda t: getattr(value(t), reduce)().over(up_to_here())
        return name

    def gap(self, stream: str, reduce: str) -> str:
        """Running ``median`` or ``max`` of the stream's gaps, in microseconds.

        Events at one moment have no gap between them.
        """
        before = self.before(stream)
        name = f"gap_{reduce}_{stream}"

        def own(t: ir.Table) -> ir.Value:
            gap = masked(t, stream, (t[MOMENT] - t[before]).nullif(0))
            return getattr(gap, reduce)().over(up_to_here())

        self.second[name] = own
        return name

    def before_gap(self, stream: str) -> str:
        """Moment at which the stream's latest gap began."""
        before = self.before(stream)
        name = f"gap_from_{stream}"
        self.second[name] = lambda t: (
            ibis.ifelse(own_moment(t, stream) > t[before], t[before], ibis.null("int64"))
            .max()
            .over(up_to_here())
        )
        return name

    def carried(self, stream: str, value: str) -> str:
        """``value`` of the stream's latest event."""
        if self.alone:
            return value
        return self._at(f"last_{value}", stream, value, "argmax")

    def initial(self, stream: str, value: str) -> str:
        """``value`` of the stream's first event."""
        return self._at(f"first_{value}", stream, value, "argmin")

    def _at(self, name: str, stream: str, value: str, reduce: str) -> str:
        """``value`` of the stream's latest or first event, by the numbers of the rows."""
        number = "row_number"
        self.first[number] = lambda t: ibis.row_number().over(in_order())
        self.second[name] = lambda t: getattr(t[value], reduce)(masked(t, stream, t[number])).over(
            up_to_here()
        )
        return name

    def distinct(self, stream: str, value: str) -> str:
        """How many different values there have been."""
        own, name = f"seen_{value}", f"distinct_{value}"
        self.first[own] = lambda t: ibis.row_number().over(in_order(f"in_{stream}", value))
        self.second[name] = lambda t: (
            (t[f"in_{stream}"] & (t[own] == 0)).cast("int64").sum().over(up_to_here())
        )
        return name


def own_moment(rows: ir.Table, stream: str) -> ir.Value:
    """The row's moment where it belongs to the stream, else NULL."""
    return masked(rows, stream, rows[MOMENT])


def masked(rows: ir.Table, stream: str, value: ir.Value) -> ir.Value:
    """``value`` where the row belongs to the stream, else NULL."""
    return ibis.ifelse(rows[f"in_{stream}"], value, ibis.null(value.type()))
