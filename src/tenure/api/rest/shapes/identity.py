"""Who is who: merging, separating, and what either would change."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from tenure.api.rest.shapes.parts import NO_ZERO, Body, Number, Told

Reason = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=NO_ZERO)]
Value = str | int | float | bool | None


class MergeWith(Body):
    """The other customer, and why the two are one."""

    other: Number
    reason: Reason = Field(examples=["same identity card"])


class Separate(Body):
    """The identifiers that are another customer's, and why."""

    identifiers: list[Number] = Field(min_length=1, max_length=500)
    reason: Reason = Field(examples=["two people with one telephone"])


class Parting(Body):
    """Two identifiers that are not one customer's, and why."""

    left: Number
    right: Number
    reason: Reason


class Prefer(Body):
    """The statement whose value is to be shown."""

    event: Number


class Done(Schema):
    """What was stated; derived data follows within a second or so."""

    event: Number | None = Field(description="Number of the event; null where there are several")
    action: int | None = Field(description="Of a separation, by which the page takes it back")


class FieldSeen(Schema):
    """A field of a profile, and why it says so."""

    value: Value = Field(description="Masked where the token may not read it")
    source: str
    told_by: Number
    rule: str = Field(examples=["newest"])
    chosen: str = Field(description="only, preferred, own or rule")
    others: int = Field(description="How many other values stand beside it")


class CustomerSeen(Schema):
    """A customer as they are, or as they would be."""

    id: Number
    identifiers: list[Number]
    owner: int | None
    tags: list[str]
    fields: dict[str, FieldSeen]
    stages: dict[str, str]
    metrics: dict[str, Value]
    events: int


class Preview(Schema):
    """The customers before and after."""

    at: datetime
    before: list[CustomerSeen]
    after: list[CustomerSeen]
    doubled: list[Told] = Field(
        description="Identifier types that a customer should have one of, and would have more"
    )


class Word(Schema):
    """Somebody's word about two identifiers."""

    event: Number
    said: Literal["merged", "apart", "reopened"]
    left: Number
    right: Number
    by: str
    reason: str
    at: datetime
    stands: bool


class Words(Schema):
    """The newest first."""

    items: list[Word]
    next: str | None = Field(description="`before` of the words that follow; null at the end")
