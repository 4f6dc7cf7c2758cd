"""What is the same for everybody who asks, kept while the log and the definitions stay the same.

What a viewer may see is taken out of it afterwards, anew each time.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

import pyarrow as pa

from tenure.derive.customers.projection.copying import COPY
from tenure.derive.lifecycles.projection.build import build
from tenure.derive.lifecycles.projection.definitions import lifecycle_fingerprint
from tenure.derive.lifecycles.projection.places import house_lake, house_root
from tenure.record.events.queries import undone_batches
from tenure.record.library.queries import current_library

_MOST_BYTES = 256_000_000


class Remembered:
    """Tables by what they answer, the latest used; no more bytes than are allowed together.

    Args:
        most_bytes: of all tables kept.
    """

    def __init__(self, most_bytes: int = _MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._lock = Lock()
        self._tables: OrderedDict[Hashable, pa.Table] = OrderedDict()

    def table(self, key: Hashable, compute: Callable[[], pa.Table]) -> pa.Table:
        """The table of ``key``, computed where it is not kept.

        Args:
            key: all that the table depends on.
            compute: makes it; two who ask at once may both compute it.
        """
        with self._lock:
            if key in self._tables:
                self._tables.move_to_end(key)
                return self._tables[key]
        found = compute()
        with self._lock:
            self._tables[key] = found
            self._tables.move_to_end(key)
            while self._tables and self.bytes > self._most_bytes:
                self._tables.popitem(last=False)
        return found

    @property
    def bytes(self) -> int:
        """Of the tables kept."""
        return sum(table.nbytes for table in self._tables.values())


REMEMBERED = Remembered()


def state_of_house() -> Hashable:
    """Another value whenever events, identities or undone imports have changed."""
    manifest = house_lake().snapshot().manifest
    files = (manifest.generation, manifest.sequence, manifest.cursor, len(manifest.parts))
    copy = house_root() / COPY
    identity = copy.stat().st_mtime_ns if copy.exists() else None
    return str(house_root()), files, identity, tuple(undone_batches())


def rebuilt(lifecycle: str, known_us: int | None, world_us: int | None) -> pa.Table:
    """A history computed anew from the log cut on its clocks (microseconds); all customers."""
    library, _ = current_library()
    key = (
        "history",
        lifecycle,
        lifecycle_fingerprint(library, lifecycle),
        known_us,
        world_us,
        state_of_house(),
    )
    return REMEMBERED.table(
        key,
        lambda: build(lifecycles=[lifecycle], known_us=known_us, world_us=world_us).histories[
            lifecycle
        ],
    )
