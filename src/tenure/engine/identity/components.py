"""Customers as connected components of identifiers, pure and independent of any order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from tenure.engine.identity.pairs import Pairs, distinct_pairs
from tenure.engine.schema import IDENTITY

LARGEST = 500
"""Identifiers in one customer beyond which automatic links are no longer believed."""

_EDGE_COLUMNS: dict[str, pa.DataType] = {
    "left_id": pa.int64(),
    "right_id": pa.int64(),
    "occurred_us": pa.int64(),
    "recorded_us": pa.int64(),
    "kind": pa.string(),
    "key": pa.binary(),
}
EDGES = pa.schema(_EDGE_COLUMNS)
"""Columns of a link; ``key`` may be int64 as well, it only breaks ties of ``occurred_us``."""

LIMITS = pa.schema([pa.field("identifier_id", pa.int64()), pa.field("limit", pa.int64())])
"""How many distinct neighbours an identifier may have; one not listed has no limit."""

_REFUSED: dict[str, pa.DataType] = {
    "left_id": pa.int64(),
    "right_id": pa.int64(),
    "reason": pa.string(),
    "because_id": pa.int64(),
    "found": pa.int64(),
    "limit": pa.int64(),
}
REFUSED = pa.schema(_REFUSED)
"""An automatic link that does not count. ``reason``: ``shared`` (``because_id`` has ``found``
neighbours) or ``too_large`` (the customer ``because_id`` would have ``found`` identifiers)."""

Ids = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Components:
    """Customers, and the links that were not believed.

    Attributes:
        map: columns of ``IDENTITY``, sorted; only identifiers whose customer is another number.
        refused: columns of ``REFUSED``, sorted by pair.
    """

    map: pa.Table
    refused: pa.Table


def components(
    edges: pa.Table, limits: pa.Table | None = None, *, largest: int = LARGEST
) -> Components:
    """The customer of every identifier; its number is the smallest identifier's.

    Of each pair the last explicit statement by (``occurred_us``, ``key``) decides; automatic
    links count where there is none. An identifier with more distinct automatic neighbours than
    its limit (a shop's telephone) loses all its automatic links; so does a component of more
    than ``largest`` identifiers. Neighbours are counted whether or not an explicit statement
    overrules the link, so that linking and unlinking by hand leaves no trace.

    Args:
        edges: columns of ``EDGES`` in any order, repeated or not; ``kind`` is ``automatic``,
            ``linked``, ``unlinked`` or ``reopened`` (as if nothing had been said). A link of an
            identifier with itself means nothing.
        limits: columns of ``LIMITS``.
        largest: the most identifiers that automatic links may gather.
    """
    pairs = distinct_pairs(edges)
    shared = over_limit(pairs, limits)
    automatic = pairs.automatic & ~pairs.explicit
    # one that a person took back after linking is refused as it was before
    sick = pairs.automatic & ~pairs.linked & (shared[pairs.left] | shared[pairs.right])
    standing = pairs.linked | (automatic & ~sick)
    labels = _labels(pairs, standing)
    size = np.bincount(labels, minlength=1)[labels]
    huge = standing & automatic & (size[pairs.left] > largest)
    final = _labels(pairs, standing & ~huge)
    first = _smallest(pairs.ids, labels)
    refused = [
        _refusals(pairs, sick, "shared", _blame(pairs, shared, limits)),
        _refusals(pairs, huge, "too_large", (first, size, np.full(len(size), largest))),
    ]
    return Components(
        sparse_map(pairs.ids, _smallest(pairs.ids, final)),
        pa.concat_tables(refused).sort_by([("left_id", "ascending"), ("right_id", "ascending")]),
    )


def sparse_map(ids: Ids, customers: Ids) -> pa.Table:
    """The rows of (identifier, customer) that differ, as a table of ``IDENTITY``."""
    other = ids != customers
    return pa.table([pa.array(ids[other]), pa.array(customers[other])], schema=IDENTITY)


def over_limit(pairs: Pairs, limits: pa.Table | None) -> npt.NDArray[np.bool_]:
    """Of each node of ``pairs``, whether it has more automatic neighbours than its limit."""
    return neighbours(pairs) > limits_of(pairs.ids, limits)


def limits_of(ids: Ids, limits: pa.Table | None) -> Ids:
    """The limit of each of ``ids``; one without a limit has the largest int64."""
    bound = np.full(len(ids), np.iinfo(np.int64).max)
    if limits is None or not len(limits):
        return bound
    listed = limits.column("identifier_id").to_numpy()
    known, first = np.unique(listed, return_index=True)
    place = np.clip(np.searchsorted(known, ids), 0, len(known) - 1)
    found = known[place] == ids
    values = limits.column("limit").to_numpy()[first]
    bound[found] = values[place[found]]
    return bound


def neighbours(pairs: Pairs) -> Ids:
    """Distinct automatic neighbours of each node."""
    ends = np.concatenate([pairs.left[pairs.automatic], pairs.right[pairs.automatic]])
    return np.bincount(ends, minlength=len(pairs.ids))


def _labels(pairs: Pairs, standing: npt.NDArray[np.bool_]) -> Ids:
    """Component number of each node when only ``standing`` pairs connect."""
    count = len(pairs.ids)
    if not count:
        return np.empty(0, np.int64)
    left, right = pairs.left[standing], pairs.right[standing]
    graph = coo_array((np.ones(len(left), np.int8), (left, right)), shape=(count, count))
    return connected_components(graph, directed=False)[1].astype(np.int64)


def _smallest(ids: Ids, labels: Ids) -> Ids:
    """The smallest identifier of each node's component; ``ids`` ascend."""
    _, first, place = np.unique(labels, return_index=True, return_inverse=True)
    return ids[first[place]]


def _blame(
    pairs: Pairs, shared: npt.NDArray[np.bool_], limits: pa.Table | None
) -> tuple[Ids, Ids, Ids]:
    """Of each node: itself, its neighbours and its limit, for the report of shared ones."""
    return pairs.ids, np.where(shared, neighbours(pairs), -1), limits_of(pairs.ids, limits)


def _refusals(
    pairs: Pairs, chosen: npt.NDArray[np.bool_], reason: str, blame: tuple[Ids, Ids, Ids]
) -> pa.Table:
    """Rows of ``REFUSED`` for ``chosen`` pairs, blaming the end with more found."""
    because, found, limit = blame
    left, right = pairs.left[chosen], pairs.right[chosen]
    blamed = np.where(found[left] >= found[right], left, right)
    columns = [
        pairs.ids[left],
        pairs.ids[right],
        np.full(len(left), reason, dtype=object),
        because[blamed],
        found[blamed],
        limit[blamed],
    ]
    return pa.table(
        [pa.array(c, f.type) for c, f in zip(columns, REFUSED, strict=True)], schema=REFUSED
    )
