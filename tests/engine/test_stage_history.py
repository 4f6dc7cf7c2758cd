"""Stage histories by hand: boundaries, causes, pins, and what is refused."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tenure.clock import DAY_US
from tenure.definitions import DefinitionError, Library, Metric, ValueType, parse
from tenure.engine.backends.duckdb import DuckDBRunner
from tenure.engine.stages import lifecycle_atoms, stage_history

from .brute_force import Happened
from .worlds import NAME, START_US, arrow_of, library_of, unbound

METRICS = [
    Metric("orders", NAME, of=("order.placed",), agg="count"),
    Metric("orders_3d", NAME, of=("order.placed",), agg="count", window_us=3 * DAY_US),
    Metric(
        "revenue_3d", NAME, of=("order.placed",), agg="sum", field="amount", window_us=3 * DAY_US
    ),
    Metric("since", NAME, of=("order.placed",), agg="days_since_last"),
    Metric("known", NAME, of=("order.placed",), agg="days_since_first"),
    Metric("gap", NAME, of=("order.placed",), agg="gap_median"),
]  # fmt: skip
TYPES: dict[str, ValueType] = {metric.key: "number" for metric in METRICS}


@pytest.fixture(scope="module")
def runner() -> DuckDBRunner:
    return DuckDBRunner(threads=1)


def library(*whens: str) -> Library:
    nodes = [parse(when, TYPES) for when in whens]
    return library_of(METRICS, [*nodes, None], list(range(len(nodes) + 1)))


def order(number: int, day: float, amount: float = 1.0) -> Happened:
    return Happened(number, 1, "order.placed", START_US + round(day * DAY_US), {"amount": amount})


def history(runner: DuckDBRunner, found: list[Happened], *whens: str) -> list[dict[str, Any]]:
    expr = stage_history(library(*whens), "path", unbound())
    rows = runner.run(expr, {"events": arrow_of(found)}).to_pylist()
    for row in rows:
        for key in ("entered_us", "left_us"):
            if row[key] is not None:
                row[key] = (row[key] - START_US) / DAY_US
    return sorted(rows, key=lambda row: row["entered_us"])


def stages(rows: list[dict[str, Any]]) -> list[tuple[str, float, float | None]]:
    return [(row["stage"], row["entered_us"], row["left_us"]) for row in rows]


def test_a_history_starts_at_the_first_event_of_any_type(runner: DuckDBRunner) -> None:
    found = [Happened(1, 1, "other.noted", START_US), order(2, 2)]
    rows = history(runner, found, "orders >= 1")
    assert stages(rows) == [("stage1", 0, 2), ("stage0", 2, None)]
    assert [row["cause"] for row in rows] == ["start", "event"]
    assert [row["cause_event_id"] for row in rows] == [None, 2]


def test_an_age_is_crossed_on_the_microsecond(runner: DuckDBRunner) -> None:
    included = history(runner, [order(1, 0)], "since <= 2")
    assert included[0]["left_us"] == (2 * DAY_US + 1) / DAY_US
    excluded = history(runner, [order(1, 0)], "since < 2")
    assert excluded[0]["left_us"] == 2


def test_time_is_the_cause_with_the_comparison_and_its_limit(runner: DuckDBRunner) -> None:
    found = [order(1, 0), order(2, 4), order(3, 6)]
    rows = history(runner, found, "orders_3d >= 2", "since < 2 * gap")
    assert stages(rows) == [
        ("stage2", 0, 4), ("stage1", 4, 6), ("stage0", 6, 7), ("stage1", 7, 12),
        ("stage2", 12, None),
    ]  # fmt: skip
    atoms = lifecycle_atoms(library("orders_3d >= 2", "since < 2 * gap"), "path")
    crossed = [(row["cause"], row["cause_atom"], row["cause_limit"]) for row in rows]
    assert crossed[3] == ("time", 0, 2.0)
    assert crossed[4] == ("time", 1, 6.0)
    assert [atom.text for atom in atoms] == ["orders_3d >= 2", "since < 2 * gap"]
    assert [atom.kind for atom in atoms] == ["count", "age"]


def test_a_sum_in_a_window_falls_when_its_events_leave(runner: DuckDBRunner) -> None:
    rows = history(runner, [order(1, 0, 60), order(2, 1, 50)], "revenue_3d >= 100")
    assert stages(rows) == [("stage1", 0, 1), ("stage0", 1, 3), ("stage1", 3, None)]
    assert (rows[2]["cause"], rows[2]["cause_atom"], rows[2]["cause_limit"]) == ("time", 0, 100.0)


def test_nothing_is_known_of_an_age_before_its_first_event(runner: DuckDBRunner) -> None:
    found = [Happened(1, 1, "other.noted", START_US), order(2, 1)]
    rows = history(runner, found, "not (since < 5)", "since is null")
    assert [row["stage"] for row in rows] == ["stage1", "stage2", "stage0"]


def test_the_last_of_two_events_at_one_moment_counts_for_both(runner: DuckDBRunner) -> None:
    rows = history(runner, [order(5, 0), order(3, 0)], "orders = 1", "orders = 2")
    assert stages(rows) == [("stage1", 0, None)]
    assert rows[0]["cause_event_id"] == 5


def pin(number: int, day: float, stage: str | None, until: date | None = None) -> Happened:
    kind = "stage.unpinned" if stage is None else "stage.pinned"
    fields = {"lifecycle": "path", "stage": stage, "until": until}
    return Happened(number, 1, kind, START_US + round(day * DAY_US), fields)


def test_a_pin_wins_until_it_is_taken_off(runner: DuckDBRunner) -> None:
    found = [order(1, 0), pin(2, 1, "stage0"), pin(3, 2, None)]
    rows = history(runner, found, "orders >= 5")
    assert stages(rows) == [("stage1", 0, 1), ("stage0", 1, 2), ("stage1", 2, None)]
    assert [row["cause"] for row in rows] == ["start", "pin", "pin"]
    assert [row["cause_event_id"] for row in rows] == [1, 2, 3]


def test_a_pin_runs_out_on_its_day(runner: DuckDBRunner) -> None:
    found = [order(1, 0), pin(2, 1.5, "stage0", date(2023, 11, 18))]
    rows = history(runner, found, "orders >= 5")
    assert stages(rows) == [("stage1", 0, 1.5), ("stage0", 1.5, 3), ("stage1", 3, None)]
    assert (rows[2]["cause"], rows[2]["cause_event_id"]) == ("pin", None)


def test_a_pin_to_an_unknown_stage_or_of_another_lifecycle_does_nothing(
    runner: DuckDBRunner,
) -> None:
    other = Happened(3, 1, "stage.pinned", START_US, {"lifecycle": "other", "stage": "stage0"})
    rows = history(runner, [order(1, 0), pin(2, 1, "nowhere"), other], "orders >= 5")
    assert stages(rows) == [("stage1", 0, None)]


def test_histories_end_before_calendars_do(runner: DuckDBRunner) -> None:
    rows = history(runner, [order(1, 0)], "since < 1000000000")
    assert stages(rows) == [("stage0", 0, None)]


@pytest.mark.parametrize(
    "when",
    ["since * gap > 3", "since / gap > 2", "since = 3", "since in (1, 2)", "gap / since > 1"],
)
def test_an_age_without_a_moment_of_crossing_is_refused_in_words(when: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        stage_history(library(when), "path", unbound())
    words = refused.value.words
    assert "stages[0].when" in words.en
    assert "2 * gap" in words.en
    assert "准确时刻" in words.zh
