"""What an endpoint is told of an event, made from the log whenever it is needed.

Nothing of it is kept: what was erased meanwhile is in no payload made later.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import msgspec

from tenure.actor import Actor
from tenure.derive.customers.queries import customer_of, group_of
from tenure.derive.customers.queries.profile_log import NOTES
from tenure.guard.access.queries import FIELD_GROUPS, rights_of
from tenure.record.events.queries import EventView
from tenure.record.events.queries.timeline import EVENT_HOLDER
from tenure.record.vault.queries import reveal

VERSION = 1
"""Rises when something in a payload changes its meaning or goes; additions do not count."""

TEST_TYPE = "webhook.tested"
"""The type of a test; no event has it."""

_INTERNAL = "tenure:"


class Payload(msgspec.Struct, frozen=True):
    """What is sent. Numbers of 64 bits are text, for JavaScript would round them.

    Attributes:
        version: of this shape.
        type: event type.
        id: the event's number in the log; ``None`` in a test.
        occurred_at: when it happened, UTC.
        recorded_at: when Tenure learned of it, UTC.
        source: which system told it.
        customer: whose event it is as of now; ``None``: nobody's.
        amount: in the organisation's currency.
        currency: the one it was paid in.
        fields: all that it says; personal fields only where the endpoint may read them.
    """

    version: int
    type: str
    id: str | None
    occurred_at: datetime
    recorded_at: datetime
    source: str
    customer: str | None
    amount: str | None
    currency: str | None
    fields: dict[str, Any]


def payload_of(event: EventView, *, reads: Collection[str] = ()) -> Payload:
    """What an endpoint is told of an event.

    Args:
        event: as it stands in the log.
        reads: field groups whose personal values are in it. The text of a note never is: who
            wrote it did so for colleagues.
    """
    fields = {name: value for name, value in event.properties.items() if not _internal(name)}
    if reads and event.type not in NOTES:
        held = reveal(EVENT_HOLDER, [event.id]).get(event.id, {})
        fields |= {name: text for name, text in held.items() if _readable(name, reads)}
    whose = None if event.identifier_id is None else customer_of(event.identifier_id)
    return Payload(
        version=VERSION,
        type=event.type,
        id=str(event.id),
        occurred_at=event.occurred_at,
        recorded_at=event.recorded_at,
        source=event.source,
        customer=None if whose is None else str(whose),
        amount=None if event.amount is None else str(event.amount),
        currency=event.currency,
        fields=fields,
    )


def told_groups(event: EventView, payload: Payload) -> list[str]:
    """The groups of the personal values in a payload, in order."""
    return sorted({group_of(name) for name in payload.fields.keys() - event.properties.keys()})


def test_payload(at: datetime) -> Payload:
    """What a test says: that this is one."""
    said = {"test": True}
    return Payload(VERSION, TEST_TYPE, None, at, at, "tenure", None, None, None, said)


def effective_reads(reads: Collection[str], given_by: str) -> frozenset[str]:
    """The field groups an endpoint is told of now: never more than whoever gave them may read.

    Args:
        reads: as given.
        given_by: key of the actor who did; someone who left the house gives nothing any more.
    """
    wanted = frozenset(reads) & frozenset(FIELD_GROUPS)
    return wanted & rights_of(Actor(given_by, "person", "")).reads if wanted else wanted


def encoded(payload: Payload) -> bytes:
    """The exact bytes that are signed and sent."""
    return msgspec.json.encode(payload)


def _internal(name: str) -> bool:
    return name.startswith(_INTERNAL)


def _readable(name: str, reads: Collection[str]) -> bool:
    return not _internal(name) and group_of(name) in reads
