"""Counts, flow accounts and transitions of a small written history."""

import ibis.expr.types as ir
import pyarrow as pa
import pytest

from tenure.clock import DAY_US
from tenure.engine import flows
from tenure.engine.backends import sql_of
from tenure.engine.backends.duckdb import DuckDBRunner
from tenure.engine.schema import INTERVALS, unbound
from tests.engine.rows import intervals

D = DAY_US
HISTORY = intervals(
    [
        (1, "new", 0, 10 * D),
        (1, "loyal", 10 * D, 40 * D),
        (1, "lost", 40 * D, None),
        (2, "new", 5 * D, 25 * D),
        (2, "lost", 25 * D, 30 * D),
        (2, "new", 30 * D, 90 * D),
        (2, "lost", 90 * D, None),
        (3, "new", 20 * D, None),
    ]
)
VALUES = pa.table({"customer_id": [1, 2], "amount_e4": [10_000, 500]})
TABLE = unbound("intervals", INTERVALS)
WORTH = unbound("worth", VALUES.schema)
RUNNER = DuckDBRunner(threads=1)


def run(expression: ir.Table) -> list[dict[str, object]]:
    assert sql_of(expression, "pyspark")
    return RUNNER.run(expression, {"intervals": HISTORY, "worth": VALUES}).to_pylist()


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (-1, {}),
        (0, {"new": 1}),
        (10 * D - 1, {"new": 2}),
        (10 * D, {"new": 1, "loyal": 1}),
        (30 * D, {"new": 2, "loyal": 1}),
        (1000 * D, {"lost": 2, "new": 1}),
    ],
)
def test_stage_counts(at: int, expected: dict[str, int]) -> None:
    rows = run(flows.stage_counts(TABLE, at_us=at))
    assert {row["stage"]: row["customers"] for row in rows} == expected


def test_customers_in_a_stage() -> None:
    rows = run(flows.standing_in(TABLE, stage="new", at_us=31 * D))
    found = sorted((row["customer_id"], row["at_us"]) for row in rows)
    assert found == [(2, 30 * D), (3, 20 * D)]


def test_flow_accounts_in_heads_and_money() -> None:
    rows = run(flows.flow_accounts(TABLE, from_us=10 * D, to_us=30 * D, values=WORTH))
    found = {row.pop("stage"): tuple(row.values()) for row in rows}
    assert found == {
        # opening, entered, left, closing; the same in money
        "new": (1, 2, 1, 2, 500, 500, 500, 500),
        "loyal": (1, 0, 0, 1, 10_000, 0, 0, 10_000),
        "lost": (0, 1, 1, 0, 0, 500, 500, 0),
    }
    heads = run(flows.flow_accounts(TABLE, from_us=10 * D, to_us=30 * D))
    assert {row.pop("stage"): tuple(row.values()) for row in heads} == {
        stage: balances[:4] for stage, balances in found.items()
    }


def test_transitions_with_their_median_days() -> None:
    rows = run(flows.transitions(TABLE, from_us=0, to_us=40 * D))
    found = {(r["from_stage"], r["to_stage"]): (r["n"], r["median_days"]) for r in rows}
    assert found == {
        (None, "new"): (2, None),
        ("new", "loyal"): (1, 10.0),
        ("loyal", "lost"): (1, 30.0),
        ("new", "lost"): (1, 20.0),
        ("lost", "new"): (1, 5.0),
    }


def test_the_first_instant_is_not_part_of_a_period() -> None:
    rows = run(flows.transitions(TABLE, from_us=10 * D, to_us=25 * D))
    moves = {(r["from_stage"], r["to_stage"]): r["n"] for r in rows}
    assert moves == {(None, "new"): 1, ("new", "lost"): 1}


def test_as_known_the_future_is_open() -> None:
    rows = run(flows.as_known_at(TABLE, as_of_us=30 * D))
    found = {(r["customer_id"], r["stage"], r["left_us"]) for r in rows}
    assert found == {
        (1, "new", 10 * D),
        (1, "loyal", None),
        (2, "new", 25 * D),
        (2, "lost", 30 * D),
        (2, "new", None),
        (3, "new", None),
    }


def test_between_two_moments_adds_up_to_both() -> None:
    rows = run(flows.between(TABLE, from_us=10 * D, to_us=31 * D))
    found = {(row["from_stage"], row["to_stage"]): row["customers"] for row in rows}
    assert found == {("loyal", "loyal"): 1, ("new", "new"): 1, (None, "new"): 1}


def test_who_entered_left_and_passed() -> None:
    def who(expression: ir.Table) -> list[tuple[object, object]]:
        return sorted((row["customer_id"], row["at_us"]) for row in run(expression))

    period = {"from_us": 10 * D, "to_us": 31 * D}
    assert who(flows.entries(TABLE, stage="new", **period)) == [(2, 30 * D), (3, 20 * D)]
    assert who(flows.exits(TABLE, stage="new", **period)) == [(2, 25 * D)]
    stayed = flows.passing(TABLE, from_stage="new", to_stage="new", **period)
    assert who(stayed) == [(2, 30 * D)]
    assert who(flows.passing(TABLE, from_stage="", to_stage="new", **period)) == [(3, 20 * D)]


def test_money_of_the_stages_at_a_moment() -> None:
    rows = run(flows.stage_money(TABLE, at_us=12 * D, values=WORTH))
    assert {row["stage"]: row["amount_e4"] for row in rows} == {"loyal": 10_000, "new": 500}
