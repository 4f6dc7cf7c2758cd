"""How fast events are recorded, durably, in batches; beside plain Django on the same events.

    PYTHONPATH=src python benchmarks/recording.py [--events 300000] [--batch 1000]

Writes to a fresh SQLite file (synchronous=FULL), or to the PostgreSQL of DATABASE_URL, whose
tables are emptied. The log holds 100,000 orders of as many customers before anything is measured.
Three kinds of load go through the real ``record_events``: orders under a customer number, every
tenth of a new customer; the same sent again (all repeats); orders that also bring the customer's
phone number for the first time (an identifier, a link and an entry in the vault each).
The peer stores the same columns with model objects and ``bulk_create(ignore_conflicts=True)``; it
checks nothing, answers nothing and knows no customers. CPU is that of this process: the figure
that other work on the machine disturbs least.
Floors: 40,000 events/s on SQLite, 45,000 on PostgreSQL, for orders under a customer number.
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
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

HOME = Path(tempfile.mkdtemp(prefix="tenure-benchmark-"))
os.environ["TENURE_HOME"] = str(HOME)
os.environ["DJANGO_SETTINGS_MODULE"] = "tenure.config.settings"

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from tenure.actor import SYSTEM  # noqa: E402
from tenure.clock import to_microseconds  # noqa: E402
from tenure.record.events.models import Event  # noqa: E402
from tenure.record.events.operations import IncomingEvent, record_events  # noqa: E402
from tenure.record.library.operations import publish_packs  # noqa: E402

BEGIN = datetime(2025, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
CUSTOMERS = 100_000
CHANNELS = ("web", "app", "store", "wechat")
TABLES = ("events_event", "events_identifier", "events_link", "vault_vaultentry")


def customer(number: int) -> int:
    """Whose order it is: first one each, then every tenth of somebody new."""
    if number < CUSTOMERS:
        return number
    known = CUSTOMERS + (number - CUSTOMERS) // 10
    return known if number % 10 == 0 else number * 2_654_435_761 % 2**32 % known


def orders(first: int, count: int, *, with_phone: bool = False) -> list[IncomingEvent]:
    """Orders number ``first`` and following, a few seconds apart."""
    events = []
    for number in range(first, first + count):
        who = customer(number)
        identifiers = {"customer_id": f"C{who:06d}"}
        if with_phone:
            identifiers["phone"] = f"139{who:08d}"
        events.append(
            IncomingEvent(
                type="order.placed",
                occurred_at=BEGIN + timedelta(seconds=number * 7),
                identifiers=identifiers,
                fields={
                    "order_id": f"A{number:08d}",
                    "amount": f"{number % 900 + 9}.90",
                    "channel": CHANNELS[number % 4],
                },
                key=f"order-{number}-{with_phone}",
            )
        )
    return events


def through_record_events(events: Sequence[IncomingEvent]) -> None:
    record_events(events, source="shop", by=SYSTEM, at=NOW)


def through_model_objects(events: Sequence[IncomingEvent]) -> None:
    """What one writes first with Django: a model object per event."""
    recorded_us = to_microseconds(NOW)
    rows = [
        Event(
            key=event.key.encode()[-16:].rjust(16) if event.key else b"",
            source="shop",
            type=event.type,
            identifier_id=int(event.identifiers["customer_id"][1:]),
            occurred_us=to_microseconds(event.occurred_at),
            recorded_us=recorded_us,
            local_date=event.occurred_at.date(),
            amount_e4=int(float(str(event.fields["amount"])) * 10_000),
            currency="CNY",
            recorded_by=SYSTEM.key,
            properties=json.dumps({k: v for k, v in event.fields.items() if k != "amount"}),
        )
        for event in events
    ]
    with transaction.atomic():
        Event.objects.bulk_create(rows, ignore_conflicts=True)


def start_anew(work: Callable[[Sequence[IncomingEvent]], None], size: int) -> None:
    """Empty tables, then the first order of every customer, not measured."""
    empty()
    for first in range(0, CUSTOMERS, size):
        work(orders(first, size))
    if connection.vendor == "postgresql":
        # A server that has run for a while has files of its write-ahead log to use again; one
        # just made fills each with zeros first, 16 MB at a time.
        with connection.cursor() as cursor:
            cursor.execute("CHECKPOINT")


def empty() -> None:
    with connection.cursor() as cursor:
        for table in TABLES:
            truncate = "TRUNCATE" if connection.vendor == "postgresql" else "DELETE FROM"
            cursor.execute(f"{truncate} {table}")
        if connection.vendor == "sqlite":
            cursor.execute("VACUUM")


def measured(
    name: str,
    counts: Sequence[tuple[int, int]],
    work: Callable[[Sequence[IncomingEvent]], None],
    *,
    with_phone: bool = False,
) -> tuple[float, float]:
    """Events per second over all batches and in the median batch; making the events not counted."""
    seconds, busy = [], 0.0
    for first, count in counts:
        batch = orders(first, count, with_phone=with_phone)
        start, start_busy = time.perf_counter(), time.process_time()
        work(batch)
        seconds.append(time.perf_counter() - start)
        busy += time.process_time() - start_busy
    size = counts[0][1]
    overall = size * len(counts) / sum(seconds)
    median = size / statistics.median(seconds)
    slow = sorted(seconds)[int(len(seconds) * 0.95)] * 1000
    print(
        f"  {name:<36}{overall:>9,.0f}/s  median batch {median:>9,.0f}/s  p95 {slow:6.1f} ms  "
        f"CPU {busy / (size * len(counts)) * 1e6:5.1f} us each"
    )
    return overall, median


def in_batches(events: int, size: int) -> list[tuple[int, int]]:
    return [(CUSTOMERS + first, min(size, events - first)) for first in range(0, events, size)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=300_000)
    parser.add_argument("--batch", type=int, default=1_000)
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    publish_packs(["general"], note="benchmark", by=SYSTEM, at=BEGIN)
    if connection.vendor == "sqlite":
        durable = connection.cursor().execute("PRAGMA synchronous").fetchone()[0]
        place = f"SQLite file, synchronous={durable} (2 is FULL)"
    else:
        place = "PostgreSQL, synchronous_commit on"
    print(f"{options.events:,} events in batches of {options.batch:,}; {place}")
    print(
        f"{os.cpu_count()} cores {platform.machine()}, Python {platform.python_version()}, "
        f"load {os.getloadavg()[0]:.1f}"
    )
    plain = in_batches(options.events, options.batch)
    third = in_batches(options.events // 3, options.batch)
    start_anew(through_model_objects, 10_000)
    peer, _ = measured("peer: bulk_create(ignore_conflicts)", third, through_model_objects)
    start_anew(through_record_events, 10_000)
    ours, median = measured("record_events", plain, through_record_events)
    measured("record_events, all repeats", third, through_record_events)
    measured("record_events, with a phone each", third, through_record_events, with_phone=True)
    floor = 40_000 if connection.vendor == "sqlite" else 45_000
    print(
        f"  {ours / peer:.1f} times the peer; floor {floor:,}/s: overall {ours / floor:.2f}, "
        f"median {median / floor:.2f} of it"
    )
    shutil.rmtree(HOME, ignore_errors=True)


if __name__ == "__main__":
    main()
