"""The runner for many machines: the same expressions as Spark SQL, on any Spark master."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

from tenure.engine.backends import (
    EngineError,
    Source,
    missing_input,
    sql_of,
    unbound_schemas,
)
from tenure.words import Words

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


def why_unavailable() -> str | None:
    """Why Spark cannot run on this machine, or None when it can."""
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        return "Java is not installed"
    try:
        import pyspark  # noqa: F401
    except ImportError:
        return "pyspark is not installed (pip install tenure[spark])"
    return None


class SparkRunner:
    """Runs expressions with Spark; one session per process, made on first use.

    Args:
        master: such as ``local[2]`` or ``spark://host:7077``.
        settings: further Spark settings, such as executor memory.
        directory: where Arrow inputs and results are put down as Parquet; every machine of
            the cluster must see it. A temporary one by default, for local masters.
    """

    def __init__(
        self,
        *,
        master: str = "local[2]",
        settings: Mapping[str, str] | None = None,
        directory: Path | None = None,
    ) -> None:
        reason = why_unavailable()
        if reason is not None:
            raise EngineError(
                Words(
                    f"无法使用 Spark：{reason}。请安装 Java 17 和 tenure[spark]，或改用 DuckDB",
                    f"cannot use Spark: {reason}. Install Java 17 and tenure[spark], or use DuckDB",
                )
            )
        self._master = master
        self._settings = dict(settings or {})
        self._directory = directory or Path(tempfile.mkdtemp(prefix="tenure-spark-"))
        self._owns_directory = directory is None
        self._session: SparkSession | None = None
        self._count = 0

    @property
    def session(self) -> SparkSession:
        """The Spark session, started on first use (about ten seconds)."""
        if self._session is None:
            self._session = _start(self._master, self._settings)
        return self._session

    def run(self, expr: ir.Table, inputs: Mapping[str, Source]) -> pa.Table:
        """The rows of ``expr`` as an Arrow table with the declared column types."""
        path = self._next_path()
        self.write(expr, inputs, path)
        try:
            return pq.read_table(path)
        finally:
            shutil.rmtree(path)

    def write(self, expr: ir.Table, inputs: Mapping[str, Source], path: Path) -> int:
        """Write the rows of ``expr`` as a directory of Parquet parts; returns how many."""
        for name, schema in unbound_schemas(expr).items():
            if name not in inputs:
                raise missing_input(name)
            source = inputs[name]
            if not isinstance(source, pa.Table) and not source:
                source = schema.empty_table()
            self._read(source).createOrReplaceTempView(name)
        frame = self.session.sql(sql_of(expr, "pyspark"))
        frame.write.mode("overwrite").option("compression", "zstd").parquet(str(path))
        return sum(pq.read_metadata(part).num_rows for part in path.glob("part-*.parquet"))

    def close(self) -> None:
        """Stop the session and remove the temporary directory."""
        if self._session is not None:
            self._session.stop()
            self._session = None
        if self._owns_directory:
            shutil.rmtree(self._directory, ignore_errors=True)

    def _read(self, source: pa.Table | Sequence[Path]) -> DataFrame:
        if isinstance(source, pa.Table):
            path = self._next_path().with_suffix(".parquet")
            pq.write_table(source, path)
            source = [path]
        reader = self.session.read.option("mergeSchema", "true")
        return reader.parquet(*(str(path) for path in source))

    def _next_path(self) -> Path:
        self._count += 1
        return self._directory / f"table-{self._count:06}"


def _start(master: str, settings: Mapping[str, str]) -> SparkSession:
    # Workers run this very Python, and nothing listens beyond loopback unless told so.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master(master).appName("tenure")
    chosen = {
        "spark.sql.session.timeZone": "UTC",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.shuffle.partitions": "8",
        "spark.sql.ansi.enabled": "true",
        **settings,
    }
    for key, value in chosen.items():
        builder = builder.config(key, value)
    session: SparkSession = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session
