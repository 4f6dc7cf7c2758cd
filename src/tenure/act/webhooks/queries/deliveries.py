"""The delivery log of an endpoint: for whoever manages webhooks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tenure.act.webhooks.models import Delivery
from tenure.act.webhooks.queries.answers import answers_of
from tenure.act.webhooks.queries.managing import managing
from tenure.act.webhooks.queries.payload import encoded, payload_of, test_payload
from tenure.actor import Actor
from tenure.clock import from_microseconds
from tenure.guard.access.queries import Rights
from tenure.record.events.queries import events_by_id

STATUSES: tuple[str, ...] = tuple(Delivery.Status.values)


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """A delivery as it stands.

    Attributes:
        event_id: number of the event; ``None``: a test.
        status: pending, delivered, failed (given up) or skipped (no longer chosen).
        attempts: how often it was sent.
        due_at: when it is sent next, while it is pending.
        code: of the last answer; ``None`` where none came.
        problem: why none came: timeout, forbidden, unknown_host, tls or unreachable.
        millis: how long the last attempt took.
        answer: the first kilobyte of the last answer, where it was asked for.
        withheld: there may be one, but it may repeat personal values the viewer does not read.
    """

    id: int
    endpoint_id: int
    event_id: int | None
    type: str
    message_id: str
    status: str
    attempts: int
    created_at: datetime
    attempted_at: datetime | None
    due_at: datetime | None
    code: int | None
    problem: str
    millis: int | None
    answer: str = ""
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class DeliveryPage:
    """Some deliveries, newest first; ``older`` is where the next page begins."""

    deliveries: tuple[DeliveryView, ...]
    older: int | None


def deliveries(
    endpoint_id: int,
    viewer: Actor,
    *,
    status: str = "",
    type_: str = "",
    before: int | None = None,
    limit: int = 50,
    with_answers: bool = False,
) -> DeliveryPage:
    """Deliveries of an endpoint, newest first.

    Args:
        endpoint_id: which.
        viewer: who asks.
        status: only these; all when empty.
        type_: only of this event type; all when empty.
        before: only those made before this one, where the page before ended.
        limit: how many at most.
        with_answers: open the vault for what was answered.

    Raises:
        ForbiddenError: the viewer does not manage webhooks.
    """
    rights = managing(viewer)
    rows = Delivery.objects.filter(endpoint_id=endpoint_id).order_by("-id")
    if status:
        rows = rows.filter(status=status)
    if type_:
        rows = rows.filter(type=type_)
    if before is not None:
        rows = rows.filter(id__lt=before)
    found = list(rows[: limit + 1])
    shown = found[:limit]
    views = _views(shown, rights if with_answers else None)
    return DeliveryPage(tuple(views), shown[-1].id if len(found) > limit else None)


def delivery(endpoint_id: int, delivery_id: int, viewer: Actor) -> DeliveryView | None:
    """One delivery with what was answered.

    Raises:
        ForbiddenError: the viewer does not manage webhooks.
    """
    rights = managing(viewer)
    rows = Delivery.objects.filter(endpoint_id=endpoint_id, id=delivery_id)
    found = _views(list(rows), rights)
    return found[0] if found else None


def payload_shown(one: DeliveryView, viewer: Actor) -> bytes | None:
    """What would be sent now, without personal fields; ``None`` where the log has no such event.

    Raises:
        ForbiddenError: the viewer does not manage webhooks.
    """
    managing(viewer)
    if one.event_id is None:
        return encoded(test_payload(one.created_at))
    event = events_by_id([one.event_id]).get(one.event_id)
    return None if event is None else encoded(payload_of(event))


def _views(rows: Sequence[Delivery], answers_for: Rights | None) -> list[DeliveryView]:
    """As they are shown, with answers as far as some rights let them be read."""
    reads = answers_for.reads if answers_for is not None else frozenset()
    readable = {row.id for row in rows if answers_for and reads.issuperset(row.told)}
    answers = answers_of(sorted(readable))
    pending = Delivery.Status.PENDING
    return [
        DeliveryView(
            id=row.id,
            endpoint_id=row.endpoint_id,
            event_id=row.event_id,
            type=row.type,
            message_id=row.message_id,
            status=row.status,
            attempts=row.attempts,
            created_at=from_microseconds(row.created_us),
            attempted_at=_moment(row.attempted_us),
            due_at=_moment(row.due_us) if row.status == pending else None,
            code=row.code,
            problem=row.problem,
            millis=row.millis,
            answer=answers.get(row.id, ""),
            withheld=not reads.issuperset(row.told),
        )
        for row in rows
    ]


def _moment(us: int | None) -> datetime | None:
    return None if us is None else from_microseconds(us)
