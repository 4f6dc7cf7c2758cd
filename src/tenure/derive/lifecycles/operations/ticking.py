"""The two ways to bring derived data up to date."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from tenure.definitions.base import nearest_name
from tenure.derive.customers.operations.searching import index_search
from tenure.derive.lifecycles.operations.beside import rebuild_beside
from tenure.derive.lifecycles.operations.following import Followed, follow, followed_to
from tenure.derive.lifecycles.operations.house import House, Progress
from tenure.derive.lifecycles.operations.roster import write_roster
from tenure.derive.lifecycles.operations.turn import sole_turn
from tenure.derive.lifecycles.projection.places import house_root
from tenure.engine.backends.duckdb import DuckDBRunner
from tenure.record.library.queries import current_library
from tenure.words import TenureError, Words


class UnknownLifecycleError(TenureError):
    """No lifecycle has this key."""


@dataclass(frozen=True, slots=True)
class TickReport:
    """What a tick or a rebuild did.

    Attributes:
        at: the moment everything is now true of.
        events: exported to the lake.
        customers: whose history was recomputed because of news.
        passed: current stages that passing time alone changed.
        moved: identifiers that changed their customer.
        computed: lifecycles computed from the beginning, and how many intervals they have.
        waiting: lifecycles that have to be, of so many customers that it is done beside.
    """

    at: datetime
    events: int
    customers: int
    passed: int
    moved: int
    computed: dict[str, int]
    waiting: tuple[str, ...]


def tick(*, at: datetime) -> TickReport:
    """Bring current stages, histories and customers up to the end of the log and to ``at``.

    Only customers with news are recomputed: new and late events, merges and unmerges, pins,
    undone imports. For others passing time moves the current stage along the history, which
    already holds it. Lifecycles whose definitions changed are computed from the beginning, or,
    of very many customers, named in the report, so that others need not wait for them.

    Args:
        at: the present, aware. One before the last tick counts as the last tick's: derived
            data is never moved back (``rebuild`` does that).

    Raises:
        AlreadyRunningError: another tick or rebuild is running.
    """
    with sole_turn(house_root()):
        latest = followed_to()
        house = House.open(max(at, latest) if latest else at)
        done = follow(house, progress=_silent)
        index_search(at=house.at)
        return _report(house, done, done.computed)


def rebuild(
    *,
    at: datetime,
    lifecycles: Collection[str] | None = None,
    progress: Progress | None = None,
    gently: bool = False,
) -> TickReport:
    """Compute derived data from the beginning of the log, while ticks go on following it.

    Args:
        at: the present, aware.
        lifecycles: keys of those to compute; all when ``None``, and who is who as well.
        progress: told how far it is and what comes next.
        gently: on one core, so that others who work meanwhile keep theirs.

    Raises:
        AlreadyRunningError: others did not let it have the turn for ten minutes.
        UnknownLifecycleError: no such lifecycle.
    """
    library, _ = current_library()
    for key in lifecycles or ():
        if key not in library.lifecycles:
            raise unknown_lifecycle(key, library.lifecycles)
    latest = followed_to()
    everything = lifecycles is None
    house = House.open(at if everything or not latest else max(at, latest))
    done = rebuild_beside(
        replace(house, runner=_one_core()) if gently else house,
        set(library.lifecycles if lifecycles is None else lifecycles),
        links_anew=everything,
        progress=progress or _silent,
    )
    write_roster(done.house)
    index_search(at=done.house.at)
    return _report(done.house, done.followed, done.computed)


def unknown_lifecycle(key: str, known: Collection[str]) -> UnknownLifecycleError:
    """The error for a key that no lifecycle has, with the nearest that one has."""
    nearest = nearest_name(key, known)
    zh_hint = f"，是否想写 {nearest}？" if nearest else f"。现有：{'、'.join(sorted(known))}"
    en_hint = (
        f"; did you mean {nearest}?" if nearest else f". There are: {', '.join(sorted(known))}"
    )
    return UnknownLifecycleError(
        Words(zh=f"没有生命周期 {key}{zh_hint}", en=f"there is no lifecycle {key}{en_hint}")
    )


def _report(house: House, done: Followed, computed: Mapping[str, int]) -> TickReport:
    return TickReport(
        at=house.at,
        events=done.events,
        customers=done.customers,
        passed=done.passed,
        moved=done.moved,
        computed=dict(computed),
        waiting=tuple(sorted(done.waiting - set(computed))),
    )


def _one_core() -> DuckDBRunner:
    return DuckDBRunner(threads=1, temp_directory=house_root() / "spill")


def _silent(_share: float, _next: Words) -> None:
    """Nobody watches."""
