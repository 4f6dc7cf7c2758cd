"""Metrics as of one moment: one row per customer, one column per metric."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import reduce

import ibis
import ibis.expr.types as ir

from tenure.clock import DAY_US
from tenure.definitions import Library, Metric
from tenure.definitions.expression.tree import Name
from tenure.engine.expressions import number, value_of
from tenure.engine.measures import (
    AGES,
    GAPS,
    counts,
    in_days,
    measured,
    scale_of,
    units,
)

_ZERO_WHEN_EMPTY = frozenset({"count", "sum", "distinct"})


def metric_values(
    library: Library, metric_keys: Sequence[str], events: ir.Table, *, at_us: int
) -> ir.Table:
    """The values of metrics at a moment.

    Args:
        library: holds the metrics.
        metric_keys: base or derived metrics, in the order wanted.
        events: of customers (``asof.of_customers``), of all types.
        at_us: the moment, microseconds UTC; later events do not count.

    Returns:
        customer_id and one column per metric: a row for every customer with any event up to
        then. Counts, sums and distinct counts are 0 where empty, all else is NULL.

    Raises:
        KeyError: no such metric.
    """
    base = library.base_metrics([Name(key) for key in metric_keys])
    snapshot = Snapshot(library, base, at_us=at_us)
    rows = snapshot.rows(events)

    def value(key: str) -> ir.Value:
        node = library.resolve(Name(key, None))
        return value_of(node, lambda name: snapshot.value(rows, name))

    return rows.select("customer_id", **{key: value(key) for key in metric_keys})


class Snapshot:
    """Base metrics of every customer at one moment.

    Args:
        library: gives the fields' types.
        metrics: the base metrics wanted.
        at_us: the moment.
    """

    def __init__(self, library: Library, metrics: Iterable[Metric], *, at_us: int) -> None:
        self._library = library
        self._metrics = {metric.key: metric for metric in metrics}
        self._at_us = at_us

    def value(self, rows: ir.Table, name: Name) -> ir.Value:
        """The value of a metric in ``rows``."""
        metric = self._metrics[name.key]
        if metric.agg in AGES:
            return in_days(self._at_us - rows[f"born_{name.key}"])
        return rows[name.key]

    def born(self, key: str) -> Callable[[ir.Table], ir.Value]:
        """The moment from which the age ``key`` counts."""
        return lambda rows: rows[f"born_{key}"]

    def rows(self, events: ir.Table) -> ir.Table:
        """Every customer with any event up to the moment, and the metrics."""
        events = events.filter(events.occurred_us <= self._at_us)
        rows = events.select("customer_id").distinct()
        for part in self._parts(events):
            rows = rows.left_join(part, "customer_id").drop("customer_id_right")
        filled = {
            key: ibis.coalesce(rows[key], ibis.literal(0).cast(rows[key].type()))
            for key, metric in self._metrics.items()
            if metric.agg in _ZERO_WHEN_EMPTY
        }
        return rows.mutate(**filled) if filled else rows

    def _parts(self, events: ir.Table) -> list[ir.Table]:
        parts: list[ir.Table] = []
        plain: dict[str, ir.Value] = {}
        used: list[ir.BooleanValue] = []
        for key, metric in self._metrics.items():
            member = self._member(metric, events)
            if metric.agg in GAPS:
                parts.append(self._gap(metric, events.filter(member)))
            elif metric.agg in ("first", "last"):
                parts.append(self._chosen(metric, events.filter(member)))
            elif metric.agg == "distinct":
                values = measured(self._library, metric, events)
                parts.append(_per_customer(events, **{key: values.nunique(where=member)}))
            else:
                name = f"born_{key}" if metric.agg in AGES else key
                plain[name] = self._plain(metric, events, member)
                used.append(member)
        if plain:
            rows = _per_customer(events, reduce(lambda a, b: a | b, used), **plain)
            parts.append(rows)
        return parts

    def _member(self, metric: Metric, events: ir.Table) -> ir.BooleanValue:
        member = counts(self._library, metric, events)
        if metric.window_us is not None:
            member = member & (events.occurred_us > self._at_us - metric.window_us)
        return member

    def _plain(self, metric: Metric, events: ir.Table, member: ir.BooleanValue) -> ir.Value:
        moment = events.occurred_us
        match metric.agg:
            case "count":
                return moment.count(where=member)
            case "days_since_first":
                return moment.min(where=member)
            case "days_since_last":
                return moment.max(where=member)
            case "min" | "max":
                return getattr(measured(self._library, metric, events), metric.agg)(where=member)
        unit, scale = units(self._library, metric, events), number(scale_of(self._library, metric))
        total = unit.sum(where=member) / scale
        if metric.agg == "sum":
            return total
        return total / unit.count(where=member).cast("float64").nullif(number(0.0))

    def _gap(self, metric: Metric, events: ir.Table) -> ir.Table:
        order = ibis.window(group_by="customer_id", order_by=["occurred_us", "event_id"])
        rows = events.select("customer_id", "occurred_us", "event_id")
        rows = rows.mutate(before=rows.occurred_us.lag(1).over(order))
        gap = (rows.occurred_us - rows.before).nullif(0).cast("float64")
        match metric.agg:
            case "gap_median":
                figure = gap.median() / number(DAY_US)
            case "gap_max":
                figure = gap.max() / number(DAY_US)
            case _:
                began = rows.before.max(where=rows.occurred_us > rows.before)
                figure = in_days(rows.occurred_us.max() - began)
        return _per_customer(rows, **{metric.key: figure})

    def _chosen(self, metric: Metric, events: ir.Table) -> ir.Table:
        rows = events.select(
            "customer_id", "occurred_us", "event_id",
            **{metric.key: measured(self._library, metric, events)},
        )  # fmt: skip
        rows = rows.filter(rows[metric.key].notnull())
        keys = [rows.occurred_us, rows.event_id]
        if metric.agg == "last":
            keys = [key.desc() for key in keys]
        order = ibis.window(group_by="customer_id", order_by=keys)
        rows = rows.mutate(place=ibis.row_number().over(order))
        return rows.filter(rows.place == 0).select("customer_id", metric.key)


def _per_customer(
    rows: ir.Table, used: ir.BooleanValue | None = None, **figures: ir.Value
) -> ir.Table:
    if used is not None:
        rows = rows.filter(used)
    return rows.group_by("customer_id").agg(**figures)
