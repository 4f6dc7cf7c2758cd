"""Customers as the interface shows them, and what is written about them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field

from tenure.api.rest.shapes.parts import NO_ZERO, Body, Number

Text = Annotated[str, Field(max_length=2_000, pattern=NO_ZERO)]
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$", examples=["phone"])]
Values = Annotated[list[Text], Field(min_length=1, max_length=20)]
Identifiers = Annotated[
    dict[Key, Text | Values],
    Field(
        min_length=1,
        max_length=20,
        description="Identifier type to a value, or to several, the customer's own first",
        examples=[{"phone": "13800138000", "member_no": "M001"}],
    ),
]


class Owner(Schema):
    """The account whose customer this is."""

    account: int = Field(examples=[7])
    name: str = Field(examples=["李雷"])


class Identifier(Schema):
    """A value by which a source knows the customer; masked where the token does not read it."""

    type: str = Field(examples=["phone"])
    value: str | None = Field(examples=["138****8000"])
    personal: bool


class FieldShown(Schema):
    """What a field of the profile says, and who told it."""

    key: str = Field(examples=["full_name"])
    value: str | int | float | bool | None = Field(examples=["王**"])
    masked: bool
    set_at: datetime | None
    source: str = Field(examples=["crm"])


class Place(Schema):
    """Where the customer stands in one lifecycle now."""

    lifecycle: str = Field(examples=["six_stages"])
    stage: str = Field(examples=["active"])
    canonical: str = Field(description="What such a stage is called in every lifecycle")
    entered_at: datetime
    next_at: datetime | None = Field(description="When the stage changes if nothing happens")
    next_stage: str | None


class CustomerLine(Schema):
    """A customer in a list."""

    id: Number
    name: str = Field(description="Masked where the token does not read names", examples=["王**"])
    masked: bool
    party: str = Field(examples=["person"])
    owner: Owner | None
    tags: list[str] = Field(examples=[["vip"]])
    first_seen: datetime | None
    last_seen: datetime | None
    channel: str | None
    values: dict[str, Any] = Field(
        description="The columns asked for", examples=[{"orders": 3, "days_since_last_order": 12}]
    )


class CustomerPage(Schema):
    """A part of the list; `as_of` is null until anything was derived."""

    items: list[CustomerLine]
    next: str | None
    as_of: datetime | None


class Customer(Schema):
    """A customer, as far as the token may see."""

    id: Number
    name: str
    masked: bool
    party: str
    owner: Owner | None
    tags: list[str]
    first_seen: datetime | None
    last_seen: datetime | None
    channel: str | None
    identifiers: list[Identifier]
    profile: list[FieldShown]
    stages: list[Place]


class Found(Schema):
    """Customers whom a value leads to."""

    items: list[Customer]


class Sought(Body):
    """An identifier as people type it; it goes in the body so that no access log keeps it."""

    value: Annotated[str, Field(min_length=1, max_length=200, pattern=NO_ZERO)] = Field(
        examples=["138 0013 8000"]
    )
    type: Key | None = None


class Upsert(Body):
    """Who it is, and what the profile shall say; fields not named stay as they are."""

    identifiers: Identifiers
    profile: Annotated[dict[Key, Text | int | float | bool | None], Field(max_length=100)] = Field(
        default={}, examples=[{"full_name": "王小明", "city": "杭州"}]
    )


class Edit(Body):
    """Fields to be changed; null empties one."""

    profile: Annotated[
        dict[Key, Text | int | float | bool | None], Field(min_length=1, max_length=100)
    ] = Field(examples=[{"city": "杭州", "fax": None}])


class Tags(Body):
    """Tags put on, and tags taken off."""

    add: Annotated[list[Text], Field(max_length=20)] = Field(default=[], examples=[["vip"]])
    remove: Annotated[list[Text], Field(max_length=20)] = Field(default=[], examples=[["new"]])


class OwnerSet(Body):
    """The account whose customer this shall be; null for nobody's."""

    account: Annotated[int, Field(ge=1, le=2**31)] | None = Field(examples=[7])


class NoteText(Body):
    """What a note says; it goes to the vault."""

    text: Annotated[str, Field(min_length=1, max_length=20_000, pattern=NO_ZERO)] = Field(
        examples=["想要晚上联系"]
    )


class Note(Schema):
    """A note; its text is null where the token does not read it."""

    id: Number
    text: str | None
    written_at: datetime
    written_by: str
    edited_at: datetime | None


class Notes(Schema):
    """Notes, the newest first."""

    items: list[Note]
