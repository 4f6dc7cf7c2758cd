"""Packs: everything an industry needs, as a folder of definitions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tenure.definitions.base import Definition
from tenure.definitions.body import Body


@dataclass(frozen=True, slots=True)
class Pack(Definition):
    """What a folder of definitions is for and which other packs it builds on.

    Attributes:
        requires: keys of the packs whose definitions this one uses.
    """

    kind: ClassVar[str] = "pack"

    requires: tuple[str, ...] = ()


def read_pack(body: Body) -> Pack:
    """A pack from its document."""
    return Pack(
        key=body.key("key"),
        name=body.words("name"),
        description=body.optional_words("description"),
        requires=body.keys("requires"),
        origin=body.document.origin(),
    )
