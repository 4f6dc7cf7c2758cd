"""Import of a CSV of a million orders, checks and dedupe included, against plain csv + Django.

    PYTHONPATH=src python benchmarks/importing.py [--rows 1000000] [--runs 3]

The peer reads the same file with ``csv.DictReader``, parses date and amount, and writes rows with
``bulk_create`` into a table of the same columns with a unique key: no identifiers, no
definitions, no checkpoints, no report. Both in fresh SQLite databases, a process each.
"""

from __future__ import annotations

import argparse
import csv
import os
import platform
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

MAP = """
source: benchmark
time_zone: Asia/Shanghai
customer: {customer_id: 客户编号}
events:
  - type: order.placed
    at: 下单时间
    fields: {order_id: 订单号, amount: 金额, channel: 渠道, category: 品类}
"""
GOAL = 20_000


def write_file(path: Path, rows: int) -> None:
    """Orders of ``rows / 10`` customers over three years, in order of time."""
    draw = random.Random(7)
    start = datetime(2023, 1, 1, tzinfo=UTC)
    step = timedelta(days=3 * 365) / rows
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["订单号", "客户编号", "下单时间", "金额", "渠道", "品类"])
        for number in range(rows):
            moment = start + step * number
            writer.writerow(
                [
                    f"D{number:08d}",
                    f"K{draw.randrange(rows // 10):07d}",
                    f"{moment:%Y/%m/%d %H:%M:%S}",
                    f"{draw.lognormvariate(5, 1):,.2f}",
                    draw.choice(("网店", "门店", "微信")),
                    draw.choice(("女装", "男装", "童装", "鞋", "箱包")),
                ]
            )


def _open(home: str) -> None:
    os.environ.update(TENURE_HOME=home, DJANGO_SETTINGS_MODULE="tenure.config.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def run_tenure(path: Path, home: str) -> int:
    """Our import; gives the events recorded."""
    _open(home)
    from tenure.actor import SYSTEM
    from tenure.definitions import load_pack
    from tenure.record.imports.operations import import_file
    from tenure.record.imports.operations.mapping import load_map
    from tenure.record.library.operations import publish

    at = datetime(2026, 6, 1, tzinfo=UTC)
    publish(load_pack("general"), note="benchmark", by=SYSTEM, at=at)
    outcome = import_file(path, load_map(MAP, "map"), by=SYSTEM, at=at, language="en")
    return outcome.tally.accepted


def run_peer(path: Path, home: str) -> int:
    """csv.DictReader and bulk_create; gives the rows written."""
    _open(home)
    from hashlib import md5

    from tenure.record.events.models import Event

    rows: list[Event] = []
    written = 0
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            moment = datetime.strptime(row["下单时间"], "%Y/%m/%d %H:%M:%S").replace(tzinfo=UTC)
            amount = float(row["金额"].replace(",", ""))
            rows.append(
                Event(
                    key=md5(row["订单号"].encode()).digest(),
                    source="peer",
                    type="order.placed",
                    identifier_id=hash(row["客户编号"]),
                    occurred_us=int(moment.timestamp() * 1e6),
                    recorded_us=0,
                    local_date=moment.date(),
                    amount_e4=round(amount * 10_000),
                    currency="CNY",
                    recorded_by="peer",
                    properties=str({"channel": row["渠道"], "category": row["品类"]}),
                )
            )
            if len(rows) >= 5000:
                written += len(Event.objects.bulk_create(rows, ignore_conflicts=True))
                rows.clear()
    written += len(Event.objects.bulk_create(rows, ignore_conflicts=True))
    return written


def child(which: str, path: Path) -> None:
    """One measured run in this process: seconds, peak MB, rows."""
    with tempfile.TemporaryDirectory(prefix="tenure-benchmark-") as home:
        started = time.perf_counter()
        count = {"tenure": run_tenure, "peer": run_peer}[which](path, home)
        seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(seconds, peak, count)


def measure(which: str, path: Path, rows: int) -> tuple[float, float]:
    """Seconds and peak MB of one run in a process of its own."""
    done = subprocess.run(
        [sys.executable, __file__, "--child", which, "--file", str(path)],
        capture_output=True,
        text=True,
        check=True,
    )
    seconds, peak, count = done.stdout.split()
    assert int(count) == rows, f"{which} wrote {count} of {rows} rows"
    return float(seconds), float(peak)


def main() -> None:
    """Run both and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--child")
    parser.add_argument("--file", type=Path)
    options = parser.parse_args()
    if options.child:
        child(options.child, options.file)
        return
    rows = options.rows
    with tempfile.TemporaryDirectory(prefix="tenure-benchmark-") as folder:
        path = Path(folder) / "orders.csv"
        write_file(path, rows)
        size = path.stat().st_size / 1e6
        print(f"{rows:,} rows, {size:.0f} MB; {platform.processor() or platform.machine()}, "
              f"{os.cpu_count()} cores, Python {platform.python_version()}")  # fmt: skip
        medians = {}
        for which in ("tenure", "peer"):
            found = [measure(which, path, rows) for _ in range(options.runs)]
            seconds = statistics.median(one[0] for one in found)
            medians[which] = seconds
            peak = max(one[1] for one in found)
            print(f"{which:>7}: {seconds:7.1f} s  {rows / seconds:10,.0f} rows/s  {peak:6.0f} MB")
    rate = rows / medians["tenure"]
    print(f"time against the peer: {medians['tenure'] / medians['peer']:.2f} of it")
    print(f"goal {GOAL:,} rows/s: {'met' if rate >= GOAL else 'MISSED'} ({rate:,.0f})")
    sys.exit(0 if rate >= GOAL else 1)


if __name__ == "__main__":
    main()
