"""Endpoints of webhooks and their deliveries."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from ninja import Schema
from pydantic import Field

from tenure.api.rest.shapes.parts import NO_ZERO, Body, Number

Name = Annotated[str, Field(min_length=1, max_length=150, pattern=NO_ZERO, examples=["ERP"])]
Address = Annotated[
    str,
    Field(
        min_length=1,
        max_length=2_000,
        pattern=NO_ZERO,
        description="A public HTTPS address, or one the operator lists",
        examples=["https://erp.example.com/hooks/tenure"],
    ),
]
Types = Annotated[
    list[Annotated[str, Field(max_length=129, pattern=NO_ZERO)]],
    Field(max_length=1_000, examples=[["order.placed", "order.paid"]]),
]
Reads = Annotated[
    list[Annotated[str, Field(max_length=20, pattern=NO_ZERO)]],
    Field(max_length=20, description="Field groups sent along; the token must read each itself"),
]
Days = Annotated[int, Field(ge=1, le=365, description="How long deliveries are kept")]


class NewWebhook(Body):
    """An endpoint to be told of events recorded from now on."""

    name: Name
    url: Address
    every_type: bool = Field(default=False, description="All event types; then `types` is left out")
    types: Types = Field(default=[])
    reads: Reads = Field(default=[])
    keep_days: Days = 30


class WebhookChange(Body):
    """What is to be changed; what is left out stays."""

    name: Name | None = None
    url: Address | None = None
    every_type: bool | None = None
    types: Types | None = None
    reads: Reads | None = None
    keep_days: Days | None = None
    on: bool | None = Field(default=None, description="Switch it on or off")
    skip: bool = Field(
        default=False, description="When switching on: leave out what happened meanwhile"
    )


class DeliveryCounts(Schema):
    """How many deliveries stand where."""

    pending: int
    delivered: int
    failed: int
    skipped: int


class Webhook(Schema):
    """An endpoint; its whole address and its secret are not told."""

    id: int
    name: str
    address: str = Field(
        description="Its host and last characters", examples=["https://erp.example.com/…nure"]
    )
    every_type: bool
    types: list[str]
    reads: list[str]
    keep_days: int
    state: str = Field(
        description="live, failing, held (asked us to wait), off, gone (answered 410) or given_up",
        examples=["live"],
    )
    off_at: datetime | None
    failing_at: datetime | None
    held_until: datetime | None
    old_secret_until: datetime | None
    created_at: datetime
    last_at: datetime | None
    counts: DeliveryCounts


class Webhooks(Schema):
    """All endpoints by name."""

    items: list[Webhook]


class AddedWebhook(Schema):
    """A new endpoint with its signing secret, which is told this once."""

    webhook: Webhook
    secret: str = Field(examples=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])


class Rotation(Body):
    """For how long the old secret signs beside the new one."""

    overlap_seconds: Annotated[int, Field(ge=0, le=2_592_000)] = 86_400


class NewSecret(Schema):
    """A new signing secret, told this once."""

    secret: str = Field(examples=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])


class Delivery(Schema):
    """One event told to one endpoint, or a test (whose `event` is null)."""

    id: Number
    event: Number | None
    type: str = Field(examples=["order.placed"])
    message_id: str = Field(examples=["msg_3b6f0a4c5d7e8f90a1b2c3d4e5f60718"])
    status: str = Field(description="pending, delivered, failed or skipped", examples=["delivered"])
    attempts: int
    created_at: datetime
    attempted_at: datetime | None
    due_at: datetime | None = Field(description="When it is sent next")
    code: int | None = Field(description="Of the last answer", examples=[200])
    problem: str = Field(
        description="Why no answer came: timeout, forbidden, unknown_host, tls or unreachable"
    )
    millis: int | None = Field(description="How long the last attempt took")
    answer: str = Field(description="The first kilobyte of the last answer")


class DeliveryPage(Schema):
    """Part of a delivery log, newest first."""

    items: list[Delivery]
    next: str | None


class Resend(Body):
    """Which delivery is sent again; all that failed where none is named."""

    delivery: Number | None = None


class Resent(Schema):
    """How many deliveries are sent again."""

    deliveries: int
