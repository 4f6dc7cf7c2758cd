"""The commonest paths through the stages."""

import pyarrow as pa

from tenure.clock import DAY_US
from tenure.engine.backends import sql_of
from tenure.engine.backends.duckdb import DuckDBRunner
from tenure.engine.paths import commonest_paths
from tenure.engine.schema import INTERVALS, unbound
from tests.engine.rows import intervals

D = DAY_US
TABLE = unbound("intervals", INTERVALS)


def history(*journeys: str) -> pa.Table:
    """One customer per word, one stage per letter, one day each; the last stays open."""
    rows = []
    for customer, journey in enumerate(journeys):
        for place, stage in enumerate(journey):
            end = (place + 1) * D if place + 1 < len(journey) else None
            rows.append((customer, stage, place * D, end))
    return intervals(rows)


def paths(table: pa.Table, **options: object) -> list[tuple[object, ...]]:
    expression = commonest_paths(TABLE, **{"as_of_us": 100 * D, **options})
    assert sql_of(expression, "pyspark")
    found = DuckDBRunner(threads=1).run(expression, {"intervals": table}).to_pylist()
    return [tuple(row.values()) for row in found]


def test_paths_from_the_first_stage() -> None:
    assert paths(history("abcde", "abcdx", "ab", "b"), steps=4) == [
        ("a > b > c > d", 4, 2, 0.5, 3.0),
        ("a > b", 2, 1, 0.25, 1.0),
        ("b", 1, 1, 0.25, 0.0),
    ]


def test_paths_from_a_stage() -> None:
    assert paths(history("abab", "cbx", "a"), steps=2, starting="b") == [
        ("b > a", 2, 1, 0.5, 1.0),
        ("b > x", 2, 1, 0.5, 1.0),
    ]


def test_the_future_is_not_part_of_a_path() -> None:
    assert paths(history("abc"), as_of_us=D) == [("a > b", 2, 1, 1.0, 1.0)]


def test_only_so_many_but_shares_of_all() -> None:
    assert paths(history("a", "a", "b", "c"), limit=1) == [("a", 1, 2, 0.5, 0.0)]


def test_nobody() -> None:
    assert paths(history()) == []
