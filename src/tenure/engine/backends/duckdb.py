"""The runner for one machine: DuckDB inside this process, over Arrow tables and Parquet files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
import ibis.expr.types as ir
import pyarrow as pa

from tenure.engine.backends import (
    EngineError,
    Source,
    missing_input,
    sql_of,
    unbound_schemas,
)
from tenure.words import Words

# History rows are read by customer and by moment, both near one another in small row groups.
ROW_GROUP = 122_880
# Stages and causes are few; trying a dictionary on moments and numbers is a third of the cost.
DICTIONARY = 1_000


class DuckDBRunner:
    """Runs expressions with DuckDB; one instance may be used by several threads.

    Args:
        threads: cores to use; all of them by default.
        memory_limit: such as ``"2GB"``; beyond it DuckDB spills to ``temp_directory``.
        temp_directory: where it may spill; without one it does not.
    """

    def __init__(
        self,
        *,
        threads: int | None = None,
        memory_limit: str | None = None,
        temp_directory: Path | None = None,
    ) -> None:
        config: dict[str, str | bool | int | float | list[str]] = {
            # Rows carry their own order (customer, moment); keeping the input's costs memory.
            "preserve_insertion_order": False,
            # Nothing is fetched from the network, ever.
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
        if threads is not None:
            config["threads"] = threads
        if memory_limit is not None:
            config["memory_limit"] = memory_limit
        if temp_directory is not None:
            config["temp_directory"] = str(temp_directory)
        self._database = duckdb.connect(":memory:", config=config)
        self._database.execute("SET TimeZone = 'UTC'")

    def run(self, expr: ir.Table, inputs: Mapping[str, Source]) -> pa.Table:
        """The rows of ``expr`` as an Arrow table with the declared column types.

        Raises:
            EngineError: out of memory or disk, or a file that is not Parquet.
        """
        with self._prepared(expr, inputs) as connection:
            table: pa.Table = _attempt(connection, sql_of(expr, "duckdb")).to_arrow_table()
        return table

    def write(self, expr: ir.Table, inputs: Mapping[str, Source], path: Path) -> int:
        """Write the rows of ``expr`` to one Parquet file; returns how many."""
        text = (
            f"COPY ({sql_of(expr, 'duckdb')}) TO {_quoted(path)} "
            # what is written is a history, read again and again: a fifth bigger than zstd, but
            # read in two thirds of the time
            f"(FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE {ROW_GROUP})"
        )
        with self._prepared(expr, inputs) as connection:
            row = _attempt(connection, text).fetchone()
        return int(row[0]) if row else 0

    def _prepared(self, expr: ir.Table, inputs: Mapping[str, Source]) -> duckdb.DuckDBPyConnection:
        connection = self._database.cursor()
        for name, schema in unbound_schemas(expr).items():
            if name not in inputs:
                raise missing_input(name)
            source = inputs[name]
            if not isinstance(source, pa.Table) and not source:
                source = schema.empty_table()
            _attach(connection, name, source)
        return connection


def _attach(
    connection: duckdb.DuckDBPyConnection, name: str, source: pa.Table | Sequence[Path]
) -> None:
    if isinstance(source, pa.Table):
        connection.register(name, source)
        return
    files = ", ".join(_quoted(path) for path in source)
    # Parts written before a field was declared lack its column: union by name reads NULLs.
    _attempt(
        connection,
        f'CREATE OR REPLACE TEMP VIEW "{name}" AS SELECT * FROM '
        f"read_parquet([{files}], union_by_name = true, hive_partitioning = false)",
    )


def _attempt(connection: duckdb.DuckDBPyConnection, sql: str) -> duckdb.DuckDBPyConnection:
    try:
        return connection.execute(sql)
    except (duckdb.OutOfMemoryException, MemoryError) as error:
        raise EngineError(
            Words(
                f"内存不足：{error}。请调高内存上限，或分更多桶计算",
                f"out of memory: {error}. Raise the memory limit, or compute in more buckets",
            )
        ) from error
    except (duckdb.IOException, duckdb.InvalidInputException) as error:
        raise EngineError(
            Words(
                f"读写数据文件失败：{error}。请检查磁盘空间和文件是否完好",
                f"cannot read or write data files: {error}. Check disk space and the files",
            )
        ) from error


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
