"""The same history on DuckDB, on Spark in this process, and on a Spark cluster on loopback.

    .venv/bin/python benchmarks/spark_history.py --orders 1000000

The cluster is a standalone master with two workers of one core each, started from the wheel's
own ``bin/spark-class`` on 127.0.0.1 and stopped again. The intervals of all three are compared
row for row, every column. Spark's time leaves out starting its session, which is told apart.
Needs Java 17.
"""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "src")]

import duckdb  # noqa: E402
import pyspark  # noqa: E402
from rich.table import Table  # noqa: E402

from benchmarks import world  # noqa: E402
from benchmarks.history import CONSOLE, events_table  # noqa: E402
from benchmarks.measuring import hardware  # noqa: E402
from tenure.engine.asof import of_customers  # noqa: E402
from tenure.engine.backends import Runner  # noqa: E402
from tenure.engine.backends.duckdb import DuckDBRunner  # noqa: E402
from tenure.engine.backends.spark import SparkRunner, why_unavailable  # noqa: E402
from tenure.engine.stages import stage_history  # noqa: E402


@contextmanager
def cluster(workers: int, memory: str, folder: Path) -> Iterator[str]:
    """A standalone cluster on loopback; gives its address."""
    home = Path(pyspark.__file__).parent
    script = home / "bin" / "spark-class"
    environment = os.environ | {
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "PYSPARK_PYTHON": sys.executable,
    }
    port, ui = free_port(), free_port()
    address = f"spark://127.0.0.1:{port}"
    master = ["master.Master", "--host", "127.0.0.1", "--port", str(port)]
    commands = [[*master, "--webui-port", str(ui)]]
    for number in range(workers):
        place = ["--work-dir", str(folder / f"worker-{number}")]
        worker = ["worker.Worker", "--host", "127.0.0.1", "-c", "1", "-m", memory, *place, address]
        commands.append(worker)
    running: list[subprocess.Popen[bytes]] = []
    try:
        for index, (name, *arguments) in enumerate(commands):
            with (folder / f"{index}.log").open("wb") as log:
                command = [str(script), f"org.apache.spark.deploy.{name}", *arguments]
                running.append(subprocess.Popen(command, env=environment, stdout=log, stderr=log))
            if index == 0:
                wait_for(port)
        yield address
    finally:
        for process in reversed(running):
            process.terminate()
        for process in running:
            process.wait(timeout=30)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, *, seconds: int = 60) -> None:
    """Wait until somebody listens."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise TimeoutError(f"nothing listens on port {port}")


def timed(runner: Runner, orders: int, out: Path) -> tuple[float, int]:
    """Seconds and intervals of one computation."""
    expr = stage_history(world.library(), "six_stages", of_customers(events_table()))
    began = time.perf_counter()
    rows = runner.write(expr, {"events": world.parts(orders)}, out)
    return time.perf_counter() - began, rows


def differences(left: str, right: str) -> int:
    """Rows in one result and not in the other, all columns, repeats counted."""
    with duckdb.connect() as connection:
        both = [f"(select * from read_parquet('{path}'))" for path in (left, right)]
        row = connection.execute(
            f"select (select count(*) from ({both[0]} except all {both[1]})) + "
            f"(select count(*) from ({both[1]} except all {both[0]}))"
        ).fetchone()
    assert row is not None
    return int(row[0])


def on_spark(
    name: str, master: str, options: argparse.Namespace, folder: Path
) -> tuple[str, float, float, int, int]:
    """One line of the report."""
    settings = {
        "spark.driver.memory": options.memory,
        "spark.executor.memory": options.executor_memory,
        "spark.sql.shuffle.partitions": str(options.partitions),
        "spark.local.dir": str(folder / "shuffle"),
    }
    runner = SparkRunner(master=master, settings=settings, directory=folder)
    began = time.perf_counter()
    _ = runner.session
    start = time.perf_counter() - began
    # No brackets in the path: readers take them for patterns.
    out = folder / ("local" if master.startswith("local") else "cluster")
    seconds, rows = timed(runner, options.orders, out)
    runner.close()
    wrong = differences(str(folder / "duckdb.parquet"), f"{out}/part-*.parquet")
    return name, start, seconds, rows, wrong


def main() -> int:
    """Compute everywhere, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=1_000_000)
    parser.add_argument("--memory", default="3g", help="of the driver")
    parser.add_argument("--executor-memory", default="1500m")
    parser.add_argument("--partitions", type=int, default=16)
    options = parser.parse_args()
    reason = why_unavailable()
    if reason is not None:
        CONSOLE.print(f"skipped: {reason}")
        return 0
    CONSOLE.print(f"[bold]{options.orders:,} orders[/], {hardware()}")
    table = Table("engine", "session s", "history s", "intervals", "rows that differ")
    with tempfile.TemporaryDirectory(prefix="tenure-spark-") as temporary:
        folder = Path(temporary)
        seconds, rows = timed(DuckDBRunner(threads=2), options.orders, folder / "duckdb.parquet")
        table.add_row("DuckDB, 2 threads", "", f"{seconds:.1f}", f"{rows:,}", "")
        found = [on_spark("Spark local[2]", "local[2]", options, folder)]
        with cluster(2, "2g", folder) as address:
            found.append(on_spark("Spark master + 2 workers", address, options, folder))
    for name, start, seconds, rows, wrong in found:
        table.add_row(name, f"{start:.1f}", f"{seconds:.1f}", f"{rows:,}", str(wrong))
    CONSOLE.print(table)
    return 1 if any(wrong for *_, wrong in found) else 0


if __name__ == "__main__":
    raise SystemExit(main())
