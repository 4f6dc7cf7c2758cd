"""Recording events, and reading a customer's timeline."""

from __future__ import annotations

from collections import Counter
from datetime import UTC
from decimal import Decimal
from typing import Annotated

from django.db import transaction
from django.http import HttpRequest
from ninja import Query, Router

from tenure.api.rest.cursors import cursor, place
from tenure.api.rest.registering import operation
from tenure.api.rest.shapes.events import (
    Event,
    EventBatch,
    EventPage,
    EventShown,
    Receipt,
    Receipts,
)
from tenure.api.rest.shapes.parts import (
    Cursor,
    Limit,
    Moment,
    PathNumber,
    Told,
    boundary_of,
    number_of,
)
from tenure.api.rest.tokens import viewer_of
from tenure.clock import now
from tenure.derive.customers.operations.receiving import record_within
from tenure.derive.customers.queries.telling import EventTold, timeline_of
from tenure.derive.lifecycles.jobs import follow_log
from tenure.record.events.operations import IncomingEvent

router = Router(tags=["events"])


@operation(router, "POST", "/events", right="event.record", answer=Receipts)
def record_events(request: HttpRequest, body: EventBatch) -> Receipts:
    """Record events of customers the token reaches; each is answered by a receipt.

    Send the source's own `key` with each: however often an event is sent, it counts once.
    """
    source = "api" if body.source == "api" else f"api:{body.source}"
    incoming = [_incoming(event) for event in body.events]
    found = record_within(incoming, source=source, by=viewer_of(request), at=now())
    counts = Counter(one.status for one in found)
    if counts["accepted"]:
        transaction.on_commit(follow_log.enqueue)
    return Receipts(
        accepted=counts["accepted"],
        repeated=counts["repeated"],
        refused=counts["refused"],
        receipts=[
            Receipt(
                status=one.status,
                id=None if one.event_id is None else str(one.event_id),
                reasons=[Told.of(words) for words in one.reasons],
                warnings=[Told.of(words) for words in one.warnings],
            )
            for one in found
        ],
    )


@operation(
    router, "GET", "/customers/{customer_id}/events", right="customer.view", answer=EventPage
)
def read_timeline(
    request: HttpRequest,
    *,
    customer_id: PathNumber,
    as_of: Moment = None,
    known_at: Moment = None,
    types: Annotated[
        str, Query(max_length=1_000, description="Event types, with commas; all when empty")
    ] = "",
    limit: Limit = 50,
    cursor_: Cursor = None,
) -> EventPage:
    """What happened with a customer, newest first; personal values as the token reads them."""
    number = number_of(customer_id)
    of = ["events", number, str(as_of), str(known_at), types]
    begun = place(cursor_, of=of)
    found = timeline_of(
        number,
        viewer=viewer_of(request),
        as_of=boundary_of(as_of),
        known_at=boundary_of(known_at),
        types=[kind.strip() for kind in types.split(",") if kind.strip()],
        after=begun[0] if begun else None,
        limit=limit,
    )
    return EventPage(
        items=[_shown(one) for one in found.events],
        next=cursor(None if found.older is None else [found.older], of=of),
    )


def _incoming(event: Event) -> IncomingEvent:
    return IncomingEvent(
        type=event.type,
        occurred_at=event.occurred_at.astimezone(UTC),
        identifiers={
            kind: values if isinstance(values, str) else tuple(values)
            for kind, values in event.identifiers.items()
        },
        fields=dict(event.fields),
        key=event.key,
        currency=event.currency,
        exchange_rate=Decimal(event.exchange_rate) if event.exchange_rate else None,
    )


def _shown(told: EventTold) -> EventShown:
    event = told.event
    return EventShown(
        id=str(event.id),
        type=event.type,
        source=event.source,
        occurred_at=event.occurred_at,
        recorded_at=event.recorded_at,
        amount=None if event.amount is None else str(event.amount),
        fields=dict(told.fields),
        masked=list(told.masked),
    )
