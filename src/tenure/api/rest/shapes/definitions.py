"""Definitions as YAML documents, their versions, and what a change would change."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from ninja import Schema
from pydantic import Field

from tenure.api.rest.shapes.parts import NO_ZERO, Body, Told

Yaml = Annotated[
    str,
    Field(
        max_length=1_000_000,
        pattern=NO_ZERO,
        examples=["kind: metric\nkey: orders\nname: {zh: 订单数, en: Orders}\n..."],
    ),
]


class VersionLine(Schema):
    """A published version."""

    kind: str = Field(examples=["metric"])
    key: str = Field(examples=["orders"])
    version: int
    fingerprint: str
    published_at: datetime
    published_by: str
    note: str


class Versions(Schema):
    """The version in force of every definition; `library` is the fingerprint of all together."""

    library: str
    items: list[VersionLine]


class DefinitionShown(Schema):
    """A definition in force: its document, what it says in words, and its history."""

    kind: str
    key: str
    version: int
    yaml: str
    explained: Told
    versions: list[VersionLine]


class Offered(Body):
    """Definitions, one YAML document each."""

    yaml: Yaml


class Publish(Body):
    """Definitions to be published, and why."""

    yaml: Yaml
    note: Annotated[str, Field(min_length=1, max_length=500, pattern=NO_ZERO)] = Field(
        examples=["门槛改为 3 次"]
    )


class Changed(Schema):
    """One change of a definition; `path` tells where."""

    path: str
    words: Told


class Difference(Schema):
    """What publishing would change; `version` is the one in force, null where it is new."""

    kind: str
    key: str
    version: int | None
    changes: list[Changed]


class Differences(Schema):
    """Definitions that would change; those that would not are left out."""

    items: list[Difference]


class PublishedLine(Schema):
    """A version that came to be."""

    kind: str
    key: str
    version: int


class PublishedNow(Schema):
    """The new versions; none where nothing changed."""

    items: list[PublishedLine]
