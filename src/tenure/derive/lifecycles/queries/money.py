"""What the customers of each stage are worth: the money of their last year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import pyarrow as pa

from tenure.actor import Actor
from tenure.clock import DAY_US, to_microseconds
from tenure.definitions import Library, Lifecycle, Metric, fingerprint
from tenure.definitions.expression import Name, names_in
from tenure.derive.lifecycles.projection.places import house_runner
from tenure.derive.lifecycles.queries.everybody import events_of_all
from tenure.derive.lifecycles.queries.reading import (
    Group,
    Reading,
    history_of,
    microseconds_or_none,
)
from tenure.derive.lifecycles.queries.remembered import REMEMBERED, state_of_house
from tenure.engine import flows
from tenure.engine.measures import MONEY_UNITS
from tenure.engine.metrics import metric_values
from tenure.engine.schema import unbound
from tenure.money import from_e4
from tenure.words import Words

VALUES = pa.schema([("customer_id", pa.int64()), ("amount_e4", pa.int64())])
_A_YEAR_US = 365 * DAY_US
_PREFERRED = ("revenue_365d", "sales_365d")


@dataclass(frozen=True, slots=True)
class StageMoney:
    """The money of each stage, by one metric summed over its customers.

    Attributes:
        metric: its key.
        name: the same for people.
        stages: sums by code, in the organisation's currency.
        before: the same at the moment compared with.
    """

    metric: str
    name: Words
    stages: Mapping[str, Decimal]
    before: Mapping[str, Decimal]

    @property
    def total(self) -> Decimal:
        """Of all stages."""
        return sum(self.stages.values(), Decimal(0))


@dataclass(frozen=True, slots=True)
class MoneyAccount:
    """One stage over a period in money: ``opening + entered - left = closing``."""

    stage: str
    opening: Decimal
    entered: Decimal
    left: Decimal
    closing: Decimal


def money_metric(library: Library, lifecycle: Lifecycle) -> Metric | None:
    """The metric a stage's money is told in.

    A yearly sum the lifecycle's own conditions look at, else the net revenue (or sales) of 365
    days, else any yearly sum of money; ``None`` where the library has none.
    """
    named = {
        key for stage in lifecycle.stages if stage.when is not None for key in names_in(stage.when)
    }
    own = [key for key in library.metrics if key in named]
    for key in [*own, *_PREFERRED, *library.metrics]:
        metric = library.metrics.get(key)
        if metric is not None and _is_a_years_money(library, metric):
            return metric
    return None


def stage_money(
    lifecycle: str,
    *,
    as_of: datetime,
    since: datetime,
    viewer: Actor,
    known_at: datetime | None = None,
    among: Group | None = None,
    worth_at: datetime | None = None,
) -> StageMoney | None:
    """The money of each stage at a moment and at an earlier one.

    Args:
        lifecycle: its key.
        as_of: the moment in the world, aware.
        since: the moment compared with, aware.
        viewer: who asks; only customers the viewer may see count.
        known_at: as it was believed at this moment (aware); as known now when ``None``.
        among: only these customers.
        worth_at: the moment up to which a customer's year is counted for ``as_of`` (aware);
            ``as_of`` when ``None``. Doors give the end of the day, so that all who ask on
            one day share one reading of the log.

    Returns:
        ``None`` where no metric of the library is a year's money.

    Raises:
        UnknownLifecycleError: no such lifecycle.
    """
    with history_of(lifecycle, viewer=viewer, known_at=known_at, among=among) as reading:
        metric = money_metric(reading.library, reading.lifecycle)
        if metric is None:
            return None
        now, before = (
            _sums(reading, metric, stood, worth, known_at)
            for stood, worth in ((as_of, worth_at or as_of), (since, since))
        )
    return StageMoney(metric.key, metric.name, now, before)


def money_accounts(
    lifecycle: str,
    *,
    from_at: datetime,
    to_at: datetime,
    viewer: Actor,
    known_at: datetime | None = None,
    among: Group | None = None,
    worth_at: datetime | None = None,
) -> list[MoneyAccount]:
    """Flow accounts in money, each customer at the worth of the end, so that they add up.

    Arguments as for :func:`stage_money`; ``worth_at`` is the end of the period when ``None``.

    Returns:
        In the order of the definition; empty where no metric is a year's money.

    Raises:
        UnknownLifecycleError: no such lifecycle.
    """
    begin, end = to_microseconds(from_at), to_microseconds(to_at)
    with history_of(lifecycle, viewer=viewer, known_at=known_at, among=among) as reading:
        metric = money_metric(reading.library, reading.lifecycle)
        if metric is None:
            return []
        values = worth_of_all(reading, metric, worth_at or to_at, known_at)
        expression = flows.flow_accounts(
            reading.intervals, from_us=begin, to_us=end, values=unbound("values", VALUES)
        )
        rows = {row["stage"]: row for row in reading.run(expression, values=values).to_pylist()}
        codes = [stage.code for stage in reading.lifecycle.stages]
    sides = ("opening", "entered", "left", "closing")
    return [
        MoneyAccount(code, *(from_e4(rows.get(code, {}).get(f"{side}_e4") or 0) for side in sides))
        for code in codes
    ]


def worth_of_all(
    reading: Reading, metric: Metric, at: datetime, known_at: datetime | None = None
) -> pa.Table:
    """What every customer is worth at a moment by a metric: customer_id, amount_e4."""
    library, party = reading.library, reading.lifecycle.party
    at_us = to_microseconds(at)
    known_us = microseconds_or_none(known_at)
    base = library.base_metrics([Name(metric.key)])
    said = tuple(fingerprint(one) for one in (metric, *base))
    key = ("worth", party, said, at_us, known_us, state_of_house())

    def compute() -> pa.Table:
        types = sorted({of for one in base for of in one.of})
        with events_of_all(library, party, known_us=known_us, types=types) as everybody:
            rows = metric_values(library, [metric.key], everybody.events, at_us=at_us)
            scaled = (rows[metric.key] * MONEY_UNITS).round().cast("int64").fill_null(0)
            chosen = rows.select("customer_id", amount_e4=scaled)
            return house_runner().run(chosen, everybody.inputs)

    return REMEMBERED.table(key, compute)


def _sums(
    reading: Reading, metric: Metric, at: datetime, worth_at: datetime, known_at: datetime | None
) -> dict[str, Decimal]:
    values = worth_of_all(reading, metric, worth_at, known_at)
    expression = flows.stage_money(
        reading.intervals, at_us=to_microseconds(at), values=unbound("values", VALUES)
    )
    found = {
        row["stage"]: row["amount_e4"] for row in reading.run(expression, values=values).to_pylist()
    }
    return {stage.code: from_e4(found.get(stage.code, 0)) for stage in reading.lifecycle.stages}


def _is_a_years_money(library: Library, metric: Metric) -> bool:
    if metric.unit != "money":
        return False
    base = library.base_metrics([Name(metric.key)])
    return bool(base) and all(
        one.agg == "sum" and one.unit == "money" and one.window_us == _A_YEAR_US for one in base
    )
