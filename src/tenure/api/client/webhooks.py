"""What the interface answers about webhooks, typed."""

from __future__ import annotations

from datetime import datetime

import msgspec


class DeliveryCounts(msgspec.Struct, frozen=True):
    """How many deliveries of an endpoint stand where."""

    pending: int
    delivered: int
    failed: int
    skipped: int


class Webhook(msgspec.Struct, frozen=True):
    """An endpoint that is told of events; ``address`` is what can be shown of it."""

    id: int
    name: str
    address: str
    every_type: bool
    types: list[str]
    reads: list[str]
    keep_days: int
    state: str
    counts: DeliveryCounts
    off_at: datetime | None = None
    failing_at: datetime | None = None
    last_at: datetime | None = None


class AddedWebhook(msgspec.Struct, frozen=True):
    """A new endpoint with its signing secret, which is told this once."""

    webhook: Webhook
    secret: str


class NewSecret(msgspec.Struct, frozen=True):
    """A new signing secret, told this once."""

    secret: str


class Delivery(msgspec.Struct, frozen=True):
    """One event told to one endpoint; ``event`` is ``None`` for a test."""

    id: str
    event: str | None
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
    answer: str


class Resent(msgspec.Struct, frozen=True):
    """How many deliveries are sent again."""

    deliveries: int
