"""How long a tick takes: 2,000 new events on top of 1M customers and 10M events.

    PYTHONPATH=src python benchmarks/tick.py [--customers 1000000] [--events 10000000] [--pack KEY]

The past is written straight into a lake (recording it would take minutes and is measured
elsewhere); what is timed goes through the real operations: new events lie in the database,
are exported, identities followed, histories recomputed, rows of the current stage moved.
Floors: tick p95 <= 1 s; 1 % of the customers changed <= 1 s of computing; counts as of any
date <= 150 ms.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

HOME = Path(tempfile.mkdtemp(prefix="tenure-benchmark-"))
os.environ["TENURE_HOME"] = str(HOME)
os.environ["DJANGO_SETTINGS_MODULE"] = "tenure.config.settings"

import django  # noqa: E402

django.setup()

import numpy as np  # noqa: E402
import pyarrow as pa  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from tenure.actor import Actor  # noqa: E402
from tenure.clock import DAY_US  # noqa: E402
from tenure.definitions import load_files  # noqa: E402
from tenure.derive.lifecycles.operations import following, rebuild, tick  # noqa: E402
from tenure.derive.lifecycles.projection import house_histories, house_lake  # noqa: E402
from tenure.derive.lifecycles.queries import stage_counts  # noqa: E402
from tenure.record.events.operations import IncomingEvent, record_events  # noqa: E402
from tenure.record.events.operations.identifying import identifier_of  # noqa: E402
from tenure.record.library.operations import publish, publish_packs  # noqa: E402
from tenure.record.library.queries import current_library  # noqa: E402
from tenure.record.vault.queries import keyring  # noqa: E402

BENCHMARK = Actor("benchmark", "program", "Benchmark")
BEGIN = datetime(2023, 1, 1, tzinfo=UTC)
DAYS = 1096
NOW = BEGIN + timedelta(days=DAYS)
LIFECYCLE = "six_stages"
DEFINITIONS = Path(__file__).with_name("tick_lifecycle.yaml")
TYPE = "customer_number"


@dataclass(frozen=True)
class Past:
    """What the ticks stand on, and how long it took to make."""

    customers: list[str]
    fill_seconds: float
    rebuild_seconds: tuple[float, float]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="time ticks on a large past")
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--ticks", type=int, default=20)
    parser.add_argument("--new", type=int, default=2_000, help="events per tick")
    parser.add_argument("--pack", help="its lifecycles are followed as well, such as ecommerce")
    parser.add_argument("--keep", action="store_true", help="leave the data directory")
    return parser.parse_args()


def prepare(options: argparse.Namespace) -> Past:
    """A database, the definitions, a lake with the past, and everything derived from it."""
    call_command("migrate", verbosity=0)
    publish(load_files([DEFINITIONS]), note="benchmark", by=BENCHMARK, at=BEGIN)
    if options.pack:
        publish_packs([options.pack], note="benchmark", by=BENCHMARK, at=BEGIN)
    customers = [f"C{number:08d}" for number in range(options.customers)]
    say(f"writing {options.events:,} events of {len(customers):,} customers into the lake")
    filled = timed(lambda: fill_lake(customers, options.events))
    say(f"filled in {filled:.1f} s; computing every history and current stage")
    rebuilt = timed_twice(lambda: rebuild(at=NOW))
    return Past(customers, filled, rebuilt)


def fill_lake(customers: list[str], events: int) -> None:
    secret = keyring().identity
    numbers = np.array([identifier_of(secret, TYPE, raw)[0] for raw in customers], np.int64)
    lake = house_lake()
    lake.conform(current_library()[0])
    lake.append(past(numbers, events), cursor=events)
    with transaction.atomic(), connection.cursor() as cursor:
        skip_to(cursor, events)


def skip_to(cursor: object, events: int) -> None:
    """Let the log go on numbering where the lake ends."""
    if connection.vendor == "postgresql":
        text = "SELECT setval(pg_get_serial_sequence('events_event', 'id'), %s)"
    else:
        text = "INSERT INTO sqlite_sequence (name, seq) VALUES ('events_event', %s)"
    cursor.execute(text, [events])  # type: ignore[attr-defined]
    record_events([order("C00000000", NOW, 0)], source="shop", by=BENCHMARK, at=NOW)


def past(identifiers: np.ndarray, events: int) -> Iterator[pa.Table]:
    """Orders of everybody, month after month, as columns of the lake."""
    draw = np.random.default_rng(20260101)
    begin_us = int(BEGIN.timestamp()) * 1_000_000
    moments = np.sort(draw.integers(0, DAYS * DAY_US, events)) + begin_us
    # some buy ten times as often as others
    weight = draw.gamma(0.7, 1.0, len(identifiers)) + 0.05
    edges = np.cumsum(weight) / weight.sum()
    place = np.searchsorted(edges, draw.random(events), side="left")
    who = identifiers[place.clip(max=len(identifiers) - 1)]
    amounts = (draw.lognormal(4.0, 0.8, events) * 100).astype(np.int64) * 100
    months = moments.astype("datetime64[us]").astype("datetime64[M]")
    starts = np.flatnonzero(np.r_[True, months[1:] != months[:-1]])
    for start, end in zip(starts, np.r_[starts[1:], events], strict=True):
        yield part(int(start), who[start:end], moments[start:end], amounts[start:end])


def part(start: int, who: np.ndarray, moments: np.ndarray, amounts: np.ndarray) -> pa.Table:
    count = len(who)
    days = moments.astype("datetime64[us]").astype("datetime64[D]")
    return pa.table(
        {
            "event_id": np.arange(start + 1, start + 1 + count),
            "identifier_id": who,
            "type": pa.repeat("order.placed", count),
            "occurred_us": moments,
            "recorded_us": moments,
            "local_date": pa.array(days),
            "amount_e4": amounts,
            "currency": pa.repeat("CNY", count),
            "source": pa.repeat("shop", count),
            "batch_id": pa.nulls(count, pa.int64()),
            "properties": pa.repeat("{}", count),
        }
    )


def order(customer: str, at: datetime, number: int) -> IncomingEvent:
    return IncomingEvent(
        type="order.placed",
        occurred_at=at,
        identifiers={TYPE: customer},
        fields={"amount": "59.90"},
        key=f"n{at.timestamp()}-{number}",
    )


def tick_times(past: Past, options: argparse.Namespace) -> list[tuple[float, float]]:
    """Seconds of each tick after so many new events, five minutes apart; some come late."""
    draw = np.random.default_rng(7)
    seconds = []
    for turn in range(options.ticks + 2):
        at = NOW + timedelta(minutes=5 * (turn + 1))
        chosen = draw.integers(0, len(past.customers), options.new)
        late = np.where(draw.random(options.new) < 0.1, draw.exponential(20.0, options.new), 0.0)
        events = [
            order(
                past.customers[who], at - timedelta(days=float(days), seconds=number / 100), number
            )
            for number, (who, days) in enumerate(zip(chosen, late, strict=True))
        ]
        record_events(events, source="shop", by=BENCHMARK, at=at)
        taken = timed_twice(lambda at=at: tick(at=at))  # type: ignore[misc]
        if turn >= 2:  # the first two compile
            seconds.append(taken)
    return seconds


def many_changed(past: Past) -> tuple[int, tuple[float, float], float]:
    """One tick after 1 % of the customers have bought; and the seconds of computing in it.

    Computing is from the lake's parts to the stored histories and the stages that hold now; the
    rest of the tick exports the new events and writes the database's rows.
    """
    count = len(past.customers) // 100
    at = NOW + timedelta(days=1)
    events = [order(customer, at, n) for n, customer in enumerate(past.customers[:count])]
    for start in range(0, count, 1000):
        record_events(events[start : start + 1000], source="shop", by=BENCHMARK, at=at)
    computing: list[float] = []
    compute = following._news

    def timed_compute(*arguments: Any, **named: Any) -> Any:
        begun = time.perf_counter()
        rows = compute(*arguments, **named)
        computing.append(time.perf_counter() - begun)
        return rows

    with patch.object(following, "_news", timed_compute):
        taken = timed_twice(lambda: tick(at=at))
    return count, taken, sum(computing)


def count_times() -> list[tuple[float, float]]:
    """Seconds of stage counts as of dates all over the past."""
    days = np.linspace(30, DAYS, 25)
    moments = [BEGIN + timedelta(days=float(day)) for day in days]
    ask = [
        timed_twice(lambda at=at: stage_counts(LIFECYCLE, as_of=at, viewer=BENCHMARK))  # type: ignore[misc]
        for at in moments
    ]
    return ask[2:]


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def timed_twice(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds on the wall, and of all cores: the second does not mind what else is running."""
    computed = time.process_time()
    return timed(work), time.process_time() - computed


