"""How long the list of customers takes: a mix of requests over 1M customers and 20M events.

    PYTHONPATH=src:. python -m benchmarks.customer_list [--customers 1000000] [--events 20000000]

The past is written straight into a lake, owners and tags among it; cards, stages, metrics and
the roster are computed by a rebuild. Then whole pages are asked for as a browser asks, by
somebody who sees everybody and by a seller who sees a fiftieth, some of them after edits that
the roster does not know yet.
Floor: p95 <= 200 ms on 2 cores.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
from collections.abc import Iterator
from datetime import timedelta

# opens a data directory of its own
from benchmarks.tick import BEGIN, BENCHMARK, DAYS, HOME, NOW, line, p95, past, say, timed  # isort: skip

import numpy as np
import pyarrow as pa
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client, override_settings

from benchmarks.measuring import hardware
from tenure.clock import DAY_US
from tenure.definitions import Lifecycle, load_packs
from tenure.derive.customers.operations import tag_customers
from tenure.derive.customers.operations.searching import index_search
from tenure.derive.customers.projection.roster import roster
from tenure.derive.lifecycles.operations import rebuild
from tenure.derive.lifecycles.projection import house_lake
from tenure.guard.access.models import Account, Role
from tenure.record.events.operations import IncomingEvent, record_events
from tenure.record.events.operations.identifying import identifier_of
from tenure.record.library.operations import publish
from tenure.record.library.queries import current_library
from tenure.record.vault.queries import keyring
from tenure.science.simulate.names import GIVEN_NAMES, SURNAMES

LIFECYCLE = "six_stages"
SELLERS = 50
TAGS = ("VIP", "new", "party", "returns")
MIX = (
    {"q": ""},
    {"q": "", "page": "40"},
    {"q": "", "sort": "-orders", "c": ["orders", "revenue", "owner"]},
    {"q": "orders >= 5 and days_since_last_order > 60"},
    {"q": "stage_six_stages = 'loyalty'", "sort": "-entered_six_stages"},
    {"q": "tag = 'VIP' and owner = 'seller7'"},
    {"q": "owner is null and last_seen >= date '2025-06-01'", "sort": "last_seen"},
    {"q": "(tag in ('VIP', 'new') or orders > 20) and not channel = 'web'"},
    {"find": "M0000777"},
    {"find": "wang"},
    {"find": "0777"},
)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="time the list of customers")
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--events", type=int, default=20_000_000)
    parser.add_argument("--named", type=int, default=20_000, help="customers with a name")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--keep", action="store_true", help="leave the data directory")
    return parser.parse_args()


def prepare(options: argparse.Namespace) -> tuple[float, float]:
    """The house with its past; seconds of the rebuild, and of making names findable."""
    call_command("migrate", verbosity=0)
    definitions = [
        one
        for one in load_packs(["general"])
        if not isinstance(one, Lifecycle) or one.key == LIFECYCLE
    ]
    publish(definitions, note="benchmark", by=BENCHMARK, at=BEGIN)
    staff()
    numbers = identifiers(options.customers)
    say(f"writing {options.events:,} events of {options.customers:,} customers into the lake")
    fill_lake(numbers, options.events)
    name_some(options.named)
    say("computing cards, stages, metrics and the roster")
    rebuilt = timed(lambda: rebuild(at=NOW))
    indexed = timed(lambda: index_search(at=NOW, limit=10_000_000))
    return rebuilt, indexed


def staff() -> None:
    """Somebody who sees everybody, and sellers who see their own."""
    for key, scope in (("all", "all"), ("own", "own")):
        grants = {f"customer.{right}": scope for right in ("view", "edit", "assign", "export")}
        grants |= {"health.view": "all"}
        Role.objects.create(key=key, name_zh=key, name_en=key, grants=grants, reads=["name"])
    for name in ["boss", *(f"seller{number}" for number in range(SELLERS))]:
        one = Account.objects.create_user(f"{name}@example.com", name=name, created_at=NOW)
        one.roles.add(Role.objects.get(key="all" if name == "boss" else "own"))


def member(number: int) -> str:
    return f"M{number:07d}"


def identifiers(customers: int) -> np.ndarray:
    """Numbers of the customers, put on record."""
    secret = keyring().identity
    found = [identifier_of(secret, "member_no", member(number)) for number in range(customers)]
    rows = [(one, "member_no", digest, member(n)) for n, (one, digest) in enumerate(found)]
    with transaction.atomic(), connection.cursor() as cursor:
        marks = "INSERT INTO events_identifier (id, type, digest, value) VALUES (%s, %s, %s, %s)"
        cursor.executemany(marks, rows)
    return np.array([one for one, _ in found], np.int64)


def fill_lake(numbers: np.ndarray, events: int) -> None:
    """Orders of everybody; two thirds have an owner, a fifth a tag."""
    lake = house_lake()
    lake.conform(current_library()[0])
    lake.append(orders(numbers, events), cursor=events)
    statements = len(numbers)
    lake.append(iter([stated(numbers, events)]), cursor=events + statements)
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            text = "SELECT setval(pg_get_serial_sequence('events_event', 'id'), %s)"
        else:
            text = "INSERT INTO sqlite_sequence (name, seq) VALUES ('events_event', %s)"
        cursor.execute(text, [events + statements])


def orders(numbers: np.ndarray, events: int) -> Iterator[pa.Table]:
    """The past of ``benchmarks.tick``, with channels."""
    channels = pa.array(["web", "app", "store"])
    for table in past(numbers, events):
        drawn = pa.array(np.arange(table.num_rows) % 3)
        yield shaped(table.append_column("f_channel", channels.take(drawn)))


def stated(numbers: np.ndarray, after: int) -> pa.Table:
    """Owners and tags."""
    draw, count = np.random.default_rng(11), len(numbers)
    owners = Account.objects.filter(name__startswith="seller").values_list("pk", flat=True)
    texts = np.array([str(one) for one in owners])
    tagged = draw.random(count) < 0.25
    moment = int(NOW.timestamp()) * 1_000_000 - 30 * DAY_US
    owner = np.where(tagged, None, texts[draw.integers(0, len(texts), count)])
    tag = np.where(tagged, np.array(TAGS)[draw.integers(0, len(TAGS), count)], None)
    table = pa.table(
        {
            "event_id": np.arange(after + 1, after + 1 + count),
            "identifier_id": numbers,
            "type": pa.array(np.where(tagged, "customer.tagged", "customer.assigned")),
            "occurred_us": np.full(count, moment),
            "recorded_us": np.full(count, moment),
            "local_date": pa.array(np.full(count, NOW.date())),
            "source": pa.repeat("tenure", count),
            "properties": pa.repeat("{}", count),
            "f_owner": pa.array(owner, pa.string()),
            "f_tag": pa.array(tag, pa.string()),
        }
    )
    return shaped(table)


def shaped(table: pa.Table) -> pa.Table:
    """With every column that the lake has under these definitions."""
    with house_lake().reading() as lake:
        schema = lake.schema
    for field in schema:
        if field.name not in table.column_names:
            table = table.append_column(field, pa.nulls(table.num_rows, field.type))
    return table.select(schema.names).cast(schema)


def name_some(count: int) -> None:
    """Names in the vault."""
    draw = np.random.default_rng(3)
    for start in range(0, count, 1000):
        events = [
            IncomingEvent(
                "customer.profiled",
                NOW - timedelta(days=DAYS - 1),
                {"member_no": member(number)},
                {"full_name": f"{draw.choice(SURNAMES)}{draw.choice(GIVEN_NAMES)}"},
                f"n{number}",
            )
            for number in range(start, min(count, start + 1000))
        ]
        record_events(events, source="shop", by=BENCHMARK, at=NOW)


def request_times(account: str, rounds: int) -> dict[str, list[float]]:
    """Seconds of each request of the mix, after one round that compiles."""
    client = Client()
    client.force_login(Account.objects.get(name=account))
    found: dict[str, list[float]] = {}
    for turn in range(rounds + 1):
        for query in MIX:
            answer: list[int] = []
            seconds = timed(
                lambda q=query, a=answer: a.append(client.get("/customers/", q).status_code)  # type: ignore[misc]
            )
            assert answer == [200], (query, answer)
            if turn:
                found.setdefault(" ".join(f"{k}={v}" for k, v in query.items()), []).append(seconds)
    return found


def main() -> None:
    options = arguments()
    rebuilt, indexed = prepare(options)
    file = roster()
    assert file is not None
    times = {"boss": request_times("boss", options.rounds)}
    times["seller7"] = request_times("seller7", options.rounds)
    secret = keyring().identity
    edited = [
        identifier_of(secret, "member_no", member(number))[0]
        for number in range(min(2_000, options.customers))
    ]
    tag_customers(edited, "VIP", by=BENCHMARK, at=NOW + timedelta(minutes=1))
    times["boss, 2,000 edited"] = request_times("boss", options.rounds)
    print(f"{options.customers:,} customers, {options.events:,} events; {hardware()}")
    size = file.path.stat().st_size / 2**20
    print(
        f"{connection.vendor}; roster {file.rows:,} rows, {len(file.schema)} columns, {size:.0f} MB"
    )
    line("", "median", "p95", "floor")
    line("rebuild with cards and roster (s)", f"{rebuilt:.1f}")
    line(f"{options.named:,} names made findable (s)", f"{indexed:.1f}")
    for who, found in times.items():
        for query, seconds in found.items():
            show(f"{who}: {query}"[:51], seconds)
    whole = [one for found in times.values() for seconds in found.values() for one in seconds]
    show("all requests (ms)", whole)


def show(what: str, seconds: list[float]) -> None:
    line(what, f"{1000 * statistics.median(seconds):.0f}", f"{1000 * p95(seconds):.0f}", "200")


if __name__ == "__main__":
    try:
        with override_settings(ALLOWED_HOSTS=["testserver"]):
            main()
    finally:
        shutil.rmtree(HOME, ignore_errors=True)
