"""The same expressions on Spark and on DuckDB, row for row."""

from __future__ import annotations

import os
import warnings
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tenure.clock import DAY_US
from tenure.definitions import Library
from tenure.engine.asof import events_as_of, of_customers
from tenure.engine.backends import Source
from tenure.engine.backends.duckdb import DuckDBRunner
from tenure.engine.backends.spark import SparkRunner
from tenure.engine.metrics import metric_values
from tenure.engine.stages import current_stages, stage_histories, stage_history

from .brute_force import Happened
from .worlds import START_US, arrow_of, events, libraries, several, unbound

pytestmark = [pytest.mark.spark, pytest.mark.slow]
EXAMPLES = int(os.environ.get("TENURE_SPARK_EXAMPLES", "4"))
few = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))


def agree(spark: SparkRunner, expr: ibis.Table, inputs: Mapping[str, Source]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        on_spark = spark.run(expr, inputs)
    on_duckdb = DuckDBRunner(threads=1).run(expr, inputs)
    assert on_spark.schema.names == on_duckdb.schema.names
    assert rows(on_spark) == rows(on_duckdb)


def rows(table: pa.Table) -> Counter[tuple[object, ...]]:
    return Counter(tuple(row.values()) for row in table.to_pylist())


@few
@given(library=libraries(), found=events())
def test_histories(spark: SparkRunner, library: Library, found: list[Happened]) -> None:
    agree(spark, stage_history(library, "path", unbound()), {"events": arrow_of(found)})


@few
@given(library=several(), found=events())
def test_histories_together(spark: SparkRunner, library: Library, found: list[Happened]) -> None:
    keys, table = tuple(library.lifecycles), unbound().drop("f_lifecycle")
    agree(spark, stage_histories(library, keys, table), {"events": arrow_of(found)})


@few
@given(library=libraries(), found=events(), quarter=st.integers(0, 30))
def test_stages_and_metrics_at_a_moment(
    spark: SparkRunner, library: Library, found: list[Happened], quarter: int
) -> None:
    at_us, inputs = START_US + quarter * DAY_US // 4, {"events": arrow_of(found)}
    agree(spark, current_stages(library, "path", unbound(), at_us=at_us), inputs)
    keys = sorted(library.metrics)
    agree(spark, metric_values(library, keys, unbound(), at_us=at_us), inputs)


def test_cuts_and_identities(spark: SparkRunner, tmp_path: Path) -> None:
    log = pa.table(
        {
            "event_id": pa.array(range(1, 7), pa.int64()),
            "identifier_id": pa.array([1, 2, None, 3, 2, 1], pa.int64()),
            "occurred_us": pa.array([1, 2, 3, 4, 5, 6], pa.int64()),
            "recorded_us": pa.array([9, 2, 3, 4, 5, 6], pa.int64()),
            "batch_id": pa.array([None, 1, None, 2, None, 2], pa.int64()),
            "type": ["order.placed"] * 4 + ["identity.linked", "order.placed"],
        }
    )
    pq.write_table(log, tmp_path / "log.parquet")
    schema = {**dict.fromkeys(log.column_names, "int64"), "type": "string"}
    undone = ibis.table({"batch_id": "int64"}, name="undone")
    identity = ibis.table({"identifier_id": "int64", "customer_id": "int64"}, name="identity")
    cut = events_as_of(ibis.table(schema, name="log"), world_us=5, known_us=8, undone=undone)
    expr = of_customers(cut, identity)
    inputs: dict[str, Source] = {
        "log": [tmp_path / "log.parquet"],
        "undone": pa.table({"batch_id": pa.array([2], pa.int64())}),
        "identity": pa.table({"identifier_id": [2], "customer_id": [1]}),
    }
    agree(spark, expr, inputs)
    found = DuckDBRunner().run(expr, inputs).to_pylist()
    assert {(row["event_id"], row["customer_id"]) for row in found} == {(2, 1)}
