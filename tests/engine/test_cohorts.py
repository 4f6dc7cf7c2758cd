"""Conversion by cohort and time in stage: nobody fails before their time is over."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import ibis.expr.types as ir
import pyarrow as pa
import pytest

from tenure.clock import DAY_US, to_microseconds
from tenure.engine import cohorts
from tenure.engine.backends import sql_of
from tenure.engine.backends.duckdb import DuckDBRunner
from tenure.engine.schema import INTERVALS, unbound
from tests.engine.rows import intervals

D = DAY_US
TABLE = unbound("intervals", INTERVALS)
RUNNER = DuckDBRunner(threads=1)


def run(expression: ir.Table, history: pa.Table) -> list[dict[str, object]]:
    assert sql_of(expression, "pyspark")
    return RUNNER.run(expression, {"intervals": history}).to_pylist()


def test_months_begin_at_local_midnight() -> None:
    found = cohorts.monthly(date(2023, 12, 31), date(2024, 2, 1), ZoneInfo("Asia/Shanghai"))
    assert [c.label for c in found] == ["2023-12", "2024-01", "2024-02"]
    new_year = datetime(2023, 12, 31, 16, tzinfo=UTC)
    assert found[1].start_us == to_microseconds(new_year)


COHORTS = tuple(cohorts.Cohort(f"c{start}", start * D) for start in (0, 10, 20, 30, 40))
HISTORY = intervals(
    [
        # before the first cohort
        (1, "lead", -D, 2 * D),
        (1, "won", 2 * D, None),
        # converts on the last instant
        (2, "lead", 0, 30 * D),
        (2, "won", 30 * D, None),
        # an instant too late
        (3, "lead", D, 31 * D + 1),
        (3, "won", 31 * D + 1, None),
        # never, though won before becoming a lead
        (4, "won", 2 * D, 3 * D),
        (4, "lead", 3 * D, None),
        # a second time as a lead does not count anew
        (5, "lead", 4 * D, 5 * D),
        (5, "lost", 5 * D, 35 * D),
        (5, "lead", 35 * D, 36 * D),
        (5, "won", 36 * D, None),
        # not observed long enough at day 45: one converted, one not yet, one not known yet
        (6, "lead", 21 * D, 22 * D),
        (6, "won", 22 * D, None),
        (7, "lead", 22 * D, None),
        (8, "lead", 23 * D, 46 * D),
        (8, "won", 46 * D, None),
        (9, "lead", 46 * D, None),
    ]
)


def test_conversion_counts_the_not_yet_observed_apart() -> None:
    expression = cohorts.conversion(
        TABLE, entered="lead", reached="won", within_us=30 * D, as_of_us=45 * D, cohorts=COHORTS
    )
    rows = sorted(run(expression, HISTORY), key=lambda row: str(row["cohort"]))
    assert rows == [
        {
            "cohort": "c0",
            "customers": 4,
            "observed": 4,
            "converted": 1,
            "waiting": 0,
            "early": 0,
            "share": 0.25,
        },
        {
            "cohort": "c20",
            "customers": 3,
            "observed": 0,
            "converted": 0,
            "waiting": 2,
            "early": 1,
            "share": None,
        },
    ]


def test_reaching_the_same_stage_once_more() -> None:
    expression = cohorts.conversion(
        TABLE, entered="lead", reached="lead", within_us=31 * D, as_of_us=45 * D, cohorts=COHORTS
    )
    rows = {row["cohort"]: row["converted"] for row in run(expression, HISTORY)}
    assert rows == {"c0": 1, "c20": 0}


def test_a_single_cohort() -> None:
    expression = cohorts.conversion(
        TABLE, entered="lead", reached="won", within_us=D, as_of_us=45 * D, cohorts=COHORTS[:1]
    )
    assert [row["cohort"] for row in run(expression, HISTORY)] == ["c0"]


@pytest.mark.parametrize(("as_of", "ended"), [(30 * D - 1, False), (30 * D, True)])
def test_time_in_stage(as_of: int, ended: bool) -> None:
    expression = cohorts.time_in_stage(TABLE, as_of_us=as_of, stage="lead", from_us=0)
    rows = [row for row in run(expression, HISTORY) if row["customer_id"] == 2]
    assert rows == [
        {
            "customer_id": 2,
            "stage": "lead",
            "entered_us": 0,
            "days": pytest.approx(30.0),
            "ended": ended,
        }
    ]


def test_time_in_every_stage() -> None:
    rows = run(cohorts.time_in_stage(TABLE, as_of_us=45 * D), HISTORY)
    assert len(rows) == 16
    assert {row["stage"] for row in rows} == {"lead", "won", "lost"}
