"""Which lifecycles have to be, or had better be, computed from the beginning."""

from __future__ import annotations

from tenure.derive.customers.projection import identity_state
from tenure.derive.lifecycles.models import CurrentStages, Cursor
from tenure.derive.lifecycles.operations.house import House
from tenure.derive.lifecycles.operations.news import Touched
from tenure.derive.lifecycles.projection.definitions import lifecycle_fingerprint
from tenure.engine.lake import Snapshot

# From so many customers on, and half of all, computing everybody is quicker than the few.
_MANY = 50_000


def stale_lifecycles(house: House, lake: Snapshot) -> set[str]:
    """Lifecycles that cannot be followed: new, changed, or without the history they had."""
    state = identity_state()
    if state is None:
        return set(house.library.lifecycles)
    cursors = {cursor.lifecycle: cursor for cursor in Cursor.objects.all()}
    stale = set()
    for key in house.library.lifecycles:
        cursor, meta = cursors.get(key), house.histories.meta(key)
        fingerprint = lifecycle_fingerprint(house.library, key)
        if (
            cursor is None
            or not cursor.fingerprint == meta.get("fingerprint") == fingerprint
            or not state.event_cursor <= cursor.event_cursor <= lake.cursor
            # a log that came back from an older backup: the files know events it does not
            or int(meta.get("cursor") or 0) > lake.cursor
        ):
            stale.add(key)
    return stale


def are_many() -> bool:
    """Whether there are so many customers that a lifecycle of all of them is computed beside."""
    return identity_state() is not None and CurrentStages.objects.count() >= _MANY


def better_anew(touched: Touched) -> bool:
    """Whether so many customers have news that all are computed sooner."""
    many = len(touched.customers)
    return many >= _MANY and 2 * many > CurrentStages.objects.count()
