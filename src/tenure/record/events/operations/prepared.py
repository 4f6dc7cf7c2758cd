"""An event on its way into the log: its row and what comes with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tenure.record.events.operations.identifying import Found

Row = tuple[
    bytes, str, str, int | None, int, int, str, int | None, str | None, int | None, str, str
]
"""key, source, type, identifier_id, occurred_us, recorded_us, local_date, amount_e4, currency,
batch_id, recorded_by, properties: the columns of the log in the order they are written."""


class Extras:
    """What an event brings besides its row: things most events do not have."""

    __slots__ = ("oddities", "secrets")

    def __init__(self) -> None:
        self.oddities: list[tuple[str, str, str]] = []
        self.secrets: list[tuple[str, str]] = []


Prepared = tuple[Row, Sequence[Found], Extras | None]


@dataclass(frozen=True, slots=True)
class Origin:
    """What all events of one call share; ``about`` is the identifier of those that name none."""

    source: str
    recorded_by: str
    recorded_us: int
    batch_id: int | None
    internal: bool = False
    about: int | None = None
