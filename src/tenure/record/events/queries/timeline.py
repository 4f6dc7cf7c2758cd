"""Events as they stand in the log: by cursor, by identifier, by number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import msgspec
from django.db.models import Max, QuerySet

from tenure.clock import from_microseconds, to_microseconds
from tenure.money import from_e4
from tenure.record.events.models import Event, UndoneBatch
from tenure.record.vault.queries import reveal

EVENT_HOLDER = "event"
_RECENT = 100_000
_SLICE = 900
_COLUMNS = (
    "id", "key", "source", "type", "identifier_id", "occurred_us", "recorded_us", "local_date",
    "amount_e4", "currency", "batch_id", "recorded_by", "properties",
)  # fmt: skip
_decode = msgspec.json.Decoder(dict[str, Any]).decode


@dataclass(frozen=True, slots=True)
class EventView:
    """One event of the log, in the types of the doors.

    Attributes:
        occurred_at: aware, when it happened.
        recorded_at: aware, when Tenure learned of it.
        amount: in the organisation's base currency.
        currency: the one it was paid in.
        properties: every field that is not personal.
        personal: field to plain text, filled only where the query was asked to reveal it.
    """

    id: int
    key: bytes
    source: str
    type: str
    identifier_id: int | None
    occurred_at: datetime
    recorded_at: datetime
    local_date: date
    amount: Decimal | None
    currency: str | None
    batch_id: int | None
    recorded_by: str
    properties: dict[str, Any] = field(default_factory=dict)
    personal: dict[str, str] = field(default_factory=dict)


def events_after(cursor: int, limit: int) -> list[EventView]:
    """The next ``limit`` events after number ``cursor``, in the order they were recorded.

    Numbers rise in commit order, so nothing appears later under a number already passed.
    """
    return views_of(Event.objects.filter(id__gt=cursor).order_by("id")[:limit])


def last_event_id() -> int:
    """The number of the newest event; 0 in an empty log."""
    return Event.objects.aggregate(last=Max("id"))["last"] or 0


def recorded_after(event_id: int) -> datetime | None:
    """When the first event after one of that number was recorded; None where there is none."""
    rows = Event.objects.filter(id__gt=event_id).order_by("id")
    moment = rows.values_list("recorded_us", flat=True).first()
    return None if moment is None else from_microseconds(moment)


def event_count() -> int:
    """How many events the log holds, undone imports included."""
    return Event.objects.count()


def events_by_id(ids: Iterable[int]) -> dict[int, EventView]:
    """Events by number; numbers the log does not hold are left out."""
    wanted = sorted(set(ids))
    return {
        view.id: view
        for start in range(0, len(wanted), _SLICE)
        for view in views_of(Event.objects.filter(id__in=wanted[start : start + _SLICE]))
    }


def latest_of_type(type_key: str, *, limit: int = 20) -> list[EventView]:
    """The newest events of a type, newest first, among the last hundred thousand of the log."""
    newest = last_event_id()
    rows = Event.objects.filter(id__gt=newest - _RECENT, type=type_key).order_by("-id")
    return views_of(rows[:limit])


def events_of(
    identifier_ids: Sequence[int],
    *,
    occurred_to: datetime | None = None,
    known_at: datetime | None = None,
    types: Sequence[str] | None = None,
    limit: int | None = None,
    with_personal: bool = False,
) -> list[EventView]:
    """The timeline of some identifiers, newest first; events of undone imports are left out.

    Args:
        identifier_ids: mostly all identifiers of one customer.
        occurred_to: only what happened until then (aware).
        known_at: as the log was then (aware).
        types: only these event types.
        limit: at most so many, the newest.
        with_personal: open the vault for their personal fields too.
    """
    rows = counted(identifier_ids, occurred_to=occurred_to, known_at=known_at)
    if types is not None:
        rows = rows.filter(type__in=types)
    rows = rows.order_by("-occurred_us", "-id")
    views = views_of(rows if limit is None else rows[:limit])
    if with_personal and views:
        secrets = reveal(EVENT_HOLDER, [view.id for view in views])
        for view in views:
            view.personal.update(secrets.get(view.id, {}))
    return views


def counted(
    identifier_ids: Sequence[int],
    *,
    occurred_to: datetime | None = None,
    known_at: datetime | None = None,
) -> QuerySet[Event]:
    """Rows of the log about some identifiers, without those of undone imports.

    Args:
        identifier_ids: mostly all identifiers of one customer.
        occurred_to: only what happened until then (aware).
        known_at: as the log was then (aware).
    """
    rows = Event.objects.filter(identifier_id__in=list(identifier_ids))
    undone = UndoneBatch.objects.all()
    if occurred_to is not None:
        rows = rows.filter(occurred_us__lte=to_microseconds(occurred_to))
    if known_at is not None:
        known_us = to_microseconds(known_at)
        rows = rows.filter(recorded_us__lte=known_us)
        undone = undone.filter(recorded_us__lte=known_us)
    dropped = list(undone.values_list("batch_id", flat=True))
    return rows.exclude(batch_id__in=dropped) if dropped else rows


def views_of(rows: QuerySet[Event]) -> list[EventView]:
    """Rows in the types of the doors, in their order; read as tuples, at a third of the cost."""
    return [
        EventView(
            id=number,
            key=bytes(key),
            source=source,
            type=kind,
            identifier_id=node,
            occurred_at=from_microseconds(occurred_us),
            recorded_at=from_microseconds(recorded_us),
            local_date=day,
            amount=None if amount_e4 is None else from_e4(amount_e4),
            currency=currency,
            batch_id=batch_id,
            recorded_by=recorded_by,
            properties=_decode(properties),
        )
        for (
            number, key, source, kind, node, occurred_us, recorded_us, day, amount_e4,
            currency, batch_id, recorded_by, properties,
        ) in rows.values_list(*_COLUMNS)
    ]  # fmt: skip
