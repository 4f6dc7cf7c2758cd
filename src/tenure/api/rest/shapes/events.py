"""Events as programs tell and read them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import AwareDatetime, Field

from tenure.api.rest.shapes.customers import Identifiers, Text
from tenure.api.rest.shapes.parts import NO_ZERO, Body, Number, Told

Scalar = Text | int | float | bool | None


class Event(Body):
    """Something that happened, as a source tells it."""

    type: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}\.[a-z][a-z0-9_]{0,63}$")] = Field(
        examples=["order.placed"]
    )
    occurred_at: AwareDatetime = Field(examples=["2026-05-01T08:00:00+08:00"])
    identifiers: Identifiers
    fields: Annotated[
        dict[Annotated[str, Field(pattern=NO_ZERO, max_length=100)], Scalar],
        Field(max_length=200),
    ] = Field(default={}, examples=[{"order_no": "A-17", "amount": "99.00"}])
    key: Annotated[str, Field(min_length=1, max_length=200, pattern=NO_ZERO)] | None = Field(
        default=None,
        description="The source's own id of the event; a repeat of it is recognised for ever",
        examples=["order-A-17"],
    )
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = Field(
        default=None, examples=["CNY"]
    )
    exchange_rate: Annotated[str, Field(pattern=r"^[0-9]{1,12}(\.[0-9]{1,12})?$")] | None = Field(
        default=None, examples=["7.1"]
    )


class EventBatch(Body):
    """Up to a thousand events of one source; each is answered by itself."""

    source: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]{0,59}$")] = Field(
        default="api", description="Which system tells them", examples=["till"]
    )
    events: Annotated[list[Event], Field(min_length=1, max_length=1_000)]


class Receipt(Schema):
    """What became of an event: `id` is where it stands in the log, also of a repeat."""

    status: Literal["accepted", "repeated", "refused"]
    id: Number | None
    reasons: list[Told]
    warnings: list[Told]


class Receipts(Schema):
    """One receipt per event, in the order they were sent."""

    accepted: int
    repeated: int
    refused: int
    receipts: list[Receipt]


class EventShown(Schema):
    """An event of a timeline; values in `masked` are hidden from the token."""

    id: Number
    type: str = Field(examples=["order.placed"])
    source: str
    occurred_at: datetime
    recorded_at: datetime
    amount: str | None = Field(description="In the organisation's currency", examples=["99.00"])
    fields: dict[str, Any]
    masked: list[str]


class EventPage(Schema):
    """Part of a timeline, newest first."""

    items: list[EventShown]
    next: str | None
