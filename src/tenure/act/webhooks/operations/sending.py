"""Sending what is due: claimed, sent outside any transaction, then noted.

A worker killed between sending and noting leaves the delivery claimed; once the claim ends, it
is sent again under the same message id. So every delivery is sent at least once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from tenure.act.webhooks.models import Delivery, Endpoint
from tenure.act.webhooks.operations.noting import held, note_attempt
from tenure.act.webhooks.operations.posting import SECONDS, Post, post
from tenure.act.webhooks.operations.secret import address_and_secrets
from tenure.act.webhooks.operations.signing import signed_headers
from tenure.act.webhooks.queries.payload import (
    effective_reads,
    encoded,
    payload_of,
    test_payload,
    told_groups,
)
from tenure.clock import from_microseconds, to_microseconds
from tenure.record.events.queries import events_by_id

CLAIM = timedelta(seconds=3 * SECONDS)
"""How long a delivery is held by whoever sends it: longer than an attempt can take."""

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Wanting:
    """An endpoint with something due; one that ``is_failing`` is asked gently."""

    endpoint_id: int
    is_failing: bool


@dataclass(frozen=True, slots=True)
class _Message:
    """What is sent; ``told``: groups of the personal values in it."""

    url: str
    body: bytes
    signers: list[str]
    told: list[str]


def wanting(*, at: datetime) -> list[Wanting]:
    """Endpoints to which something is to be sent at a moment (aware)."""
    due = _due(at).filter(endpoint_id=OuterRef("id"))
    now_us = to_microseconds(at)
    rows = Endpoint.objects.filter(Exists(due), off_us=None, held_us__lte=now_us).order_by("id")
    return [
        Wanting(number, failing is not None)
        for number, failing in rows.values_list("id", "failing_us")
    ]


def send_due(endpoint_id: int, *, clock: Clock, most: int = 1, send: Post = post) -> int:
    """Send what is due to one endpoint, one after the other; how many attempts were made.

    Args:
        endpoint_id: to which.
        clock: tells the moments of claiming, signing and noting, aware.
        most: at most so many.
        send: sends a request.
    """
    for done in range(most):
        delivery = _claim(endpoint_id, at=clock())
        if delivery is None:
            return done
        _attempt(delivery, clock=clock, send=send)
    return most


def _due(at: datetime) -> QuerySet[Delivery]:
    return Delivery.objects.filter(status=Delivery.Status.PENDING, due_us__lte=to_microseconds(at))


@transaction.atomic
def _claim(endpoint_id: int, *, at: datetime) -> Delivery | None:
    ready = {"off_us": None, "held_us__lte": to_microseconds(at)}
    if not Endpoint.objects.filter(id=endpoint_id, **ready).exists():
        return None
    rows = _due(at).filter(endpoint_id=endpoint_id).order_by("due_us", "id")
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True)
    found: Delivery | None = rows.first()
    if found is not None:
        found.due_us = to_microseconds(at + CLAIM)
        found.save(update_fields=["due_us"])
    return found


def _attempt(delivery: Delivery, *, clock: Clock, send: Post) -> None:
    message = _message(delivery, at=clock())
    if message is None:
        held(delivery).update(status=Delivery.Status.SKIPPED)
        return
    at = clock()
    headers = signed_headers(delivery.message_id, message.body, message.signers, at=at)
    headers["Content-Type"] = "application/json"
    answer = send(message.url, message.body, headers)
    note_attempt(delivery, answer, told=message.told, at=clock())


def _message(delivery: Delivery, *, at: datetime) -> _Message | None:
    """What is to be sent now; ``None`` where the endpoint no longer chooses it."""
    endpoint = Endpoint.objects.get(id=delivery.endpoint_id)
    url, signers = address_and_secrets(endpoint, at=at)
    if delivery.event_id is None:
        made = from_microseconds(delivery.created_us)
        return _Message(url, encoded(test_payload(made)), signers, [])
    event = events_by_id([delivery.event_id]).get(delivery.event_id)
    if event is None or not (endpoint.every_type or event.type in endpoint.types):
        return None
    reads = effective_reads(endpoint.reads, endpoint.reads_by)
    payload = payload_of(event, reads=reads)
    return _Message(url, encoded(payload), signers, told_groups(event, payload))