def p95(seconds: list[float]) -> float:
    return float(np.quantile(seconds, 0.95))


def say(text: str) -> None:
    print(f"  {text}", file=sys.stderr, flush=True)


def line(what: str, *values: str) -> None:
    print(f"{what:<52}" + "".join(f"{value:>14}" for value in values))


def main() -> None:
    options = arguments()
    past = prepare(options)
    ticks = tick_times(past, options)
    counts = count_times()
    changed, seconds, computing = many_changed(past)
    again = count_times()
    rows = house_histories().read(LIFECYCLE).rows
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(
        f"{len(past.customers):,} customers, {options.events:,} events, {rows:,} intervals; "
        f"{os.cpu_count()} cores, {platform.machine()}, load {os.getloadavg()[0]:.1f}, "
        f"{connection.vendor}, peak memory {memory:.1f} GiB"
    )
    walls, cores = [wall for wall, _ in ticks], [core for _, core in ticks]
    line("", "median", "p95", "floor", "all cores")
    wall, core = past.rebuild_seconds
    line("rebuild: histories and current rows (s)", f"{wall:.1f}", "", "60", f"{core:.1f}")
    line(
        f"tick after {options.new:,} events (s)",
        f"{statistics.median(walls):.2f}",
        f"{p95(walls):.2f}",
        "1.00",
        f"{statistics.median(cores):.2f}",
    )
    wall, core = seconds
    line(f"recompute {changed:,} changed customers (s)", f"{computing:.2f}", "", "1.00", "")
    line("  the whole tick with it (s)", f"{wall:.2f}", "", "", f"{core:.2f}")
    for what, found in (("", counts), (", after the ticks", again)):
        milliseconds = [1000 * wall for wall, _ in found]
        computed = [1000 * core for _, core in found]
        line(
            f"stage counts as of any date{what} (ms)",
            f"{statistics.median(milliseconds):.0f}",
            f"{p95(milliseconds):.0f}",
            "150",
            f"{statistics.median(computed):.0f}",
        )


if __name__ == "__main__":
    options_keep = "--keep" in sys.argv
    try:
        main()
    finally:
        if not options_keep:
            shutil.rmtree(HOME, ignore_errors=True)
