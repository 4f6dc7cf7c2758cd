"""Conservation: opening + entered - left = closing, for any history and any period."""

from collections import Counter

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from tenure.engine import flows
from tenure.engine.backends.duckdb import DuckDBRunner
from tenure.engine.schema import INTERVALS, unbound
from tests.engine.rows import intervals

RUNNER = DuckDBRunner(threads=1)
TABLE = unbound("intervals", INTERVALS)
WORTH_COLUMNS = pa.schema([("customer_id", pa.int64()), ("amount_e4", pa.int64())])
WORTH = unbound("worth", WORTH_COLUMNS)

Row = tuple[int, str, int, int | None]


@st.composite
def histories(draw: st.DrawFn) -> list[Row]:
    """Up to six customers, each going from stage to another stage at growing moments."""
    rows: list[Row] = []
    for customer in range(draw(st.integers(0, 6))):
        moments = sorted(draw(st.sets(st.integers(0, 20), min_size=1, max_size=6)))
        stage = draw(st.sampled_from("abc"))
        for place, moment in enumerate(moments):
            end = moments[place + 1] if place + 1 < len(moments) else None
            rows.append((customer, stage, moment, end))
            stage = draw(st.sampled_from(sorted(set("abc") - {stage})))
    return rows


def stages_at(rows: list[Row], moment: int) -> Counter[str]:
    return Counter(s for _, s, e, end in rows if e <= moment and (end is None or end > moment))


@given(
    histories(), st.integers(-1, 21), st.integers(0, 21), st.lists(st.integers(0, 9), max_size=6)
)
def test_flow_accounts_add_up(rows: list[Row], begin: int, length: int, amounts: list[int]) -> None:
    end = begin + length
    listed = {"customer_id": list(range(len(amounts))), "amount_e4": amounts}
    worth = pa.table(listed, schema=WORTH_COLUMNS)
    expression = flows.flow_accounts(TABLE, from_us=begin, to_us=end, values=WORTH)
    found = RUNNER.run(expression, {"intervals": intervals(rows), "worth": worth}).to_pylist()
    for row in found:
        assert row["opening"] + row["entered"] - row["left"] == row["closing"]
        money = [row[f"{name}_e4"] for name in ("opening", "entered", "left", "closing")]
        assert money[0] + money[1] - money[2] == money[3]
    for name, moment in (("opening", begin), ("closing", end)):
        balances = {row["stage"]: row[name] for row in found if row[name]}
        assert balances == dict(stages_at(rows, moment))


@settings(max_examples=40)
@given(histories(), st.integers(-1, 21), st.integers(0, 21))
def test_accounts_counts_and_transitions_agree(rows: list[Row], begin: int, length: int) -> None:
    end, inputs = begin + length, {"intervals": intervals(rows)}
    accounts = RUNNER.run(flows.flow_accounts(TABLE, from_us=begin, to_us=end), inputs)
    moves = RUNNER.run(flows.transitions(TABLE, from_us=begin, to_us=end), inputs).to_pylist()
    counts = RUNNER.run(flows.stage_counts(TABLE, at_us=end), inputs).to_pylist()
    arrived: Counter[str] = Counter()
    gone: Counter[str] = Counter()
    for move in moves:
        arrived[move["to_stage"]] += move["n"]
        if move["from_stage"] is not None:
            gone[move["from_stage"]] += move["n"]
    closing = {row["stage"]: row["customers"] for row in counts}
    for row in accounts.to_pylist():
        assert row["entered"] == arrived[row["stage"]]
        assert row["left"] == gone[row["stage"]]
        assert row["closing"] == closing.get(row["stage"], 0)


@settings(max_examples=40)
@given(histories(), st.integers(-1, 21), st.integers(-1, 21))
def test_cut_history_reads_the_same(rows: list[Row], at: int, later: int) -> None:
    """What is counted at a moment does not depend on what comes after it."""
    inputs = {"intervals": intervals(rows)}
    known = flows.as_known_at(TABLE, as_of_us=max(at, later))
    whole = RUNNER.run(flows.stage_counts(TABLE, at_us=at), inputs).to_pylist()
    cut = RUNNER.run(flows.stage_counts(known, at_us=at), inputs).to_pylist()
    assert sorted(map(str, whole)) == sorted(map(str, cut))
