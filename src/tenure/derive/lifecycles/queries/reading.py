"""Opening a lifecycle's history for a query: as known now, or as known at an earlier moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import pyarrow as pa

from tenure.clock import to_microseconds
from tenure.definitions import Library, Lifecycle
from tenure.derive.lifecycles.operations.ticking import unknown_lifecycle
from tenure.derive.lifecycles.projection.build import build
from tenure.derive.lifecycles.projection.current import intervals_table
from tenure.derive.lifecycles.projection.places import house_histories, house_runner
from tenure.record.library.queries import current_library

if TYPE_CHECKING:
    from collections.abc import Mapping

    import ibis.expr.types as ir

    from tenure.engine.backends import Source


@dataclass(frozen=True, slots=True)
class Reading:
    """A lifecycle and its intervals, ready for the engine."""

    library: Library
    lifecycle: Lifecycle
    intervals: ir.Table
    inputs: Mapping[str, Source]

    def run(self, expression: ir.Table, **also: pa.Table) -> pa.Table:
        """The rows of an expression over ``intervals`` and further inputs."""
        return house_runner().run(expression, {**self.inputs, **also})


@contextmanager
def history_of(lifecycle: str, *, known_at: datetime | None = None) -> Iterator[Reading]:
    """The history of ``lifecycle``; its files stay while the block runs.

    Args:
        lifecycle: its key.
        known_at: as it was known at this moment (aware): computed anew from what had been
            recorded by then, under the definitions in force now.

    Raises:
        UnknownLifecycleError: no such lifecycle.
    """
    library, chosen = lifecycle_named(lifecycle)
    if known_at is not None:
        built = build(lifecycles=[lifecycle], known_us=to_microseconds(known_at))
        table = built.histories[lifecycle]
        yield Reading(library, chosen, intervals_table(), {"intervals": table})
        return
    with house_histories().reading(lifecycle) as stored:
        yield Reading(library, chosen, stored.intervals, stored.inputs)


def lifecycle_named(key: str) -> tuple[Library, Lifecycle]:
    """The library in force and one of its lifecycles.

    Raises:
        UnknownLifecycleError: no such lifecycle.
    """
    library, _ = current_library()
    if key not in library.lifecycles:
        raise unknown_lifecycle(key, library.lifecycles)
    return library, library.lifecycles[key]
