"""Runners: inputs, types, errors, and what importing them costs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tenure.engine.backends import EngineError, sql_of
from tenure.engine.backends.duckdb import DuckDBRunner

NUMBERS = pa.table({"a": pa.array([1, 2, 3], pa.int64()), "b": ["x", "y", None]})


def numbers() -> ibis.Table:
    return ibis.table({"a": "int64", "b": "string"}, name="numbers")


def test_an_arrow_table_is_read() -> None:
    expr = numbers().filter(ibis._.a >= 2).order_by("a")
    result = DuckDBRunner(threads=1).run(expr, {"numbers": NUMBERS})
    assert result.to_pylist() == [{"a": 2, "b": "y"}, {"a": 3, "b": None}]


def test_parquet_files_with_and_without_a_column_are_read_together(tmp_path: Path) -> None:
    pq.write_table(NUMBERS, tmp_path / "new.parquet")
    pq.write_table(NUMBERS.select(["a"]), tmp_path / "old.parquet")
    paths = sorted(tmp_path.glob("*.parquet"))
    result = DuckDBRunner().run(numbers(), {"numbers": paths})
    assert sorted(result["a"].to_pylist()) == [1, 1, 2, 2, 3, 3]
    assert result["b"].null_count == 4


def test_no_files_are_no_rows_of_the_right_types() -> None:
    result = DuckDBRunner().run(numbers(), {"numbers": []})
    assert result.schema == pa.schema([("a", pa.int64()), ("b", pa.string())])
    assert result.num_rows == 0


def test_sums_keep_the_declared_type(tmp_path: Path) -> None:
    # DuckDB sums BIGINT to HUGEINT, which Parquet would hold as a rounded double.
    expr = numbers().agg(total=ibis._.a.sum())
    path = tmp_path / "total.parquet"
    assert DuckDBRunner().write(expr, {"numbers": NUMBERS}, path) == 1
    assert pq.read_table(path).schema.field("total").type == pa.int64()


def test_a_missing_input_is_named() -> None:
    with pytest.raises(EngineError, match="numbers"):
        DuckDBRunner().run(numbers(), {})


def test_a_file_that_is_not_parquet_is_reported_in_words(tmp_path: Path) -> None:
    path = tmp_path / "garbage.parquet"
    path.write_bytes(b"not parquet at all" * 10)
    with pytest.raises(EngineError) as raised:
        DuckDBRunner().run(numbers(), {"numbers": [path]})
    assert "garbage" in raised.value.words.zh


def test_too_little_memory_is_reported_in_words() -> None:
    runner = DuckDBRunner(threads=1, memory_limit="10MB")
    big = pa.table({"a": pa.array(range(2_000_000), pa.int64()), "b": ["x" * 50] * 2_000_000})
    expr = numbers().mutate(n=ibis._.b.max().over(ibis.window(group_by="a", order_by="b")))
    with pytest.raises(EngineError) as raised:
        runner.run(expr.order_by("b"), {"numbers": big})
    assert "内存" in raised.value.words.zh


def test_both_dialects_are_written_without_an_engine() -> None:
    expr = numbers().mutate(half=ibis._.a / 2.0)
    assert "DOUBLE" in sql_of(expr, "duckdb")
    assert "`half`" in sql_of(expr, "pyspark")


def test_importing_the_engine_loads_neither_ibis_nor_duckdb() -> None:
    code = (
        "import sys, tenure.engine; "
        "sys.exit(bool({'ibis', 'duckdb', 'pyspark', 'pandas'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
