"""Small written histories of one customer, and the stages the real engine finds in them.

A history is text, one event a line, in any order of fields::

    2024-01-05        touch.recorded channel=ads
    2024-02-01T09:30  order.placed amount=100 category=shoes   # words after a hash are ignored

Moments are UTC; a day without a time is its midnight. What comes out is text too, one stage
change a line, unfolded into the future, so that silent changes show their exact moment::

    2024-01-05 awareness
    2024-08-01+ churn, silently

``silently`` means that time alone made the change; ``+`` is one microsecond later, the first
moment at which "more than so many days" is true.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache

import pyarrow as pa

from tenure.definitions import EventType, Library, load_packs
from tenure.engine.backends.duckdb import DuckDBRunner
from tenure.engine.schema import event_schema, promote, unbound
from tenure.engine.stages import stage_history

CUSTOMER = 7
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Story:
    """A history and the stage changes it must bring, both as text."""

    pack: str
    lifecycle: str
    lived: str
    stages: str
    about: str = ""

    @property
    def name(self) -> str:
        """How the test is called."""
        return f"{self.lifecycle}-{self.about}" if self.about else self.lifecycle

    def expected(self) -> list[str]:
        """The stage changes, one a line, blanks evened out."""
        return [" ".join(line.split()) for line in lines_of(self.stages)]


@cache
def library_of(pack: str) -> Library:
    """The definitions of a pack and of all it requires, checked as a whole."""
    return Library.of(load_packs([pack]))


def walk(story: Story) -> list[str]:
    """The stage changes of a story as the engine computes them, in order of time."""
    library = library_of(story.pack)
    events = events_of(story.lived, library)
    expression = stage_history(library, story.lifecycle, unbound("events", events.schema))
    intervals = DuckDBRunner(threads=1).run(expression, {"events": events}).to_pylist()
    intervals.sort(key=lambda interval: interval["entered_us"])
    return [
        f"{_written(interval['entered_us'])} {interval['stage']}"
        + (", silently" if interval["cause"] == "time" else "")
        for interval in intervals
    ]


def events_of(lived: str, library: Library) -> pa.Table:
    """The written events as rows of the lake with a ``customer_id``.

    Raises:
        ValueError: an event type or a field that the library does not know.
    """
    rows = [_row(number, line, library) for number, line in enumerate(lines_of(lived), start=1)]
    schema = event_schema(library)
    base = pa.schema([field for field in schema if not field.name.startswith("f_")])
    events = promote(pa.Table.from_pylist(rows, schema=base), schema)
    return events.append_column("customer_id", pa.array([CUSTOMER] * len(rows), pa.int64()))


def lines_of(text: str) -> list[str]:
    """The lines of a text without comments and empty lines."""
    stripped = (line.split("#")[0].strip() for line in text.splitlines())
    return [line for line in stripped if line]


def _row(number: int, line: str, library: Library) -> dict[str, object]:
    moment, key, *pairs = line.split()
    if key not in library.event_types:
        raise ValueError(f"unknown event type in: {line}")
    at = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    values = dict(pair.split("=", 1) for pair in pairs)
    amount, properties = _values(library.event_types[key], values, line)
    return {
        "event_id": number,
        "identifier_id": CUSTOMER,
        "type": key,
        "occurred_us": (at - _EPOCH) // _MICROSECOND,
        "recorded_us": (at - _EPOCH) // _MICROSECOND,
        "local_date": at.date(),
        "amount_e4": amount,
        "currency": None if amount is None else "CNY",
        "source": "story",
        "batch_id": None,
        "properties": json.dumps(properties),
    }


def _values(
    event_type: EventType, written: dict[str, str], line: str
) -> tuple[int | None, dict[str, object]]:
    """The amount in ten-thousandths and the other fields, each of its declared type."""
    types = {field.key: field.type for field in event_type.fields}
    missing = {field.key for field in event_type.fields if field.required} - set(written)
    if unknown := set(written) - set(types):
        raise ValueError(f"unknown fields {sorted(unknown)} in: {line}")
    if missing:
        raise ValueError(f"missing fields {sorted(missing)} in: {line}")
    amount: int | None = None
    properties: dict[str, object] = {}
    for key, value in written.items():
        match types[key]:
            case "money":
                amount = int(Decimal(value) * 10_000)
            case "integer":
                properties[key] = int(value)
            case "number":
                properties[key] = float(value)
            case "boolean":
                properties[key] = {"true": True, "false": False}[value]
            case _:
                properties[key] = value
    return amount, properties


def _written(moment_us: int) -> str:
    """A moment as in a story: a day, a day and a time, and ``+`` for a microsecond later."""
    plus = "+" if moment_us % 1_000_000 == 1 else ""
    at = _EPOCH + timedelta(microseconds=moment_us - (1 if plus else 0))
    if at.time().isoformat() == "00:00:00":
        return f"{at.date().isoformat()}{plus}"
    return f"{at.replace(tzinfo=None).isoformat(timespec='auto')}{plus}"
