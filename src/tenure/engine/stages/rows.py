"""The rows of each customer that a lifecycle hangs on, and each metric's figure after them.

Rows are the events of the metrics, the customer's first event of any type (where a history
starts), and for figures in windows that are swept, the moments at which events leave.
"""

from __future__ import annotations

from functools import reduce

import ibis
import ibis.expr.types as ir

from tenure.definitions import Library, Metric
from tenure.definitions.expression import render
from tenure.definitions.expression.tree import Name
from tenure.engine.expressions import as_double, number
from tenure.engine.measures import counts, in_days, measured, scale_of, units
from tenure.engine.stages.beginnings import START, starts_of
from tenure.engine.stages.passes import CUSTOMER, EVENT, MOMENT, Make, Passes, within

FIRST_EXIT = -2
"""``event_id`` of the first kind of exit; the next kind is one less, and so on."""


class Figures:
    """Metrics of one lifecycle as columns over its rows.

    Args:
        library: gives the fields' types.
        metrics: the base metrics used.
        swept: keys of those in the sweep form.
        counted: keys of windowed counts in the deadline form.
    """

    def __init__(
        self,
        library: Library,
        metrics: tuple[Metric, ...],
        swept: tuple[str, ...],
        counted: frozenset[str],
    ) -> None:
        self._library = library
        self._metrics = {metric.key: metric for metric in metrics}
        self._swept = [self._metrics[key] for key in swept]
        self._streams: dict[tuple[object, ...], str] = {}
        self._stream_of = {metric.key: self._stream(metric) for metric in metrics}
        self._passes = Passes(alone=len(self._streams) == 1 and not swept)
        self._raw: dict[str, Make] = {}
        self._figures = {
            metric.key: self._figure(metric) for metric in metrics if metric.key not in counted
        }

    @property
    def exits(self) -> list[tuple[str, int]]:
        """Kinds of exit: stream and window of the swept metrics."""
        return list(dict.fromkeys((self._stream_of[m.key], m.window_us or 0) for m in self._swept))

    def exit_of(self, key: str) -> int | None:
        """``event_id`` of the exits that can change the swept metric ``key``."""
        metric = self._metrics[key]
        kind = (self._stream_of[key], metric.window_us or 0)
        return FIRST_EXIT - self.exits.index(kind) if kind in self.exits else None

    def value(self, rows: ir.Table, name: Name) -> ir.Value:
        """The figure of a metric after each row; an age as of the row itself."""
        return self._figures[name.key](rows)

    def born(self, key: str) -> Make:
        """The moment from which the age ``key`` counts."""
        metric, stream = self._metrics[key], self._stream_of[key]
        oldest = metric.agg == "days_since_first"
        name = self._passes.earliest(stream) if oldest else self._passes.latest(stream)
        return lambda t: t[name]

    def nth_latest(self, key: str, nth: int) -> Make:
        """Moment of the ``nth`` latest event of a metric, from 1."""
        name = self._passes.latest_but(self._stream_of[key], nth - 1)
        return lambda t: t[name]

    def window_us(self, key: str) -> int:
        """Length of a windowed metric's window."""
        return self._metrics[key].window_us or 0

    def rows(self, events: ir.Table) -> ir.Table:
        """One row per customer and moment, with the figures and ``next_us`` (NULL: no more).

        Args:
            events: of customers (``customer_id``), of any types.
        """
        return last_of_moment(self._passes.run(self._with_exits(events, self._read(events))))

    def all_rows(self, events: ir.Table) -> ir.Table:
        """One row per event of the metrics and one for each customer's start, with the figures.

        For several lifecycles at once: which rows are one's own is said by ``belongs_to``, and
        the last of its own at a moment is the one that knows them all.
        """
        read = self._read(events, starts=False)
        starts = starts_of(events, ibis.literal(value=False), read)
        return self._passes.run(self._with_exits(events, read.union(starts)))

    def belongs_to(self, metrics: tuple[Metric, ...], swept: tuple[str, ...]) -> Make:
        """Whether a row is one of a lifecycle with these metrics, ``swept`` among them."""
        streams = dict.fromkeys(self._stream_of[metric.key] for metric in metrics)
        kinds = {START, *(number for key in swept if (number := self.exit_of(key)) is not None)}
        return lambda rows: reduce(
            lambda a, b: a | b,
            [rows[f"in_{stream}"] for stream in streams],
            rows[EVENT].isin(sorted(kinds)),
        )

    def _with_exits(self, events: ir.Table, raw: ir.Table) -> ir.Table:
        for index, (stream, window_us) in enumerate(self.exits):
            raw = raw.union(self._exits(self._read(events, starts=False), stream, window_us, index))
        return raw

    def _stream(self, metric: Metric) -> str:
        where = None if metric.where is None else render(metric.where)
        needs = metric.field if metric.agg in ("first", "last", "distinct") else None
        key = (tuple(sorted(metric.of)), where, needs)
        return self._streams.setdefault(key, f"s{len(self._streams)}")

    def _belongs(self, metric: Metric, events: ir.Table) -> ir.BooleanValue:
        belongs = counts(self._library, metric, events)
        if metric.agg in ("first", "last", "distinct"):
            belongs = belongs & measured(self._library, metric, events).notnull()
        return belongs

    def _read(self, events: ir.Table, *, starts: bool = True) -> ir.Table:
        members = {
            stream: next(m for m in self._metrics.values() if self._stream_of[m.key] == stream)
            for stream in self._streams.values()
        }
        belonging = {s: self._belongs(metric, events) for s, metric in members.items()}
        used = reduce(lambda a, b: a | b, belonging.values(), ibis.literal(value=False))
        types = sorted({of for metric in self._metrics.values() for of in metric.of})
        flags = {f"in_{stream}": flag for stream, flag in belonging.items()}
        if len(flags) == 1:
            flags = dict.fromkeys(flags, ibis.literal(value=True).cast("boolean"))
        rows = events.filter(events.type.isin(types) & used).select(
            customer_id=events.customer_id,
            event_id=events.event_id,
            at_us=events.occurred_us,
            **flags,
            **{name: make(events) for name, make in self._raw.items()},
        )
        return rows.union(starts_of(events, used, rows)) if starts else rows

    def _exits(self, rows: ir.Table, stream: str, window_us: int, index: int) -> ir.Table:
        leaving = rows.filter(rows[f"in_{stream}"])
        columns: dict[str, ir.Value] = {}
        for name in rows.columns[3:]:
            if name.startswith("in_"):
                columns[name] = ibis.literal(value=False).cast("boolean")
            elif name.endswith(f"_{stream}_{window_us}"):
                columns[name] = -leaving[name]
            elif name.startswith("delta_"):
                columns[name] = number(0.0)
            else:
                columns[name] = ibis.null(rows[name].type())
        return leaving.select(
            customer_id=leaving[CUSTOMER],
            event_id=ibis.literal(FIRST_EXIT - index).cast("int64"),
            at_us=leaving[MOMENT] + window_us,
            **columns,
        )

    def _figure(self, metric: Metric) -> Make:  # noqa: PLR0911 (one per aggregate)
        stream, passes = self._stream_of[metric.key], self._passes
        match metric.agg:
            case "count":
                return self._count(metric)
            case "sum" | "mean":
                return self._sum(metric)
            case "min" | "max":
                return self._extreme(metric)
            case "days_since_first" | "days_since_last":
                born = self.born(metric.key)
                return lambda t: in_days(t[MOMENT] - born(t))
            case "gap_last":
                latest, began = passes.latest(stream), passes.before_gap(stream)
                return lambda t: in_days(t[latest] - t[began])
            case "gap_median" | "gap_max":
                gap = passes.gap(stream, metric.agg.removeprefix("gap_"))
                return lambda t: in_days(t[gap])
        return self._chosen(metric)

    def _count(self, metric: Metric) -> Make:
        stream = self._stream_of[metric.key]
        if metric.window_us is None:
            name = self._passes.count(stream)
        else:
            name = self._swept_sum(metric, "n", lambda t: _flag(self._belongs(metric, t)))
        return lambda t: t[name]

    def _sum(self, metric: Metric) -> Make:
        library, scale = self._library, scale_of(self._library, metric)

        def brought(events: ir.Table) -> ir.Value:
            unit = units(library, metric, events)
            return ibis.ifelse(self._belongs(metric, events), unit, number(0.0)).fill_null(
                number(0.0)
            )

        total = self._swept_sum(metric, f"f_{metric.field}", brought)
        if metric.agg == "sum":
            return lambda t: t[total] / number(scale)

        def told(events: ir.Table) -> ir.Value:
            known = units(library, metric, events).notnull()
            return _flag(self._belongs(metric, events) & known)

        many = self._swept_sum(metric, f"t_{metric.field}", told)
        return lambda t: t[total] / number(scale) / t[many].nullif(number(0.0))

    def _swept_sum(self, metric: Metric, what: str, brought: Make) -> str:
        """A running sum of what rows bring; exits of the metric's window take it away."""
        stream = self._stream_of[metric.key]
        raw = f"delta_{what}_{stream}_{metric.window_us or 'ever'}"
        self._raw[raw] = brought
        return self._passes.running(f"running_{raw}", lambda t: t[raw], "sum")

    def _extreme(self, metric: Metric) -> Make:
        stream, agg = self._stream_of[metric.key], str(metric.agg)
        raw = f"value_{metric.field}_{stream}"
        self._raw[raw] = lambda t: self._masked(metric, t)
        name = f"{agg}_{raw}_{metric.window_us or 'ever'}"
        if metric.window_us is None:
            self._passes.running(name, lambda t: t[raw], agg)
        else:
            window_us = metric.window_us
            self._passes.first[name] = lambda t: getattr(t[raw], agg)().over(within(window_us))
        return lambda t: t[name]

    def _chosen(self, metric: Metric) -> Make:
        stream, passes = self._stream_of[metric.key], self._passes
        raw = f"value_{metric.field}_{stream}"
        self._raw[raw] = lambda t: self._masked(metric, t)
        pick = {"first": passes.initial, "last": passes.carried, "distinct": passes.distinct}
        name = pick[str(metric.agg)](stream, raw)
        return lambda t: t[name]

    def _masked(self, metric: Metric, events: ir.Table) -> ir.Value:
        value = measured(self._library, metric, events)
        return ibis.ifelse(self._belongs(metric, events), value, ibis.null(value.type()))


def last_of_moment(rows: ir.Table) -> ir.Table:
    """Of several rows at one moment only the last, which knows them all."""
    return rows.filter(rows.next_us.isnull() | (rows.next_us > rows[MOMENT]))


def _flag(condition: ir.BooleanValue) -> ir.Value:
    return as_double(condition.fill_null(False).cast("int64"))
