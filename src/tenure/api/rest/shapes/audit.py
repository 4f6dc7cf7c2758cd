"""The audit, and what a token may."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ninja import Schema
from pydantic import Field

from tenure.api.rest.shapes.parts import Told


class Entry(Schema):
    """Something somebody did or looked at."""

    id: int
    at: datetime
    actor: str = Field(examples=["token:3"])
    actor_name: str
    action: str = Field(examples=["customer.viewed"])
    action_name: Told
    about: str = Field(examples=["customer:4611686018427387904"])
    detail: dict[str, Any]


class AuditPage(Schema):
    """Entries, the newest first."""

    items: list[Entry]
    next: str | None


class Granted(Schema):
    """A right and how far it reaches: own, team, department or all."""

    right: str = Field(examples=["customer.view"])
    name: Told
    scope: str = Field(examples=["own"])


class TokenShown(Schema):
    """Whoever asks, and what they may now."""

    actor: str
    name: str
    rights: list[Granted]
    reads: list[str] = Field(examples=[["name", "phone"]])
