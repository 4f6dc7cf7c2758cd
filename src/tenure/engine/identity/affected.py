"""Which customers a few changed links change, without looking at all the others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tenure.engine.identity.components import (
    EDGES,
    LARGEST,
    LIMITS,
    Components,
    components,
    limits_of,
    neighbours,
)
from tenure.engine.identity.pairs import Pairs, distinct_pairs

Ids = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
EdgesOf = Callable[[Ids], pa.Table]
"""All links, of every kind, with at least one end among the identifiers: columns of ``EDGES``."""


@dataclass(frozen=True, slots=True)
class Affected:
    """What changed.

    Attributes:
        moved: identifier_id, before, after: the identifiers that changed their customer.
        customers: every customer that lost or gained an identifier, ascending.
        explored: identifiers looked at, ascending; others are as they were.
        now: the map and the refused links among ``explored``; replaces the former rows of
            those identifiers.
    """

    moved: pa.Table
    customers: Ids
    explored: Ids
    now: Components


def affected(
    changed: pa.Table,
    *,
    edges_of: EdgesOf,
    previous: Callable[[Ids], Ids],
    limits: Callable[[Ids], pa.Table] | None = None,
    largest: int = LARGEST,
) -> Affected:
    """Recompute the customers around ``changed`` links; equal to recomputing all.

    From the ends of the changed links it walks over every link that counts, or did or could
    count before or after the change: only an identifier that is shared too widely both before
    and after stops the walk, since none of its automatic links count either way.

    Args:
        changed: the links added or taken away, columns of ``EDGES``.
        edges_of: reads the links as they are *after* the change.
        previous: customers before the change of the given identifiers, in their order.
        limits: reads the limits (columns of ``LIMITS``) of the given identifiers.
        largest: as given to ``components``.
    """
    walk = _Walk(changed, edges_of, limits)
    explored = walk.explore()
    whole = components(walk.edges, walk.limits, largest=largest)
    now = Components(
        whole.map.filter(_any_in(whole.map, explored, "identifier_id")),
        whole.refused.filter(_any_in(whole.refused, explored, "left_id", "right_id")),
    )
    before, after = previous(explored), customers_in(now.map, explored)
    other = before != after
    columns = (explored[other], before[other], after[other])
    moved = pa.table(
        [pa.array(column, pa.int64()) for column in columns], ["identifier_id", "before", "after"]
    )
    return Affected(moved, np.union1d(columns[1], columns[2]), explored, now)


def customers_in(identity: pa.Table, ids: Ids) -> Ids:
    """The customer of each of ``ids`` under a sparse map (columns of ``IDENTITY``)."""
    known = identity.column("identifier_id").to_numpy()
    order = np.argsort(known)
    known, customers = known[order], identity.column("customer_id").to_numpy()[order]
    if not len(known):
        return ids.copy()
    place = np.clip(np.searchsorted(known, ids), 0, len(known) - 1)
    return np.where(known[place] == ids, customers[place], ids)


def _any_in(table: pa.Table, ids: Ids, *names: str) -> pa.Array[pa.BooleanScalar]:
    """Of each row, whether one of its columns ``names`` is among ``ids``."""
    masks = [np.isin(table.column(name).to_numpy(), ids) for name in names]
    return pa.array(np.logical_or.reduce(masks))


class _Walk:
    """The search over links from the ends of the changed ones; reads each identifier once."""

    def __init__(
        self, changed: pa.Table, edges_of: EdgesOf, limits: Callable[[Ids], pa.Table] | None
    ) -> None:
        pairs = distinct_pairs(changed)
        self._start = pairs.ids
        self._changes = np.bincount(
            np.concatenate([pairs.left, pairs.right]), minlength=len(pairs.ids)
        )
        self._edges_of, self._limits_of = edges_of, limits
        self._seen = np.empty(0, np.int64)
        self._wide = np.empty(0, np.int64)
        self.edges = EDGES.empty_table()
        self.limits = LIMITS.empty_table()

    def explore(self) -> Ids:
        """Identifiers whose customer may have changed, ascending."""
        explored, frontier = self._start[:0], self._start
        while len(frontier):
            self._read(frontier)
            explored = np.union1d(explored, frontier)
            pairs = distinct_pairs(self.edges)
            ends = np.union1d(*self._passable(pairs, frontier, np.ones(len(pairs.ids), np.bool_)))
            self._read(ends)
            believed = ~np.isin(pairs.ids, self._wide)
            frontier = np.union1d(*self._passable(pairs, frontier, believed))
            frontier = np.setdiff1d(frontier, explored)
        return explored

    @staticmethod
    def _passable(pairs: Pairs, frontier: Ids, believed: Mask) -> tuple[Ids, Ids]:
        """Ends, left and right, of the pairs that lead on from ``frontier``."""
        inside = np.isin(pairs.ids, frontier)
        near = inside[pairs.left] | inside[pairs.right]
        near &= pairs.explicit | (believed[pairs.left] & believed[pairs.right])
        return pairs.ids[pairs.left[near]], pairs.ids[pairs.right[near]]

    def _read(self, ids: Ids) -> None:
        """Read the links of ``ids`` not read yet, and note which are shared before and after."""
        fresh = np.setdiff1d(ids, self._seen)
        if not len(fresh):
            return
        edges = self._edges_of(fresh).select(EDGES.names)
        limits = self._limits_of(fresh) if self._limits_of else self.limits[:0]
        pairs = distinct_pairs(edges)
        changes = np.zeros(len(pairs.ids), np.int64)
        known, at, there = np.intersect1d(pairs.ids, self._start, return_indices=True)
        changes[at[: len(known)]] = self._changes[there]
        bounds = limits_of(pairs.ids, limits)
        wide = pairs.ids[neighbours(pairs) - changes > bounds]
        self._seen = np.union1d(self._seen, fresh)
        self._wide = np.union1d(self._wide, np.intersect1d(wide, fresh))
        self.edges = pa.concat_tables([self.edges.cast(edges.schema), edges])
        self.limits = pa.concat_tables([self.limits, limits.select(LIMITS.names).cast(LIMITS)])
