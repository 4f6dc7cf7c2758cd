"""Pairs of customers who may be one."""

from __future__ import annotations

from ninja import Schema
from pydantic import Field

from tenure.api.rest.shapes.parts import Number


class Side(Schema):
    """One of the two."""

    id: Number
    name: str | None = Field(description="Null where nothing is derived of them yet")
    masked: bool


class Evidence(Schema):
    """How far the two agree in one field; a negative weight speaks against."""

    field: str = Field(examples=["name"])
    level: str = Field(examples=["equal"])
    weight: float = Field(description="Base-2 logarithm of the likelihood ratio")


class Suggestion(Schema):
    """Two customers who may be one, and why."""

    id: int
    left: Side
    right: Side
    party: str = Field(examples=["person"])
    probability: float
    evidence: list[Evidence]
    state: str = Field(description="open, accepted or declined", examples=["open"])


class Suggestions(Schema):
    """The surest first; what is decided leaves the list, so ask again for more."""

    items: list[Suggestion]
