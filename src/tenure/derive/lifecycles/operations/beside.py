"""Lifecycles computed from the beginning while the log goes on being followed.

Three steps, the first and the last of which hold the turn: follow the log and take a base to stand
on; compute the histories of everybody from it, which takes as long as it takes while ticks go on;
then put the new histories in place of the old ones and bring them up to the present by what has
happened since the base. Whoever reads sees the old ones, or the new ones, whole.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tenure.derive.customers.projection import identity_map
from tenure.derive.lifecycles.models import Cursor
from tenure.derive.lifecycles.operations.computing import (
    adopt_histories,
    build_histories,
    everybody_stands,
    recompute_histories,
)
from tenure.derive.lifecycles.operations.following import (
    Followed,
    follow,
    followed_to,
    move_cursors,
)
from tenure.derive.lifecycles.operations.house import House, Progress
from tenure.derive.lifecycles.operations.news import Base, touched_since
from tenure.derive.lifecycles.operations.rows import replace_all_rows
from tenure.derive.lifecycles.operations.turn import sole_turn
from tenure.derive.lifecycles.projection.definitions import lifecycle_fingerprint
from tenure.derive.lifecycles.projection.places import house_root
from tenure.record.events.queries import undone_batches
from tenure.words import Words

_PATIENCE_SECONDS = 600.0
_FOLLOWING, _BUILT = 0.2, 0.8


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What was done: following before, and lifecycles computed with their numbers of intervals."""

    house: House
    followed: Followed
    computed: Mapping[str, int]


def rebuild_beside(
    house: House, keys: Collection[str], *, links_anew: bool, progress: Progress
) -> Rebuilt:
    """Compute lifecycles from the beginning.

    Args:
        house: as of the moment wanted; a later one is not undone.
        keys: of the lifecycles; those that following alone computes anew are not computed twice.
        links_anew: whether to find who is who from all links as well.
        progress: told how far it is and what comes next.

    Raises:
        AlreadyRunningError: others did not let it have the turn for ten minutes.
    """
    with ExitStack() as held:
        with sole_turn(house_root(), wait_seconds=_PATIENCE_SECONDS):
            done = follow(house, links_anew=links_anew, progress=_part(progress, 0.0, _FOLLOWING))
            lake = held.enter_context(house.lake.reading())
            base = Base(lake.cursor, identity_map(), tuple(undone_batches()))
        rest = {key for key in keys if key not in done.computed}
        built = build_histories(house, base, lake, rest, _part(progress, _FOLLOWING, _BUILT))
    with sole_turn(house_root(), wait_seconds=_PATIENCE_SECONDS):
        progress(_BUILT, Words("切换到新的历史", "switching to the new histories"))
        later = House.open(max(house.at, followed_to() or house.at))
        computed = _switch(later, house, base, built) if built else {}
    progress(1.0, Words("完成", "done"))
    return Rebuilt(later, done, {**done.computed, **computed})


def _switch(house: House, before: House, base: Base, built: Mapping[str, Path]) -> dict[str, int]:
    """Put the built histories in place; one whose definition changed meanwhile is left out."""
    done = follow(house, progress=lambda _share, _next: None)
    true = {
        key: path
        for key, path in built.items()
        if key in house.library.lifecycles
        and key not in done.computed
        and lifecycle_fingerprint(house.library, key) == lifecycle_fingerprint(before.library, key)
    }
    with house.lake.reading() as lake:
        Cursor.objects.filter(lifecycle__in=list(true)).delete()
        computed = adopt_histories(house, true, cursor=base.cursor)
        for share in touched_since(house, lake, base).shares():
            events = share.events(house, lake)
            recompute_histories(house, list(true), share, events, cursor=lake.cursor)
        replace_all_rows(everybody_stands(house), stale=true, at=house.at)
        move_cursors(house, list(true), lake.cursor)
    return computed


def _part(progress: Progress, begin: float, end: float) -> Progress:
    """``progress`` for a part of the whole."""
    return lambda share, following: progress(begin + share * (end - begin), following)
