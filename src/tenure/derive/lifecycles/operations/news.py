"""What happened since the log was last followed, and whom it touches."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tenure.definitions import Library
from tenure.derive.customers.projection import (
    IdentityChange,
    customers_of,
    follow_links,
    identity_map,
    identity_state,
    members_of,
    moves_between,
    resolve_all,
)
from tenure.derive.lifecycles.operations.house import House
from tenure.derive.lifecycles.projection.affected import events_of, touched_identifiers
from tenure.derive.lifecycles.projection.definitions import parties_fingerprint
from tenure.derive.lifecycles.projection.few import SHARE
from tenure.derive.lifecycles.projection.inputs import BATCHES, Inputs
from tenure.derive.lifecycles.projection.strangers import by_strangers
from tenure.engine.identity.affected import customers_in
from tenure.engine.lake import Snapshot
from tenure.record.events.queries import undone_batches

Ids = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Base:
    """What a computation beside the ticks stands on, while those go on.

    Attributes:
        cursor: the newest event in it.
        identity: the whole map of identifiers to customers then.
        undone: the imports that had been taken back.
    """

    cursor: int
    identity: pa.Table
    undone: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Touched:
    """Customers with news, and all their identifiers.

    Attributes:
        news: how many have news.
        customers: those, also the ones merged into others, and some that are due; ascending.
        identifiers: all of theirs, ascending.
        identity: the sparse map of them, as it is now.
    """

    news: int
    customers: pa.Array[pa.Int64Scalar]
    identifiers: pa.Array[pa.Int64Scalar]
    identity: pa.Table

    def shares(self, largest: int = SHARE) -> Iterator[Touched]:
        """The same customers in parts of at most ``largest``, with all that is theirs."""
        if len(self.customers) <= largest:
            yield from [self] if len(self.customers) else ()
            return
        customers = self.customers.to_numpy()
        identifiers = self.identifiers.to_numpy()
        whose = customers_in(self.identity, identifiers)
        mapped = _column(self.identity, "customer_id")
        for start in range(0, len(customers), largest):
            some = customers[start : start + largest]
            own = pa.array(identifiers[np.isin(whose, some)], pa.int64())
            identity = self.identity.filter(pa.array(np.isin(mapped, some)))
            yield Touched(self.news, pa.array(some, pa.int64()), own, identity)

    def events(self, house: House, lake: Snapshot) -> pa.Table:
        """Every event of theirs, held in memory: ask for one of the ``shares`` at a time."""
        return events_of(lake, house.runner, house.library, self.identifiers)

    def inputs(
        self, library: Library, keys: Sequence[str], events: pa.Table
    ) -> Iterator[tuple[Inputs, list[str]]]:
        """What lifecycles are recomputed from, and which of ``keys`` from the same.

        Args:
            library: says of which party each lifecycle is.
            keys: of the lifecycles.
            events: of these customers.
        """
        identifiers = pa.array(np.unique(_column(events, "identifier_id")), pa.int64())
        for others, some in by_strangers(library, keys, identifiers):
            inputs = Inputs(
                events=events,
                schema=events.schema,
                identity=self.identity,
                undone=undone_table(),
                strangers=others,
            )
            yield inputs, some


def who_is_who(house: House, *, cursor: int, anew: bool) -> IdentityChange:
    """What changes about who is who up to event ``cursor``: by the news, or from all links.

    All links are read where it is asked for, the first time, and after the definitions of
    party types changed, since any limit may then be another.
    """
    state = identity_state()
    followed = state is not None and state.definitions == parties_fingerprint(house.library)
    if followed and state is not None and not anew:
        return follow_links(state, event_limit=cursor)
    return resolve_all(state, event_limit=cursor)


def touched_by(
    house: House, lake: Snapshot, change: IdentityChange, *, due: Collection[int] = ()
) -> Touched:
    """The customers whom new events, links and undone imports touch.

    Args:
        house: what to work with.
        lake: contains everything up to the new cursor.
        change: what the news change about who is who.
        due: customers whose stage passing time changes. Where they are fewer than those
            touched they are computed along with them, which costs less than looking them up.
    """
    state = identity_state()
    after = state.event_cursor if state else 0
    touched = touched_identifiers(lake, house.runner, after=after, undone=change.undone)
    return _touched(touched, change.moved, due)


def touched_since(house: House, lake: Snapshot, base: Base) -> Touched:
    """The customers to whom anything happened after ``base``, all of which has been followed."""
    undone = set(undone_batches()) - set(base.undone)
    touched = touched_identifiers(lake, house.runner, after=base.cursor, undone=undone)
    return _touched(touched, moves_between(base.identity, identity_map()), ())


def _touched(touched: pa.Array[pa.Int64Scalar], moved: pa.Table, due: Collection[int]) -> Touched:
    """The customers of identifiers with news, and of those that moved."""
    own = _now(touched.to_numpy(), moved)
    customers = np.unique(np.concatenate([own, _column(moved, "before"), _column(moved, "after")]))
    news = len(customers)
    if len(due) < news:
        customers = np.union1d(customers, np.array(sorted(due), np.int64))
    stored = members_of(customers)
    others = [_column(stored, "identifier_id"), _column(moved, "identifier_id")]
    identifiers = np.unique(np.concatenate([customers, *others]))
    present = _now(identifiers, moved)
    ours = np.isin(present, customers)
    identifiers, present = identifiers[ours], present[ours]
    other = identifiers != present
    identity = pa.table({"identifier_id": identifiers[other], "customer_id": present[other]})
    whose, all_of_them = pa.array(customers, pa.int64()), pa.array(identifiers, pa.int64())
    return Touched(news, whose, all_of_them, identity)


def undone_table() -> pa.Table:
    """Imports taken back, as an input of the engine."""
    return pa.table([pa.array(undone_batches(), pa.int64())], schema=BATCHES)


def _now(identifiers: Ids, moved: pa.Table) -> Ids:
    """The customers of identifiers after the change: as stored, except those that moved."""
    customers = customers_of(identifiers)
    order = np.argsort(_column(moved, "identifier_id"))
    numbers, after = _column(moved, "identifier_id")[order], _column(moved, "after")[order]
    if len(numbers):
        place = np.clip(np.searchsorted(numbers, identifiers), 0, len(numbers) - 1)
        customers = np.where(numbers[place] == identifiers, after[place], customers)
    return customers


def _column(table: pa.Table, name: str) -> Ids:
    return np.asarray(table[name].combine_chunks().to_numpy(), dtype=np.int64)
