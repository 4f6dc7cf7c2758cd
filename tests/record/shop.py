"""A small shop for the tests of the log: its definitions and its events."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tenure.actor import Actor
from tenure.definitions import Definition, load_pack, load_text
from tenure.record.events.operations import IncomingEvent, Receipt, record_events
from tenure.record.library.operations import publish

TESTER = Actor("terminal:tester", "person", "Tester")
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
MAY = datetime(2025, 5, 1, 8, 30, tzinfo=UTC)

SHOP = """
kind: event_type
key: sale.made
name: {zh: 成交, en: Sale made}
party: person
fields:
  sale_id: {type: string, required: true}
  amount: {type: money}
  channel: {type: string}
  pieces: {type: integer}
  weight: {type: number}
  gift: {type: boolean}
  deliver_on: {type: date}
  remarks: {type: text}
  receiver: {type: string, personal: true}
---
kind: event_type
key: site.opened
name: {zh: 打开网站, en: Site opened}
fields:
  page: {type: string}
"""


def shop_definitions() -> list[Definition]:
    return [*load_pack("core"), *load_text(SHOP, "shop.yaml")]


def open_shop() -> None:
    """Publish what the shop needs."""
    publish(shop_definitions(), note="test", by=TESTER, at=datetime(2025, 1, 1, tzinfo=UTC))


def sale(number: int = 1, **changes: Any) -> IncomingEvent:
    """Sale number ``number`` of customer C1; ``changes`` replace parts, ``fields`` are added."""
    fields = {"sale_id": f"S{number}", "amount": "12.50", **changes.pop("fields", {})}
    parts: dict[str, Any] = {
        "type": "sale.made",
        "occurred_at": MAY,
        "identifiers": {"customer_id": "C1"},
        "key": f"sale-{number}",
        **changes,
    }
    return IncomingEvent(fields=fields, **parts)


def tell(*events: IncomingEvent, **options: Any) -> list[Receipt]:
    """Record events as the till."""
    return record_events(events, **{"source": "till", "by": TESTER, "at": NOW, **options})
