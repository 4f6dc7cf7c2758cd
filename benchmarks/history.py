"""Exact stage histories: the engine against pandas and against a numpy program tuned by hand.

    .venv/bin/python benchmarks/history.py --orders 10000000

Data: simulated customers (``world.py``), about 9.7 orders each over three years, a registration
before the first. The lifecycle has six stages with counts in rolling windows, ages and the
customer's own median gap, and is read from ``six_stages.yaml``: no SQL is written by hand.
Each contender reads the same Parquet parts and writes its intervals as Parquet, in a process
of its own (peak memory is that process's). All intervals are compared in the same run. The
groupby contender runs on the first customers only and is scaled, unless ``--whole``.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "src")]

import duckdb  # noqa: E402
import ibis  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402

from benchmarks import world  # noqa: E402
from benchmarks.measuring import Measured, hardware, measure, report  # noqa: E402

CONSOLE = Console(width=120)
ORDERS_A_BUCKET = 5_000_000


def run_engine(parts: list[Path], out: Path, options: argparse.Namespace) -> int:
    from tenure.engine.asof import bucket, of_customers
    from tenure.engine.backends.duckdb import DuckDBRunner
    from tenure.engine.stages import stage_history

    library = world.library()
    runner = DuckDBRunner(
        threads=options.threads,
        memory_limit=options.memory,
        temp_directory=out.parent / "spill",
    )
    events = of_customers(events_table())
    buckets = options.buckets or max(1, round(options.orders / ORDERS_A_BUCKET))
    out.mkdir(exist_ok=True)
    return sum(
        runner.write(
            stage_history(library, "six_stages", bucket(events, index, buckets)),
            {"events": parts},
            out / f"part-{index:03}.parquet",
        )
        for index in range(buckets)
    )


def events_table() -> ibis.Table:
    """The lake's events without rows."""
    return ibis.table(
        {
            "event_id": "int64", "identifier_id": "int64", "type": "string",
            "occurred_us": "int64", "recorded_us": "int64", "local_date": "date",
            "amount_e4": "int64", "currency": "string", "source": "string",
            "batch_id": "int64", "properties": "string",
        },
        name="events",
    )  # fmt: skip


def run_by_hand(contender: str, parts: list[Path], out: Path, customers: int | None) -> int:
    from benchmarks import contenders

    table = contenders.read(parts, customers)
    make = contenders.by_arrays if contender == "numpy" else contenders.by_groupby
    frame = make(table)
    out.mkdir(exist_ok=True)
    contenders.write(frame, out / "part-000.parquet")
    return len(frame)


def differences(left: Path, right: Path, customers: int | None = None) -> int:
    """How many intervals are in one and not in the other."""
    only = "" if customers is None else f"where customer_id <= {customers}"
    sides = [
        f"(select customer_id, stage, entered_us, coalesce(left_us, -1) as left_us "
        f"from read_parquet('{path}/*.parquet') {only})"
        for path in (left, right)
    ]
    with duckdb.connect() as connection:
        connection.execute("set memory_limit = '4GB'")
        rows = connection.execute(
            f"select (select count(*) from ({sides[0]} except all {sides[1]})) + "
            f"(select count(*) from ({sides[1]} except all {sides[0]}))"
        ).fetchone()
    assert rows is not None
    return int(rows[0])


def contend(options: argparse.Namespace) -> int:
    world.parts(options.orders)
    customers = round(options.orders / world.PER_CUSTOMER)
    sample = None if options.whole else min(options.sample, customers)
    CONSOLE.print(f"[bold]{options.orders:,} orders, {customers:,} customers[/], {hardware()}")
    with tempfile.TemporaryDirectory(dir=world.DATA) as folder:
        found: dict[str, Measured] = {}
        for name in ("engine", "numpy", "groupby"):
            few = sample if name == "groupby" else None
            found[name] = measure(
                "benchmarks.history",
                arguments_of(options, name, Path(folder) / name, few),
                repeat=1 if name == "groupby" else options.repeat,
            )
        wrong = differences(Path(folder) / "engine", Path(folder) / "numpy")
        wrong += differences(Path(folder) / "engine", Path(folder) / "groupby", sample)
    scale = 1.0 if sample is None else customers / sample
    show(found, scale, sample)
    CONSOLE.print(
        f"{found['engine'].rows:,} intervals; "
        + ("[green]all contenders give the same[/]" if not wrong else f"[red]{wrong} differ[/]")
    )
    return 1 if wrong else 0


def arguments_of(
    options: argparse.Namespace, name: str, out: Path, customers: int | None
) -> list[str]:
    arguments = ["--contender", name, "--out", str(out), "--orders", str(options.orders)]
    arguments += ["--threads", str(options.threads), "--memory", options.memory]
    arguments += ["--buckets", str(options.buckets)]
    return arguments + ([] if customers is None else ["--sample", str(customers)])


def show(found: dict[str, Measured], scale: float, sample: int | None) -> None:
    table = Table()
    for column in ("contender", "wall s", "CPU s", "peak GB", "engine is faster by"):
        table.add_column(column, justify="right" if column != "contender" else "left")
    engine = found["engine"].wall_s
    note = "" if sample is None else f" ({sample:,} customers, scaled)"
    labels = {
        "engine": "engine: six_stages.yaml on DuckDB",
        "numpy": "numpy, whole columns, by hand",
        "groupby": f"pandas groupby.apply{note}",
    }
    for name, label in labels.items():
        by = scale if name == "groupby" else 1.0
        one = found[name]
        table.add_row(
            label, f"{one.wall_s * by:.1f}", f"{one.cpu_s * by:.1f}", f"{one.peak_gb:.2f}",
            "" if name == "engine" else f"{one.wall_s * by / engine:.1f}x",
        )  # fmt: skip
    CONSOLE.print(table)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=10_000_000)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--memory", default="1500MB", help="memory limit of the engine")
    parser.add_argument("--buckets", type=int, default=0, help="0: by size")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--sample", type=int, default=20_000, help="customers for groupby")
    parser.add_argument("--whole", action="store_true", help="groupby over all customers too")
    parser.add_argument("--contender", help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.contender is None:
        return contend(options)
    parts = world.parts(options.orders)
    if options.contender == "engine":
        report(lambda: run_engine(parts, options.out, options))
    else:
        few = options.sample if options.contender == "groupby" and not options.whole else None
        report(lambda: run_by_hand(options.contender, parts, options.out, few))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
