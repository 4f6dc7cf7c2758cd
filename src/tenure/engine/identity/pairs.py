"""Links reduced to distinct pairs: seen together, and what was last said by hand.

``reopened`` takes back what was said before, as if it never had been.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tenure.words import TenureError, Words

_KINDS = ("automatic", "linked", "unlinked", "reopened")


class EdgeError(TenureError):
    """The links handed over are not links; a fault of the program that made them."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Distinct pairs of identifiers, the left one smaller, sorted.

    Attributes:
        ids: the identifiers that occur, ascending, shape (nodes,).
        left: index into ``ids`` of the left end, shape (pairs,).
        right: index into ``ids`` of the right end.
        automatic: whether the two were seen together.
        explicit: whether something a person said about the two stands.
        linked: whether the last thing said is that they are one.
    """

    ids: npt.NDArray[np.int64]
    left: npt.NDArray[np.int64]
    right: npt.NDArray[np.int64]
    automatic: npt.NDArray[np.bool_]
    explicit: npt.NDArray[np.bool_]
    linked: npt.NDArray[np.bool_]


def distinct_pairs(edges: pa.Table) -> Pairs:
    """Reduce ``edges`` (columns of ``EDGES``) to pairs.

    Raises:
        EdgeError: a kind that is none of automatic, linked, unlinked, reopened.
    """
    one, other = (_ids(edges, name) for name in ("left_id", "right_id"))
    real = one != other
    low, high = np.minimum(one, other)[real], np.maximum(one, other)[real]
    ids, ends = np.unique(np.concatenate([low, high]), return_inverse=True)
    left, right = ends[: len(low)].astype(np.int64), ends[len(low) :].astype(np.int64)
    pair_numbers = left * max(len(ids), 1) + right
    pairs, place = np.unique(pair_numbers, return_inverse=True)
    kinds = _kinds(edges)[real]
    automatic = np.zeros(len(pairs), np.bool_)
    automatic[place[kinds == 0]] = True
    explicit, linked = np.zeros(len(pairs), np.bool_), np.zeros(len(pairs), np.bool_)
    said = np.flatnonzero(kinds > 0)
    if len(said):
        said = said[_by_moment(edges.filter(pa.array(real)).take(said))]
        # the latest comes last, and of repeated places the last assignment stays
        explicit[place[said]] = kinds[said] != 3
        linked[place[said]] = kinds[said] == 1
    return Pairs(
        ids, pairs // max(len(ids), 1), pairs % max(len(ids), 1), automatic, explicit, linked
    )


def _ids(edges: pa.Table, name: str) -> npt.NDArray[np.int64]:
    return np.asarray(edges.column(name).combine_chunks().to_numpy(), dtype=np.int64)


def _kinds(edges: pa.Table) -> npt.NDArray[np.int64]:
    """0 automatic, 1 linked, 2 unlinked, 3 reopened."""
    kinds = pc.index_in(edges.column("kind").combine_chunks(), value_set=pa.array(_KINDS))
    if kinds.null_count:
        odd = edges.column("kind").filter(kinds.is_null()).unique().to_pylist()
        raise EdgeError(
            Words(
                zh=f"未知的标识关联类型：{odd}，应为 {', '.join(_KINDS)} 之一。",
                en=f"unknown kinds of links {odd}: expected one of {', '.join(_KINDS)}.",
            )
        )
    return np.asarray(kinds.to_numpy(), dtype=np.int64)


def _by_moment(said: pa.Table) -> npt.NDArray[np.int64]:
    """The order of statements by (occurred, key); both then equal, unlinking counts."""
    order = pc.sort_indices(
        said.select(["occurred_us", "key", "kind"]),
        sort_keys=[("occurred_us", "ascending"), ("key", "ascending"), ("kind", "ascending")],
    )
    return np.asarray(order.to_numpy(), dtype=np.int64)
