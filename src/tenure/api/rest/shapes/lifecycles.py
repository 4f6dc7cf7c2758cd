"""Stages, metrics, counts and flows."""

from __future__ import annotations

from datetime import datetime

from ninja import Schema
from pydantic import Field

from tenure.api.rest.shapes.parts import Told


class Stay(Schema):
    """One stay in a stage, with what made it begin."""

    stage: str = Field(examples=["active"])
    name: Told
    canonical: str
    entered_at: datetime
    left_at: datetime | None
    cause: Told


class Change(Schema):
    """What comes if nothing happens."""

    at: datetime
    stage: str
    name: Told
    cause: Told


class LifeShown(Schema):
    """A customer in one lifecycle: the stage at the moment asked for, and how it came to it."""

    lifecycle: str = Field(examples=["six_stages"])
    name: Told
    stage: str | None = Field(description="Null before the customer entered the lifecycle")
    next: Change | None
    history: list[Stay]


class Lives(Schema):
    """The customer in each lifecycle asked for."""

    as_of: datetime
    items: list[LifeShown]


class MetricShown(Schema):
    """A metric of a customer, as of the moment asked for."""

    key: str = Field(examples=["orders"])
    name: Told
    value: float | int | str | bool | None = Field(examples=[3])
    unit: str | None


class Metrics(Schema):
    """Metrics in the order of their definitions."""

    as_of: datetime
    items: list[MetricShown]


class StageNamed(Schema):
    """A stage of a definition."""

    code: str = Field(examples=["active"])
    name: Told
    canonical: str


class LifecycleShown(Schema):
    """A lifecycle and its stages, in order."""

    key: str = Field(examples=["six_stages"])
    name: Told
    party: str | None = Field(description="Null for customers of any party type")
    stages: list[StageNamed]


class Lifecycles(Schema):
    """All lifecycles in force."""

    items: list[LifecycleShown]


class StageCount(Schema):
    """How many customers stand in a stage."""

    stage: str
    customers: int = Field(examples=[1204])


class StageCounts(Schema):
    """Heads per stage, of customers the token reaches."""

    lifecycle: str
    as_of: datetime
    items: list[StageCount]


class Flow(Schema):
    """The account of a stage: opening + entered − left = closing."""

    stage: str
    name: Told
    opening: int
    entered: int
    left: int
    closing: int


class Passage(Schema):
    """How many went from one stage to another, and after how long in the middle."""

    from_stage: str
    to_stage: str
    customers: int
    median_days: float | None


class Flows(Schema):
    """How customers moved in a period."""

    lifecycle: str
    from_at: datetime
    to_at: datetime
    accounts: list[Flow]
    transitions: list[Passage]
