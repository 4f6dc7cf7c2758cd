"""Opening a lifecycle's history for a query: of whom the viewer may see, as known when.

The one place where readings of histories are scoped: what :func:`history_of` gives holds the
intervals of customers the viewer may see, and of no others.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from tenure.actor import Actor
from tenure.clock import to_microseconds
from tenure.definitions import Library, Lifecycle
from tenure.derive.customers.projection import members_of
from tenure.derive.customers.queries import visible
from tenure.derive.lifecycles.operations.ticking import unknown_lifecycle
from tenure.derive.lifecycles.projection.current import intervals_table
from tenure.derive.lifecycles.projection.places import house_histories, house_runner
from tenure.derive.lifecycles.queries.everybody import CUSTOMERS
from tenure.derive.lifecycles.queries.remembered import rebuilt
from tenure.engine.schema import unbound
from tenure.record.library.queries import current_library

if TYPE_CHECKING:
    from collections.abc import Mapping

    import ibis.expr.types as ir

    from tenure.engine.backends import Source

SEE = "customer.view"


@dataclass(frozen=True, slots=True)
class Group:
    """Some customers, found once and then looked at by several queries."""

    ids: pa.Array[pa.Int64Scalar]

    def __len__(self) -> int:
        """How many they are."""
        return len(self.ids)


@dataclass(frozen=True, slots=True)
class Reading:
    """A lifecycle and the intervals of those the viewer may see, ready for the engine."""

    library: Library
    lifecycle: Lifecycle
    intervals: ir.Table
    inputs: Mapping[str, Source]

    def run(self, expression: ir.Table, **also: Source) -> pa.Table:
        """The rows of an expression over ``intervals`` and further inputs."""
        return house_runner().run(expression, {**self.inputs, **also})

    def only(self, name: str, ids: pa.Array[pa.Int64Scalar]) -> Reading:
        """The same of these customers alone; ``name`` is that of the engine's input."""
        rows = self.intervals.semi_join(unbound(name, CUSTOMERS), "customer_id")
        inputs = {**self.inputs, name: pa.table([ids], schema=CUSTOMERS)}
        return replace(self, intervals=rows, inputs=inputs)


@contextmanager
def history_of(
    lifecycle: str,
    *,
    viewer: Actor,
    known_at: datetime | None = None,
    among: Group | None = None,
    right: str = SEE,
    world_at: datetime | None = None,
) -> Iterator[Reading]:
    """The history of ``lifecycle``; its files stay while the block runs.

    Args:
        lifecycle: its key.
        viewer: who asks; customers the viewer may not see are not in it.
        known_at: as it was known at this moment (aware): computed anew from what had been
            recorded by then, under the definitions in force now.
        among: only these customers; everybody visible when ``None``.
        right: which right says whom the viewer may see.
        world_at: only what had happened by this moment (aware) counts, so that what comes
            after it is what was to be expected then; computed anew.

    Raises:
        UnknownLifecycleError: no such lifecycle.
    """
    library, chosen = lifecycle_named(lifecycle)
    allowed = visible(viewer, right).ids()
    limits = {"visible": allowed, "among": among.ids if among else None}
    if known_at is not None or world_at is not None:
        history = rebuilt(lifecycle, microseconds_or_none(known_at), microseconds_or_none(world_at))
        inputs: dict[str, Source] = {"intervals": history}
        limits = {name: _with_members(ids) for name, ids in limits.items()}
        yield _limited(Reading(library, chosen, intervals_table(), inputs), limits)
        return
    with house_histories().reading(lifecycle) as stored:
        yield _limited(Reading(library, chosen, stored.intervals, stored.inputs), limits)


def microseconds_or_none(moment: datetime | None) -> int | None:
    """A moment as the engine counts it; ``None`` where there is none."""
    return None if moment is None else to_microseconds(moment)


def lifecycle_named(key: str) -> tuple[Library, Lifecycle]:
    """The library in force and one of its lifecycles.

    Raises:
        UnknownLifecycleError: no such lifecycle.
    """
    library, _ = current_library()
    if key not in library.lifecycles:
        raise unknown_lifecycle(key, library.lifecycles)
    return library, library.lifecycles[key]


def _limited(reading: Reading, limits: Mapping[str, pa.Array[pa.Int64Scalar] | None]) -> Reading:
    for name, ids in limits.items():
        if ids is not None:
            reading = reading.only(name, ids)
    return reading


def _with_members(
    ids: pa.Array[pa.Int64Scalar] | None,
) -> pa.Array[pa.Int64Scalar] | None:
    """Customers with all their identifiers: each may have been a customer of its own then."""
    if ids is None:
        return None
    numbers = ids.to_numpy(zero_copy_only=False)
    members = members_of(numbers)["identifier_id"].to_numpy()
    return pa.array(np.union1d(numbers, members), pa.int64())
