"""Laws of the engine: what it computes is what the definition says, at every microsecond."""

from __future__ import annotations

import os

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tenure.clock import DAY_US
from tenure.definitions import Library
from tenure.engine.asof import events_as_of
from tenure.engine.backends.duckdb import DuckDBRunner
from tenure.engine.stages import current_stages, stage_histories, stage_history
from tests.engine.brute_force import Happened, World
from tests.engine.worlds import START_US, arrow_of, events, libraries, several, unbound

EXAMPLES = int(os.environ.get("TENURE_LAW_EXAMPLES", "25"))
law = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
Interval = tuple[int, str, int, int | None]


@pytest.fixture(scope="module")
def runner() -> DuckDBRunner:
    return DuckDBRunner(threads=1)


def by_engine(
    runner: DuckDBRunner, library: Library, found: list[Happened], *, cut_us: int | None = None
) -> list[Interval]:
    table = events_as_of(unbound(), world_us=cut_us)
    rows = runner.run(stage_history(library, "path", table), {"events": arrow_of(found)})
    columns = ("customer_id", "stage", "entered_us", "left_us")
    return sorted(tuple(row[name] for name in columns) for row in rows.to_pylist())


def worlds(library: Library, found: list[Happened]) -> dict[int, World]:
    customers = sorted({event.customer_id for event in found})
    return {
        customer: World(library, "path", tuple(e for e in found if e.customer_id == customer))
        for customer in customers
    }


@law
@given(library=libraries(), found=events())
def test_history_is_what_moment_by_moment_evaluation_gives(
    runner: DuckDBRunner, library: Library, found: list[Happened]
) -> None:
    expected = [
        (customer, *interval)
        for customer, world in worlds(library, found).items()
        for interval in world.history()
    ]
    assert by_engine(runner, library, found) == sorted(expected)


@law
@given(library=libraries(), found=events(), quarter=st.integers(0, 40))
def test_current_stages_are_the_history_at_that_moment(
    runner: DuckDBRunner, library: Library, found: list[Happened], quarter: int
) -> None:
    at_us = START_US + quarter * DAY_US // 4
    current = runner.run(
        current_stages(library, "path", unbound(), at_us=at_us), {"events": arrow_of(found)}
    )
    expected = {
        customer: world.stage_at(at_us)
        for customer, world in worlds(
            library, [event for event in found if event.at_us <= at_us]
        ).items()
    }
    assert {row["customer_id"]: row["stage"] for row in current.to_pylist()} == expected


@law
@given(library=libraries(), found=events(), quarter=st.integers(0, 24))
def test_history_of_the_log_cut_is_the_history_cut(
    runner: DuckDBRunner, library: Library, found: list[Happened], quarter: int
) -> None:
    at_us = START_US + quarter * DAY_US // 4

    def until(rows: list[Interval]) -> list[Interval]:
        kept = [row for row in rows if row[2] <= at_us]
        return [
            (customer, stage, entered, left if left is not None and left <= at_us else None)
            for customer, stage, entered, left in kept
        ]

    whole = by_engine(runner, library, found)
    cut = by_engine(runner, library, found, cut_us=at_us)
    assert until(cut) == until(whole)


@law
@given(library=several(), found=events())
def test_histories_together_are_those_alone(
    runner: DuckDBRunner, library: Library, found: list[Happened]
) -> None:
    keys, table = tuple(library.lifecycles), unbound().drop("f_lifecycle")
    inputs = {"events": arrow_of(found)}
    rows = runner.run(stage_histories(library, keys, table), inputs)
    for place, key in enumerate(keys):
        alone = runner.run(stage_history(library, key, table), inputs)
        own = rows.filter(pc.equal(rows["lifecycle"], pa.scalar(place)))
        assert told(own.select(alone.column_names)) == told(alone)


def told(intervals: pa.Table) -> list[tuple[object, ...]]:
    return sorted((tuple(row.values()) for row in intervals.to_pylist()), key=repr)
