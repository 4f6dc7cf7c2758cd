"""Runners: the same Ibis expression on one machine (DuckDB) or on many (Spark).

Ibis is a compiler here and nothing else: an expression over unbound tables becomes SQL text,
and a runner executes the text. Its own backends are never connected, because they break with
releases of the engines that the compiler has no trouble with.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

import ibis.expr.types as ir
import pyarrow as pa
from ibis.expr.operations import Node

from tenure.words import TenureError, Words

if TYPE_CHECKING:
    import ibis.expr.operations as ops

Source = pa.Table | Sequence[Path]
"""Where the rows of an unbound table come from: an Arrow table, or Parquet files."""

Dialect = Literal["duckdb", "pyspark"]


class EngineError(TenureError):
    """The engine could not finish: no memory, no disk, or unreadable Parquet files."""


class Runner(Protocol):
    """Runs Ibis expressions over unbound tables."""

    def run(self, expr: ir.Table, inputs: Mapping[str, Source]) -> pa.Table:
        """The rows of ``expr``; ``inputs`` gives each unbound table's rows by its name."""
        ...

    def write(self, expr: ir.Table, inputs: Mapping[str, Source], path: Path) -> int:
        """Write the rows of ``expr`` as Parquet at ``path``; returns how many."""
        ...


def sql_of(expr: ir.Table, dialect: Dialect) -> str:
    """``expr`` as SQL text whose columns have exactly the types the expression declares.

    The outer casts matter where an engine widens: DuckDB sums BIGINT to HUGEINT, which
    Parquet would keep as a rounded double. Texts are kept for expressions asked for again.
    """
    return _sql_of(expr.op(), dialect)


@lru_cache(maxsize=256)
def _sql_of(op: ops.Relation, dialect: Dialect) -> str:
    import ibis

    if dialect == "pyspark":
        _make_spark_compilable()
    expr = op.to_expr()
    inner = ibis.to_sql(expr, dialect=dialect, pretty=False)
    quote = '"' if dialect == "duckdb" else "`"
    columns = ", ".join(
        f"CAST({quote}{name}{quote} AS {_sql_type(dtype, dialect)}) AS {quote}{name}{quote}"
        for name, dtype in expr.schema().items()
    )
    return f"SELECT {columns} FROM (\n{inner}\n) AS result"


def unbound_schemas(expr: ir.Table) -> dict[str, pa.Schema]:
    """Arrow schema of every unbound table in ``expr``, by name."""
    return dict(_unbound_schemas(expr.op()))


@lru_cache(maxsize=256)
def _unbound_schemas(node: Node) -> tuple[tuple[str, pa.Schema], ...]:
    import ibis.expr.operations as ops

    return tuple(
        (
            table.name,
            pa.schema([(name, _arrow_type(dtype)) for name, dtype in table.schema.items()]),
        )
        for table in node.find(ops.UnboundTable)
    )


def missing_input(name: str) -> EngineError:
    """The caller gave no rows for an unbound table of the expression."""
    return EngineError(Words(f"缺少输入表 {name}", f"no input given for table {name}"))


def _make_spark_compilable() -> None:
    # The Spark compiler reads an option that only Ibis' own Spark backend registers, and
    # loading that backend would import pandas, PySpark and a JVM gateway just to write SQL.
    import ibis
    from ibis.config import Config

    if ibis.options.pyspark is not None:
        return

    class SparkOptions(Config):  # type: ignore[misc]
        treat_nan_as_null: bool = False

    ibis.options.pyspark = SparkOptions()


def _sql_type(dtype: object, dialect: Dialect) -> str:
    sql: dict[pa.DataType, str] = {
        pa.int64(): "BIGINT",
        pa.float64(): "DOUBLE",
        pa.string(): "VARCHAR" if dialect == "duckdb" else "STRING",
        pa.bool_(): "BOOLEAN",
        pa.date32(): "DATE",
    }
    return sql[_arrow_type(dtype)]


def _arrow_type(dtype: object) -> pa.DataType:
    name = str(dtype).removeprefix("!")
    if name.startswith(("int", "uint")):
        return pa.int64()
    simple: dict[str, pa.DataType] = {
        "float64": pa.float64(),
        "float32": pa.float64(),
        "string": pa.string(),
        "boolean": pa.bool_(),
        "date": pa.date32(),
    }
    if name not in simple:
        raise TypeError(f"columns of type {name} are not part of the lake")
    return simple[name]
