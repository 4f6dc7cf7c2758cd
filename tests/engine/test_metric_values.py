"""Metrics at a moment: by hand, and against the independent evaluator."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tenure.clock import DAY_US
from tenure.definitions import Library, Metric, parse
from tenure.engine.backends.duckdb import DuckDBRunner
from tenure.engine.metrics import metric_values

from .brute_force import Days, Happened, Moment, World
from .worlds import NAME, START_US, arrow_of, events, library_of, metrics, unbound

EXAMPLES = int(os.environ.get("TENURE_LAW_EXAMPLES", "25"))


@pytest.fixture(scope="module")
def runner() -> DuckDBRunner:
    return DuckDBRunner(threads=1)


def order(number: int, day: float, amount: float, customer: int = 1) -> Happened:
    at_us = START_US + round(day * DAY_US)
    return Happened(number, customer, "order.placed", at_us, {"amount": amount})


def values(
    runner: DuckDBRunner, library: Library, found: list[Happened], day: float
) -> dict[int, dict[str, object]]:
    keys = sorted(library.metrics)
    expr = metric_values(library, keys, unbound(), at_us=START_US + round(day * DAY_US))
    rows = runner.run(expr, {"events": arrow_of(found)}).to_pylist()
    return {row["customer_id"]: row for row in rows}


def of_orders(key: str, agg: str, **more: object) -> Metric:
    return Metric(key, NAME, of=("order.placed",), agg=agg, **more)  # type: ignore[arg-type]


def test_a_customer_without_matching_events_has_zero_counts_and_null_otherwise(
    runner: DuckDBRunner,
) -> None:
    library = library_of(
        [
            of_orders("n", "count"),
            of_orders("revenue", "sum", field="amount"),
            of_orders("kinds", "distinct", field="channel"),
            of_orders("mean", "mean", field="amount"),
            of_orders("age", "days_since_last"),
            of_orders("gap", "gap_median"),
            of_orders("channel", "last", field="channel"),
        ],
        [None],
        [0],
    )
    noted = [Happened(1, 7, "other.noted", START_US)]
    assert values(runner, library, noted, 1)[7] == {
        "customer_id": 7, "n": 0.0, "revenue": 0.0, "kinds": 0.0,
        "mean": None, "age": None, "gap": None, "channel": None,
    }  # fmt: skip


def test_a_window_leaves_out_its_far_end(runner: DuckDBRunner) -> None:
    library = library_of([of_orders("n", "count", window_us=2 * DAY_US)], [None], [0])
    found = [order(1, 0, 1.0), order(2, 1, 1.0)]
    assert values(runner, library, found, 1.999)[1]["n"] == 2
    assert values(runner, library, found, 2)[1]["n"] == 1


def test_money_is_exact_in_currency_units(runner: DuckDBRunner) -> None:
    library = library_of(
        [of_orders("revenue", "sum", field="amount"), of_orders("mean", "mean", field="amount")],
        [None],
        [0],
    )
    found = [order(1, 0, 0.1), order(2, 0, 0.2), order(3, 1, -0.3)]
    assert values(runner, library, found, 1)[1]["revenue"] == 0.0
    assert values(runner, library, found, 0)[1]["mean"] == pytest.approx(0.15)


def test_events_at_one_moment_have_no_gap(runner: DuckDBRunner) -> None:
    library = library_of(
        [of_orders("median", "gap_median"), of_orders("last", "gap_last")], [None], [0]
    )
    found = [order(1, 0, 1), order(2, 0, 1), order(3, 4, 1), order(4, 4, 1), order(5, 6, 1)]
    row = values(runner, library, found, 9)[1]
    assert (row["median"], row["last"]) == (3.0, 2.0)


def test_derived_metrics_divide_by_zero_to_null(runner: DuckDBRunner) -> None:
    n, revenue = of_orders("n", "count"), of_orders("revenue", "sum", field="amount")
    node = parse("revenue / n", {"revenue": "number", "n": "number"})
    library = library_of([n, revenue, Metric("average", NAME, expression=node)], [None], [0])
    found = [order(1, 0, 3.0), order(2, 1, 5.0), Happened(3, 2, "other.noted", START_US)]
    at_end = values(runner, library, found, 2)
    assert at_end[1]["average"] == 4.0
    assert at_end[2]["average"] is None


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    wanted=st.tuples(*(metrics(index) for index in range(4))),
    found=events(),
    quarter=st.integers(0, 40),
)
def test_metrics_are_what_the_evaluator_finds(
    runner: DuckDBRunner, wanted: tuple[Metric, ...], found: list[Happened], quarter: int
) -> None:
    library = library_of(list(wanted), [None], [0])
    at_us = START_US + quarter * DAY_US // 4
    computed = values(runner, library, found, quarter / 4)
    known = [event for event in found if event.at_us <= at_us]
    assert set(computed) == {event.customer_id for event in known}
    for customer, row in computed.items():
        world = World(library, "path", tuple(e for e in known if e.customer_id == customer))
        for metric in wanted:
            expected = Moment(world, at_us).metric(metric.key)
            if isinstance(expected, Days):
                expected = float(expected.ages) / DAY_US
            assert row[metric.key] == expected, metric
