"""How far derived stages have been followed, and which wait for a new definition."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tenure.derive.lifecycles.models import Cursor
from tenure.derive.lifecycles.projection.definitions import lifecycle_fingerprint
from tenure.record.library.queries import current_library


@dataclass(frozen=True, slots=True)
class Following:
    """How far a lifecycle has been followed.

    Attributes:
        to: the moment its current stages are true of, aware; ``None`` before the first tick.
        version: the definition they were computed under, such as ``3.9f2c01ab``.
        waiting: whether the definition in force says something else: they are to be computed
            anew, and until then tell what the former one said.
    """

    to: datetime | None
    version: str
    waiting: bool

    @property
    def number(self) -> str:
        """The published number of the version; empty before the first tick."""
        return self.version.partition(".")[0]


def following(lifecycle: str) -> Following:
    """How far a lifecycle has been followed.

    Raises:
        KeyError: no such lifecycle.
    """
    library, _ = current_library()
    row = Cursor.objects.filter(lifecycle=lifecycle).first()
    if row is None:
        return Following(None, "", waiting=True)
    waiting = row.fingerprint != lifecycle_fingerprint(library, lifecycle)
    return Following(row.as_of, row.definition_version, waiting)


def waiting_lifecycles() -> list[str]:
    """Keys of the lifecycles whose stages are to be computed anew, in order."""
    library, _ = current_library()
    known = dict(Cursor.objects.values_list("lifecycle", "fingerprint"))
    return [
        key for key in library.lifecycles if known.get(key) != lifecycle_fingerprint(library, key)
    ]
