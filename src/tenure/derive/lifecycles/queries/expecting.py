"""What was to be expected of customers at a past moment, by what had happened until then."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tenure.definitions import Library, Lifecycle
from tenure.derive.customers.projection import members_of
from tenure.derive.lifecycles.projection.affected import events_of
from tenure.derive.lifecycles.projection.current import (
    MOMENT,
    intervals_table,
    moment_input,
    standing,
)
from tenure.derive.lifecycles.projection.few import SHARE, foreseen
from tenure.derive.lifecycles.projection.inputs import BATCHES, IDENTIFIERS, Inputs
from tenure.derive.lifecycles.projection.places import house_lake, house_runner
from tenure.derive.lifecycles.projection.strangers import strangers
from tenure.engine.identity.affected import customers_in
from tenure.engine.lake import Snapshot
from tenure.engine.schema import unbound
from tenure.record.events.queries import undone_batches

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from tenure.engine.backends import Source

Ids = npt.NDArray[np.int64]


def as_foreseen(
    library: Library, lifecycle: Lifecycle, inside: pa.Table, *, at_us: int
) -> pa.Table:
    """The rows of ``inside`` with the next change as it was to be expected at a moment.

    The stored history knows what came; that matters only to customers to whom anything
    happened after the moment, and only those are computed.

    Args:
        library: holds the lifecycle.
        lifecycle: which.
        inside: rows of ``standing`` at the moment.
        at_us: the moment, microseconds.
    """
    customers = inside["customer_id"].to_numpy()
    with house_lake().reading() as lake:
        moved = _with_later_events(lake, np.unique(customers), at_us)
        parts = [
            _standing_then(lake, library, lifecycle, moved[start : start + SHARE], at_us)
            for start in range(0, len(moved), SHARE)
        ]
    if not parts:
        return inside
    then = pa.concat_tables(parts)
    place = pc.index_in(inside["customer_id"], value_set=then["customer_id"].combine_chunks())
    known = pc.is_valid(place)
    for name in ("next_us", "next_stage"):
        expected = pc.if_else(known, then[name].take(place), inside[name])
        inside = inside.set_column(inside.column_names.index(name), name, expected)
    return inside


def _with_later_events(lake: Snapshot, customers: Ids, at_us: int) -> Ids:
    """Those of ``customers`` with an event after the moment, ascending."""
    identity = members_of(customers)
    wanted = np.union1d(customers, identity["identifier_id"].to_numpy())
    inputs: dict[str, Source] = {
        "events": lake.parts(),
        "wanted": pa.table([pa.array(wanted, pa.int64())], schema=IDENTIFIERS),
        "moment": moment_input(at_us),
    }
    found = house_runner().run(_later(lake.schema), inputs)["identifier_id"].to_numpy()
    return np.unique(customers_in(identity, found))


@lru_cache(maxsize=8)
def _later(schema: pa.Schema) -> ir.Table:
    events = unbound("events", schema).select("identifier_id", "occurred_us")
    timed = events.cross_join(unbound("moment", MOMENT))
    later = timed.filter(timed.occurred_us > timed.moment_us)
    return later.semi_join(unbound("wanted", IDENTIFIERS), "identifier_id").select("identifier_id")


def _standing_then(
    lake: Snapshot, library: Library, lifecycle: Lifecycle, customers: Ids, at_us: int
) -> pa.Table:
    """Rows of ``standing`` for ``customers``, computed from what had happened by the moment."""
    identity = members_of(customers)
    own = pa.array(np.union1d(customers, identity["identifier_id"].to_numpy()), pa.int64())
    events = events_of(lake, house_runner(), library, own)
    until_then = events.filter(pc.less_equal(events["occurred_us"], pa.scalar(at_us)))
    inputs = Inputs(
        events=until_then,
        schema=until_then.schema,
        identity=identity,
        undone=pa.table([pa.array(undone_batches(), pa.int64())], schema=BATCHES),
        strangers=strangers(library, lifecycle.party, among=own),
    )
    intervals = foreseen(library, [lifecycle.key], inputs).drop_columns(["lifecycle"])
    sources = {"intervals": intervals, "moment": moment_input(at_us)}
    return house_runner().run(standing(intervals_table()), sources)
