"""What a tick or a rebuild works with, opened once: definitions, lake, histories, engine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from tenure.clock import to_microseconds
from tenure.definitions import Library
from tenure.derive.lifecycles.projection.definitions import (
    definition_version,
    lifecycle_fingerprint,
)
from tenure.derive.lifecycles.projection.places import (
    house_histories,
    house_lake,
    house_root,
    house_runner,
)
from tenure.engine.backends import Runner
from tenure.engine.history_store import HistoryStore, Meta
from tenure.engine.lake import Lake
from tenure.record.library.queries import current_library
from tenure.words import Words

Progress = Callable[[float, Words], None]
"""Told how much is done (0 to 1) and what comes next."""


@dataclass(frozen=True, slots=True)
class House:
    """Everything a follower of the log needs, as of one moment."""

    library: Library
    lake: Lake
    histories: HistoryStore
    runner: Runner
    at: datetime

    @classmethod
    def open(cls, at: datetime) -> House:
        """The house of this installation at ``at`` (aware)."""
        library, _ = current_library()
        house_root().mkdir(parents=True, exist_ok=True)
        return cls(library, house_lake(), house_histories(), house_runner(), at)

    @property
    def at_us(self) -> int:
        """The moment in microseconds."""
        return to_microseconds(self.at)

    def version(self, key: str) -> str:
        """The version that rows of lifecycle ``key`` name."""
        return definition_version(self.library, key)

    def meta(self, key: str, cursor: int) -> Meta:
        """What is kept beside the history of ``key``."""
        return {
            "fingerprint": lifecycle_fingerprint(self.library, key),
            "version": self.version(key),
            "cursor": cursor,
            "built_us": self.at_us,
        }
