"""Small event, interval and link tables for the tests of the engine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime

import pyarrow as pa

from tenure.clock import DAY_US, to_microseconds
from tenure.definitions import Library, load_text
from tenure.engine.identity import EDGES
from tenure.engine.schema import EVENT_BASE, INTERVALS

LIBRARY_TEXT = """
kind: event_type
key: order.placed
name: {zh: 下单, en: Order placed}
fields:
  channel: {type: string}
  lines: {type: integer}
  weight: {type: number}
  gift: {type: boolean}
  due: {type: date}
  amount: {type: money}
  note: {type: text}
  phone: {type: string, personal: true}
---
kind: event_type
key: page.viewed
name: {zh: 浏览, en: Page viewed}
fields:
  channel: {type: string}
"""

FEBRUARY_2024 = to_microseconds(datetime(2024, 2, 1, tzinfo=UTC))


def library(extra: str = "") -> Library:
    """The library above, with further documents."""
    return Library.of(load_text(LIBRARY_TEXT + extra, "rows.yaml"))


def events(
    numbers: Iterable[int], *, step_us: int = DAY_US, start: int = FEBRUARY_2024
) -> pa.Table:
    """One event per number, one step apart, with everything about it made of its number."""
    listed = list(numbers)
    columns: dict[str, list[object]] = {
        "event_id": list(listed),
        "identifier_id": [None if n % 7 == 0 else n % 5 for n in listed],
        "type": [("order.placed", "page.viewed", "说.了")[n % 3] for n in listed],
        "occurred_us": [start + n * step_us for n in listed],
        "recorded_us": [start + n * step_us + 5 for n in listed],
        "local_date": [date(2024, 2, 1) for _ in listed],
        "amount_e4": [n * 10_000 if n % 3 == 0 else None for n in listed],
        "currency": ["CNY" if n % 3 == 0 else None for n in listed],
        "source": ["test" for _ in listed],
        "batch_id": [None if n % 2 else 1 for n in listed],
        "properties": [f'{{"channel":"c{n % 4}","lines":{n}}}' for n in listed],
    }
    return pa.table(columns, schema=EVENT_BASE)


def intervals(rows: Sequence[tuple[int, str, int, int | None]]) -> pa.Table:
    """A stage history of (customer, stage, entered, left)."""
    return pa.Table.from_pylist(
        [
            {"customer_id": c, "stage": s, "entered_us": e, "left_us": left, "cause": "event"}
            for c, s, e, left in rows
        ],
        schema=INTERVALS,
    )


def chain(stages: Mapping[int, str]) -> pa.Table:
    """The history of customer 1 that enters each stage at its moment."""
    moments = sorted(stages)
    ends: list[int | None] = [*moments[1:], None]
    return intervals([(1, stages[m], m, end) for m, end in zip(moments, ends, strict=True)])


def edges(rows: Sequence[tuple[int, int, int, str, bytes]]) -> pa.Table:
    """Links of (left, right, occurred, kind, key)."""
    columns = [[row[place] for row in rows] for place in (0, 1, 2, 2, 3, 4)]
    arrays = [pa.array(column, f.type) for column, f in zip(columns, EDGES, strict=True)]
    return pa.table(arrays, schema=EDGES)
