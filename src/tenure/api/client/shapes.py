"""What the interface answers and takes, typed; parts a newer server adds are passed over."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec


class Told(msgspec.Struct, frozen=True):
    """A text in both languages."""

    zh: str
    en: str


class Owner(msgspec.Struct, frozen=True):
    """The account whose customer this is."""

    account: int
    name: str


class Identifier(msgspec.Struct, frozen=True):
    """A value by which a source knows the customer."""

    type: str
    value: str | None
    personal: bool


class Field(msgspec.Struct, frozen=True):
    """A field of the profile."""

    key: str
    value: str | int | float | bool | None
    masked: bool
    set_at: datetime | None
    source: str


class Place(msgspec.Struct, frozen=True):
    """Where the customer stands in one lifecycle now."""

    lifecycle: str
    stage: str
    canonical: str
    entered_at: datetime
    next_at: datetime | None = None
    next_stage: str | None = None


class ListedCustomer(msgspec.Struct, frozen=True):
    """A customer in a list; ``values`` are the columns asked for."""

    id: str
    name: str
    masked: bool
    party: str
    owner: Owner | None
    tags: list[str]
    first_seen: datetime | None
    last_seen: datetime | None
    channel: str | None
    values: dict[str, Any] = {}


class Customer(msgspec.Struct, frozen=True):
    """A customer, as far as the token may see."""

    id: str
    name: str
    masked: bool
    party: str
    owner: Owner | None
    tags: list[str]
    first_seen: datetime | None
    last_seen: datetime | None
    channel: str | None
    identifiers: list[Identifier]
    profile: list[Field]
    stages: list[Place]


class Event(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something that happened; ``occurred_at`` is aware, money is text."""

    type: str
    occurred_at: datetime
    identifiers: dict[str, str | list[str]]
    fields: dict[str, Any] = {}
    key: str | None = None
    currency: str | None = None
    exchange_rate: str | None = None


class Receipt(msgspec.Struct, frozen=True):
    """What became of an event: accepted, repeated or refused."""

    status: str
    id: str | None
    reasons: list[Told]
    warnings: list[Told]


class EventShown(msgspec.Struct, frozen=True):
    """An event of a timeline; values in ``masked`` are hidden from the token."""

    id: str
    type: str
    source: str
    occurred_at: datetime
    recorded_at: datetime
    amount: str | None
    fields: dict[str, Any]
    masked: list[str]


class Stay(msgspec.Struct, frozen=True):
    """One stay in a stage, with what made it begin."""

    stage: str
    name: Told
    canonical: str
    entered_at: datetime
    left_at: datetime | None
    cause: Told


class Life(msgspec.Struct, frozen=True):
    """A customer in one lifecycle, up to the moment asked for."""

    lifecycle: str
    name: Told
    stage: str | None
    history: list[Stay]


class Metric(msgspec.Struct, frozen=True):
    """A metric of a customer, as of the moment asked for."""

    key: str
    name: Told
    value: float | int | str | bool | None
    unit: str | None


class Page(msgspec.Struct, frozen=True):
    """A part of a list, still as it came, and where it goes on."""

    items: list[msgspec.Raw]
    next: str | None = None


class Receipts(msgspec.Struct, frozen=True):
    """The receipts of a batch."""

    receipts: list[Receipt]
