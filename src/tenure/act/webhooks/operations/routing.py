"""From the log to deliveries: each event once to each endpoint that chose its type."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from tenure.act.webhooks.models import Delivery, Endpoint
from tenure.clock import to_microseconds
from tenure.record.events.queries import EventView, events_after, last_event_id
from tenure.record.vault.operations.inserting import Cell, insert_all

AT_ONCE = 500
_COLUMNS = {
    "endpoint_id": "bigint",
    "event_id": "bigint",
    "type": "text",
    "message_id": "text",
    "subject_id": "bigint",
    "due_us": "bigint",
    "created_us": "bigint",
    "status": "text",
    "attempts": "int",
    "tries": "int",
    "problem": "text",
    "told": "jsonb",
}
_NEW: tuple[Cell, ...] = (str(Delivery.Status.PENDING), 0, 0, "", "[]")
_ONCE = "(endpoint_id, event_id) DO NOTHING"


def route_events(*, at: datetime) -> int:
    """Look at what the log holds beyond each endpoint's cursor; how many deliveries were made.

    At most some hundred events for each place where a cursor stands, so that an endpoint far
    behind keeps none of the others waiting: call it again until it returns 0 and
    :func:`anything_to_route` is false. Cursor and deliveries move in one transaction.

    Args:
        at: the moment, aware.
    """
    made = 0
    behind = Endpoint.objects.filter(off_us=None, cursor__lt=last_event_id())
    for cursor in sorted(set(behind.values_list("cursor", flat=True)), reverse=True):
        events = events_after(cursor, AT_ONCE)
        if events:
            made += _route(cursor, events, at=at)
    return made


def anything_to_route() -> bool:
    """Whether the log holds an event that some endpoint was not asked about yet."""
    return Endpoint.objects.filter(off_us=None, cursor__lt=last_event_id()).exists()


def message_id(token: str, what: str) -> str:
    """The id of a message: the same for the same event and endpoint, however often it is sent.

    Args:
        token: of the endpoint.
        what: the event's key in the log, or what tells a test from others.
    """
    return f"msg_{hashlib.sha256(f'{token}:{what}'.encode()).hexdigest()[:32]}"


@transaction.atomic
def _route(cursor: int, events: list[EventView], *, at: datetime) -> int:
    rows = Endpoint.objects.select_for_update().filter(off_us=None, cursor=cursor).order_by("id")
    endpoints = list(rows)  # whose cursor another worker moved meanwhile is not among them
    made = [one for row in endpoints for one in _chosen(row, events, to_microseconds(at))]
    insert_all("webhooks_delivery", _COLUMNS, made, on_conflict=_ONCE)
    numbers = [row.id for row in endpoints]
    Endpoint.objects.filter(id__in=numbers).update(cursor=events[-1].id)
    return len(made)


def _chosen(row: Endpoint, events: Iterable[EventView], now_us: int) -> list[list[Cell]]:
    types = frozenset(row.types)
    return [
        [
            row.id,
            event.id,
            event.type,
            message_id(row.token, event.key.hex()),
            event.identifier_id,
            now_us,
            now_us,
            *_NEW,
        ]
        for event in events
        if row.every_type or event.type in types
    ]
