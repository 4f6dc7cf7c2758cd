"""A condition may stand inside any other: parentheses that engines read alike.

Every form of condition is put into every place a condition may stand in, and computed over all
combinations of values by the brute force's own three-valued logic.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import ibis
import pyarrow as pa
import pytest

from tenure.definitions.expression.tree import (
    Between,
    Case,
    Comparison,
    Constant,
    Function,
    Logic,
    Membership,
    Name,
    Node,
    Not,
    NullTest,
)
from tenure.engine.backends.duckdb import DuckDBRunner
from tenure.engine.backends.spark import SparkRunner
from tenure.engine.expressions import value_of

from .brute_force import evaluate

TRUE, FALSE = Constant(True, "boolean"), Constant(False, "boolean")
FLAG = Name("flag", "boolean")
VALUES = [
    {"row": index, "flag": flag, "number": number}
    for index, (flag, number) in enumerate(product((None, True, False), (None, 0, 1)))
]
SCHEMA = {"row": "int64", "flag": "boolean", "number": "int64"}


def innermost() -> Iterator[Node]:
    """Each form of condition over the two columns."""
    number, zero = Name("number", "number"), Constant(0.0, "number")
    yield FLAG
    yield Not(FLAG)
    yield Comparison(">", number, zero)
    yield Logic("or", (FLAG, Comparison("=", number, zero)))
    for negated in (False, True):
        yield NullTest(number, negated)
        yield Membership(number, (zero, Constant(5.0, "number")), negated)
        yield Between(number, zero, zero, negated)


def around(inner: Node) -> Iterator[Node]:
    """Each place a condition may stand in."""
    yield Not(inner)
    yield Comparison("=", inner, TRUE)
    yield Comparison("<>", FLAG, inner)
    yield Logic("and", (inner, FLAG))
    yield Case(((inner, FLAG),), inner)
    yield Function("coalesce", (inner, TRUE))
    for negated in (False, True):
        yield NullTest(inner, negated)
        yield Membership(inner, (TRUE, FALSE), negated)
        yield Between(inner, FALSE, inner, negated)


def conditions() -> list[Node]:
    """Three deep."""
    twice = [outer for inner in innermost() for outer in around(inner)]
    return twice + [outer for inner in twice for outer in around(inner)]


def computed(runner: DuckDBRunner | SparkRunner, nodes: list[Node]) -> list[list[object]]:
    """The value of each of ``nodes`` in each row."""
    table = ibis.table(SCHEMA, name="values")
    columns = {
        f"c{index}": value_of(node, lambda name: table[name.key])
        for index, node in enumerate(nodes)
    }
    found = runner.run(table.select("row", **columns), {"values": pa.Table.from_pylist(VALUES)})
    rows = sorted(found.to_pylist(), key=lambda row: row["row"])
    return [[row[name] for row in rows] for name in columns]


def check(runner: DuckDBRunner | SparkRunner, nodes: list[Node]) -> None:
    for node, found in zip(nodes, computed(runner, nodes), strict=True):
        assert found == [evaluate(node, row.__getitem__) for row in VALUES], node


def test_on_duckdb() -> None:
    check(DuckDBRunner(threads=1), conditions())


@pytest.mark.spark
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_on_spark(spark: SparkRunner) -> None:
    check(spark, conditions())
