"""Lifecycles of all packs on random lives: the engine agrees with an independent evaluator.

Stories show what a lifecycle means; here every condition of every lifecycle meets events in
orders nobody would write, and both ways of computing must find the same moments.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random

import pyarrow as pa
import pytest

from tenure.clock import DAY_US, to_microseconds
from tenure.definitions import Field, Library, Lifecycle, load_packs, pack_keys
from tenure.definitions.expression.tree import Constant, walk
from tenure.engine.backends.duckdb import DuckDBRunner
from tenure.engine.schema import PROMOTED, event_schema, unbound
from tenure.engine.stages import stage_history
from tests.engine.brute_force import Happened, World
from tests.packs.histories import library_of

CUSTOMERS, EVENTS = 3, 14
START_US = to_microseconds(datetime(2020, 1, 1, tzinfo=UTC))
LIFECYCLES = [
    (pack, definition.key)
    for pack in pack_keys()
    for definition in load_packs([pack])
    if isinstance(definition, Lifecycle)
]
# a lifecycle is met again in every pack that requires its own
OWN = {key: pack for pack, key in reversed(LIFECYCLES)}


@pytest.mark.parametrize("key", sorted(OWN))
def test_the_engine_agrees_with_an_independent_evaluator(key: str) -> None:
    library = library_of(OWN[key])
    random = Random(key)
    lives = [life(library, key, customer, random) for customer in range(1, CUSTOMERS + 1)]
    expected = [
        (life[0].customer_id, *interval)
        for life in lives
        for interval in World(library, key, tuple(life)).history()
    ]
    assert len({stage for _, stage, *_ in expected}) > 1
    assert computed(library, key, [event for life in lives for event in life]) == expected


def computed(
    library: Library, key: str, happened: list[Happened]
) -> list[tuple[int, str, int, int | None]]:
    """Customer, stage, entered and left of every interval, as the engine finds them."""
    events = table(library, happened)
    expression = stage_history(library, key, unbound("events", events.schema))
    rows = DuckDBRunner(threads=1).run(expression, {"events": events}).to_pylist()
    return sorted(
        ((row["customer_id"], row["stage"], row["entered_us"], row["left_us"]) for row in rows),
        key=lambda row: (row[0], row[2]),
    )


def life(library: Library, key: str, customer: int, random: Random) -> list[Happened]:
    """Some events of one customer: whole days apart and with ties, bursts and long silences."""
    types = library.lifecycle_event_types(key)
    words = texts_of(library, key)
    at_us, events = START_US, []
    for number in range(EVENTS):
        at_us += random.choice((0, 1, 1, 7, 30, 30, 31, 60, 200)) * DAY_US
        at_us += random.choice((0, 0, 0, 3_600_000_000))
        chosen = random.choice(types)
        fields = {
            field.key: value_of(field, words, random)
            for field in library.event_types[chosen].fields
        }
        events.append(Happened(customer * 1000 + number, customer, chosen, at_us, fields))
    return events


def texts_of(library: Library, key: str) -> list[str]:
    """The texts that conditions of a lifecycle compare with, and one that none does."""
    nodes = [stage.when for stage in library.lifecycles[key].stages if stage.when is not None]
    wheres = [metric.where for metric in library.lifecycle_metrics(key) if metric.where]
    found = {
        node.value
        for root in [*(library.resolve(node) for node in nodes), *wheres]
        for node in walk(root)
        if isinstance(node, Constant) and isinstance(node.value, str)
    }
    return [*sorted(found), "other"]


def value_of(field: Field, words: list[str], random: Random) -> object:
    """A value that a condition can tell from others, or none."""
    if not field.required and random.random() < 0.2:
        return None
    match field.type:
        case "money":
            return float(random.choice((100, 5000, 60_000)))
        case "number":
            return float(random.choice((1, 2, 4, 5, 80, 100)))
        case "integer":
            return random.choice((1, 12, 24))
        case "boolean":
            return random.choice((True, False))
        case "date":
            return date(2020, 1, 1) + timedelta(days=random.randrange(2000))
    return random.choice(words)


def table(library: Library, happened: list[Happened]) -> pa.Table:
    """The events as rows of the lake with a ``customer_id``."""
    schema = event_schema(library)
    rows = []
    for event in happened:
        row: dict[str, object] = {
            "event_id": event.event_id,
            "identifier_id": event.customer_id,
            "type": event.type,
            "occurred_us": event.at_us,
            "recorded_us": event.at_us,
        }
        for field in library.event_types[event.type].fields:
            value = event.fields[field.key]
            if field.type == "money" and isinstance(value, float):
                row["amount_e4"] = round(value * 10_000)
            elif PROMOTED + field.key in schema.names and not field.personal:
                row[PROMOTED + field.key] = value
        rows.append(row)
    customers = pa.array([event.customer_id for event in happened], pa.int64())
    return pa.Table.from_pylist(rows, schema=schema).append_column("customer_id", customers)
