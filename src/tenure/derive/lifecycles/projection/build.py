"""An independent rebuild, as of both clocks, that touches nothing that is stored.

Used by the laws to check what the ticks built, and by queries that ask what was believed at
an earlier moment. Events are cut on both clocks; who is who is cut on the recorded clock only,
for it is a timeless fact as known then. Definitions are those in force now.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import pyarrow as pa

from tenure.derive.customers.projection import identity_known_at
from tenure.derive.lifecycles.projection.inputs import BATCHES, Inputs
from tenure.derive.lifecycles.projection.places import house_lake, house_runner
from tenure.derive.lifecycles.projection.strangers import strangers
from tenure.engine.lake import Snapshot
from tenure.engine.stages import stage_history
from tenure.record.events.queries import undone_batches
from tenure.record.library.queries import current_library


@dataclass(frozen=True, slots=True)
class Built:
    """What the log says, as of both clocks.

    Attributes:
        identity: the sparse map of identifiers to customers.
        histories: intervals by lifecycle, unfolded into the future.
    """

    identity: pa.Table
    histories: dict[str, pa.Table]


def build(
    *,
    log: Snapshot | None = None,
    world_us: int | None = None,
    known_us: int | None = None,
    lifecycles: Collection[str] | None = None,
) -> Built:
    """Compute who is who and the histories from the log, in memory.

    Args:
        log: events to read; the lake of this installation when ``None``, which then must be
            up to date.
        world_us: only what had happened by then (microseconds).
        known_us: only what had been recorded by then (microseconds).
        lifecycles: keys of those wanted; all when ``None``.
    """
    if log is None:
        with house_lake().reading() as lake:
            return build(log=lake, world_us=world_us, known_us=known_us, lifecycles=lifecycles)
    library, _ = current_library()
    identity = identity_known_at(known_us).map
    histories = {}
    for key in library.lifecycles if lifecycles is None else lifecycles:
        inputs = Inputs(
            events=log.parts(),
            schema=log.schema,
            identity=identity,
            undone=pa.table([pa.array(undone_batches(known_us), pa.int64())], schema=BATCHES),
            strangers=strangers(library, library.lifecycles[key].party),
            world_us=world_us,
            known_us=known_us,
        )
        expression = stage_history(library, key, inputs.expression())
        histories[key] = house_runner().run(expression, inputs.sources())
    return Built(identity, histories)
