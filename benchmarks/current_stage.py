"""The stage of every customer at one moment, from the log and without histories.

    .venv/bin/python benchmarks/current_stage.py --orders 10000000 --others 40000000

Data: the customers of ``history.py`` with four other types of events around their orders, so
that most of the log is not what the lifecycle looks at. The answer is compared with the exact
histories of the same log cut at that moment (on the smaller sizes, or with ``--check``).
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "src")]

import pyarrow as pa  # noqa: E402
import pyarrow.parquet as pq  # noqa: E402
from rich.table import Table  # noqa: E402

from benchmarks import world  # noqa: E402
from benchmarks.history import CONSOLE, events_table  # noqa: E402
from benchmarks.measuring import hardware, measure, report  # noqa: E402
from tenure.clock import DAY_US  # noqa: E402
from tenure.engine.asof import of_customers  # noqa: E402
from tenure.engine.backends.duckdb import DuckDBRunner  # noqa: E402
from tenure.engine.stages import current_stages, stage_history  # noqa: E402

AT_US = world.START_US + 900 * DAY_US


def run(options: argparse.Namespace) -> int:
    """The stages as one Parquet file; returns how many customers."""
    runner = DuckDBRunner(threads=options.threads, memory_limit=options.memory)
    expr = current_stages(world.library(), "six_stages", of_customers(events_table()), at_us=AT_US)
    parts = world.parts(options.orders, other_events=options.others)
    return runner.write(expr, {"events": parts}, options.out)


def wrong(options: argparse.Namespace, path: Path) -> int:
    """How many customers have another stage in their history at that moment."""
    runner = DuckDBRunner(threads=options.threads, memory_limit="4GB")
    history = stage_history(world.library(), "six_stages", of_customers(events_table()))
    left = history.left_us
    at_that_moment = history.filter(
        history.entered_us <= AT_US, left.isnull() | (left > AT_US)
    ).select("customer_id", "stage")
    parts = world.parts(options.orders, other_events=options.others)
    expected = runner.run(at_that_moment, {"events": parts})
    return len(_pairs(expected) ^ _pairs(pq.read_table(path)))


def _pairs(table: pa.Table) -> set[tuple[int, str]]:
    ids, stages = table["customer_id"].to_pylist(), table["stage"].to_pylist()
    return set(zip(ids, stages, strict=True))


def main() -> int:
    """Measure, check, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=10_000_000)
    parser.add_argument("--others", type=int, default=40_000_000)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--memory", default="3GB")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--out", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.out is not None:
        report(lambda: run(options))
        return 0
    world.parts(options.orders, other_events=options.others)
    CONSOLE.print(f"[bold]{options.orders + options.others:,} events[/], {hardware()}")
    arguments = ["--orders", str(options.orders), "--others", str(options.others)]
    arguments += ["--threads", str(options.threads), "--memory", options.memory]
    with tempfile.TemporaryDirectory(dir=world.DATA) as folder:
        out = Path(folder) / "stages.parquet"
        found = measure(
            "benchmarks.current_stage", [*arguments, "--out", str(out)], repeat=options.repeat
        )
        bad = wrong(options, out) if options.check or options.orders <= 1_000_000 else None
    table = Table("customers", "wall s", "CPU s", "peak GB", "differ from the histories")
    table.add_row(
        f"{found.rows:,}", f"{found.wall_s:.1f}", f"{found.cpu_s:.1f}", f"{found.peak_gb:.2f}",
        "not checked" if bad is None else str(bad),
    )  # fmt: skip
    CONSOLE.print(table)
    return 1 if bad else 0


if __name__ == "__main__":
    raise SystemExit(main())
