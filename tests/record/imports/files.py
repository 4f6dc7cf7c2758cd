"""Making files and importing them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from tenure.actor import SYSTEM
from tenure.definitions import Definition, load_pack
from tenure.record.events.models import Event
from tenure.record.imports.operations import Outcome, import_file
from tenure.record.imports.operations.mapping import load_map
from tenure.record.imports.operations.reading import ReadOptions, open_table

AT = datetime(2026, 6, 1, tzinfo=UTC)
ORDERS_MAP = """
source: shop
customer: {customer_id: customer}
events:
  - type: order.placed
    at: date
    fields: {order_id: order, amount: amount}
"""
ORDERS = """order,customer,date,amount
A1,K1,2024-05-01,10.50
A2,K2,2024-05-02,20
A3,K1,2024-05-03,"1,234.50"
"""


@cache
def vocabulary() -> tuple[Definition, ...]:
    """Event and party types of the general pack: enough to import, quick to publish."""
    return tuple(one for one in load_pack("general") if one.kind in {"event_type", "party_type"})


def put(folder: Path, text: str, name: str = "orders.csv", encoding: str = "utf-8") -> Path:
    """A file of ``text``."""
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def load(path: Path, text: str = ORDERS_MAP, **others: Any) -> Outcome:
    """Import ``path`` under the map ``text``."""
    return import_file(path, load_map(text, "map.yaml"), by=SYSTEM, at=AT, language="en", **others)


def read(path: Path, options: ReadOptions | None = None) -> tuple[list[Any], list[Any]]:
    """(line, cells) of every row, and (line, reason) of every refused one."""
    refused: list[Any] = []
    table = open_table(path, options)
    rows = [
        (line, list(cells))
        for line, cells in table.rows(lambda line, _cells, why: refused.append((line, why.en)))
    ]
    return rows, refused


def events(kind: str | None = None) -> Sequence[Event]:
    """The events of the log in order, of one type or all that came from files."""
    found = Event.objects.order_by("id").exclude(type="import.undone")
    return list(found.filter(type=kind) if kind else found)


def fields(event: Event) -> dict[str, Any]:
    """The plain fields of an event."""
    decoded: dict[str, Any] = msgspec.json.decode(event.properties)
    return decoded
