"""Files handed in, and what their imports came to."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from ninja import Schema
from pydantic import Field

from tenure.api.rest.shapes.parts import NO_ZERO, Body, Told


class Job(Schema):
    """How far background work is; share runs from 0 to 1."""

    state: str = Field(examples=["running"])
    share: float
    said: Told


class Upload(Schema):
    """A file handed in; once its map is whole it can be run and becomes an import.

    `open` are the questions the guessed map leaves: answer them with a map of your own.
    """

    id: int
    file: str = Field(examples=["orders.csv"])
    map: str = Field(description="How its columns are read: YAML; empty while questions are open")
    open: list[str]
    running: Job | None
    import_id: int | None = Field(alias="import")


class MapText(Body):
    """How the columns of a file are read."""

    map: Annotated[str, Field(min_length=1, max_length=1_000_000, pattern=NO_ZERO)]


class Counts(Schema):
    """What became of rows and events."""

    rows: int
    accepted: int
    repeated: int
    refused: int
    unmapped: int
    anonymous: int


class Import(Schema):
    """An import and its report."""

    id: int
    file: str
    source: str
    status: str = Field(description="running, stopped, finished or undone", examples=["finished"])
    counts: Counts
    types: dict[str, int] = Field(description="Accepted events by type")
    started_at: datetime
    finished_at: datetime | None
    undone_at: datetime | None
    by: str


class ImportPage(Schema):
    """Imports, the newest first."""

    items: list[Import]
    next: str | None


class Reason(Body):
    """Why an import is taken back."""

    reason: Annotated[str, Field(min_length=1, max_length=500, pattern=NO_ZERO)] = Field(
        examples=["上传了错误的文件"]
    )


class Refused(Schema):
    """A refused row: its line in the file, its cells, and why."""

    line: str
    cells: list[str]
    reason: str


class RefusedPage(Schema):
    """Refused rows that still wait."""

    columns: list[str]
    items: list[Refused]
    next: str | None
