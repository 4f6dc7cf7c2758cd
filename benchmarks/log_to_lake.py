"""How fast the log goes to the lake: rows to sorted Parquet parts, promoted fields included.

    PYTHONPATH=src python benchmarks/log_to_lake.py [--events 1000000]

Fills a fresh SQLite file, or the PostgreSQL of DATABASE_URL (whose log is emptied), then runs the
real ``export_to_lake``. The peer reads the same rows with a plain database cursor and writes them,
unsorted and with the same columns taken out of the JSON in Python, with pyarrow.
Floor: 400,000 rows/s.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path

HOME = Path(tempfile.mkdtemp(prefix="tenure-benchmark-"))
os.environ["TENURE_HOME"] = str(HOME)
os.environ["DJANGO_SETTINGS_MODULE"] = "tenure.config.settings"

import django  # noqa: E402

django.setup()

import pyarrow as pa  # noqa: E402
import pyarrow.parquet as pq  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from tenure.actor import SYSTEM  # noqa: E402
from tenure.engine.lake import Lake  # noqa: E402
from tenure.engine.schema import EVENT_BASE  # noqa: E402
from tenure.record.events.jobs import export_to_lake  # noqa: E402
from tenure.record.events.operations.prepared import Row  # noqa: E402
from tenure.record.events.operations.writing import lock_log, write_rows  # noqa: E402
from tenure.record.library.operations import publish_packs  # noqa: E402
from tenure.record.library.queries import current_library  # noqa: E402

BEGIN_US = 1_672_531_200_000_000
NOW = datetime(2026, 1, 1, tzinfo=UTC)
SPAN_US = 3 * 365 * 86_400_000_000
CUSTOMERS = 100_000


def row(number: int, count: int) -> Row:
    us = BEGIN_US + number * SPAN_US // count
    code = blake2b(number.to_bytes(8, "big"), digest_size=12).digest()
    body = f'{{"order_id":"A{number:08d}","channel":"web","quantity":{number % 5 + 1}}}'
    return (
        (us // 1_000_000).to_bytes(4, "big") + code,
        "shop",
        "order.placed",
        (number * 7919 % CUSTOMERS + 1) * 92_233_720_368_547,
        us,
        us,
        datetime.fromtimestamp(us / 1e6, UTC).date().isoformat(),
        (number % 900 + 9) * 10_000,
        "CNY",
        None,
        SYSTEM.key,
        body,
    )


def fill(count: int) -> None:
    with connection.cursor() as cursor:
        truncate = "TRUNCATE" if connection.vendor == "postgresql" else "DELETE FROM"
        cursor.execute(f"{truncate} events_event")
    for first in range(0, count, 10_000):
        with transaction.atomic():
            lock_log()
            write_rows([row(number, count) for number in range(first, min(first + 10_000, count))])


def peer(target: Path) -> int:
    """A plain cursor, JSON read in Python, one Parquet file."""
    schema = EVENT_BASE
    for name in ("f_channel", "f_order_id"):
        schema = schema.append(pa.field(name, pa.string()))
    schema = schema.append(pa.field("f_quantity", pa.float64()))
    columns = (
        "id, identifier_id, type, occurred_us, recorded_us, local_date, amount_e4, currency, "
        "source, batch_id, properties"
    )
    rows = 0
    with connection.cursor() as cursor, pq.ParquetWriter(target, schema, compression="zstd") as out:
        cursor.execute(f"SELECT {columns} FROM events_event ORDER BY id")
        while chunk := cursor.fetchmany(65_536):
            columns_of = [list(column) for column in zip(*chunk, strict=True)]
            bodies = [json.loads(body) for body in columns_of[-1]]
            columns_of += [
                [body.get("channel") for body in bodies],
                [body.get("order_id") for body in bodies],
                [body.get("quantity") for body in bodies],
            ]
            arrays = [pa.array(c, f.type) for c, f in zip(columns_of, schema, strict=True)]
            out.write_table(pa.Table.from_arrays(arrays, schema=schema))
            rows += len(chunk)
    return rows


def median_rate(name: str, count: int, runs: int, work: Callable[[], int]) -> float:
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        rows = work()
        seconds.append(time.perf_counter() - start)
        if rows != count:
            raise SystemExit(f"{name}: {rows:,} rows instead of {count:,}")
    rate = count / statistics.median(seconds)
    print(
        f"  {name:<28}{rate:>10,.0f} rows/s  (median of {runs}: {statistics.median(seconds):.2f} s)"
    )
    return rate


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    publish_packs(["general"], note="benchmark", by=SYSTEM, at=NOW)
    library = current_library()[0]
    fill(options.events)

    def ours() -> int:
        shutil.rmtree(HOME / "lake", ignore_errors=True)
        return export_to_lake(Lake(HOME / "lake"), library=library, at=NOW)

    print(f"{options.events:,} events of {CUSTOMERS:,} customers over 3 years; {connection.vendor}")
    print(
        f"{os.cpu_count()} cores {platform.machine()}, Python {platform.python_version()}, "
        f"load {os.getloadavg()[0]:.1f}"
    )
    rate = median_rate("export_to_lake", options.events, options.runs, ours)
    slow = median_rate("peer: cursor and pyarrow", options.events, 1, lambda: peer(HOME / "peer"))
    size = sum(file.stat().st_size for file in (HOME / "lake").rglob("*.parquet"))
    print(f"  {size / options.events:.0f} bytes per event in the lake")
    print(f"  {rate / slow:.1f} times the peer; floor 400,000 rows/s: {rate / 400_000:.2f} of it")
    shutil.rmtree(HOME, ignore_errors=True)


if __name__ == "__main__":
    main()
