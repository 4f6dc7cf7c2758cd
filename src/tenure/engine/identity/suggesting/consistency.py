"""Probabilities of pairs that fit one another: if a is b and b is c, then a is c.

A pair alone may be doubtful where a third record settles it, either way. Of every small group of
records that hang together all ways of parting it are weighed: a way is as likely as the product
of the odds of the pairs it keeps together. The probability of a pair is then the share of the
ways that keep it together (the exact marginal of correlation clustering; Bansal, Blum and
Chawla, 2004).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Floats = npt.NDArray[np.float64]
Ids = npt.NDArray[np.int64]

LARGEST = 8
"""Records of a group weighed at once: 4,140 ways to part them."""
_LINES = (0.05, 0.2, 0.5, 0.8, 0.95, 0.99, 0.999)
"""From which probability on a pair holds a group together: the first that keeps it small."""
_LEAST, _MOST = 0.001, 0.999_999
_AT_ONCE = 4_000_000


def consistent(left: Ids, right: Ids, probabilities: Floats) -> Floats:
    """The probabilities of pairs in the light of one another.

    Args:
        left: one record of each pair, numbered from 0.
        right: the other.
        probabilities: of each pair alone; pairs not listed are next to impossible.

    Returns:
        In the same order; groups that stay too large keep what they had.
    """
    found = probabilities.copy()
    piece = np.arange(int(max(left.max(initial=0), right.max(initial=0))) + 1)
    waiting = np.ones(len(found), bool)
    for line in _LINES:
        if not waiting.any():
            break
        group, size = _groups(left, right, waiting & (probabilities >= line), len(piece))
        inside = waiting & (group[left] == group[right])
        settled = inside & (size[group[left]] <= LARGEST)
        _settle(left, right, found, np.flatnonzero(settled), group)
        for ends in (left[settled], right[settled]):
            piece[ends] = len(piece) * _LINES.index(line) + len(piece) + group[ends]
        waiting = inside & ~settled
    across = piece[left] != piece[right]
    _judge(left, right, found, np.flatnonzero(across), piece)
    return found


def _judge(left: Ids, right: Ids, found: Floats, pairs: Ids, piece: Ids) -> None:
    """Two groups are one as a whole or not at all: the odds of all pairs between them."""
    if not len(pairs):
        return
    names, place = np.unique(piece, return_inverse=True)
    size = np.bincount(place)
    ends = np.sort(np.stack([place[left[pairs]], place[right[pairs]]]), axis=0)
    between, which = np.unique(ends[0] * len(names) + ends[1], return_inverse=True)
    listed = np.bincount(which)
    possible = size[between // len(names)] * size[between % len(names)]
    odds = np.bincount(which, weights=_logit(found[pairs]))
    odds += (possible - listed) * float(_logit(np.array(_LEAST)))
    found[pairs] = (1 / (1 + np.exp(-np.clip(odds, -50, 50))))[which]


def _groups(left: Ids, right: Ids, holding: npt.NDArray[np.bool_], records: int) -> tuple[Ids, Ids]:
    """The group of every record, and the size of every group."""
    ends = (left[holding], right[holding])
    graph = coo_array((np.ones(len(ends[0]), np.int8), ends), shape=(records, records))
    group = connected_components(graph, directed=False)[1].astype(np.int64)
    return group, np.bincount(group)


def _settle(left: Ids, right: Ids, found: Floats, pairs: Ids, group: Ids) -> None:
    """Weigh the ways of parting of all groups that have some of these pairs, by their size."""
    if not len(pairs):
        return
    names, place = np.unique(group[left[pairs]], return_inverse=True)
    members = np.unique(np.concatenate([left[pairs], right[pairs]]))
    whose = np.searchsorted(names, group[members])
    members = members[np.argsort(whose, kind="stable")]
    sizes = np.bincount(whose, minlength=len(names))
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    seat = np.empty(int(members.max()) + 1, np.int64)
    seat[members] = np.arange(len(members)) - np.repeat(starts, sizes)
    for size in range(3, LARGEST + 1):
        mine = np.flatnonzero(sizes == size)
        chosen = pairs[sizes[place] == size]
        if len(mine):
            row = np.searchsorted(mine, place[sizes[place] == size])
            one, other = seat[left[chosen]], seat[right[chosen]]
            column = _column(np.minimum(one, other), np.maximum(one, other), size)
            _weigh(found, chosen, row, column, (len(mine), size))


def _weigh(found: Floats, pairs: Ids, row: Ids, column: Ids, shape: tuple[int, int]) -> None:
    groups, size = shape
    ways = partitions(size)
    odds = np.full((groups, ways.shape[1]), _logit(np.array(_LEAST)))
    odds[row, column] = _logit(found[pairs])
    share = np.empty_like(odds)
    step = max(1, _AT_ONCE // len(ways))
    for start in range(0, groups, step):
        weight = odds[start : start + step] @ ways.T
        weight = np.exp(weight - weight.max(axis=1, keepdims=True))
        share[start : start + step] = (weight / weight.sum(axis=1, keepdims=True)) @ ways
    found[pairs] = np.clip(share[row, column], 0.0, 1.0)


@lru_cache(maxsize=LARGEST)
def partitions(size: int) -> Floats:
    """All ways to part ``size`` records: one row each, 1 for every pair kept together."""
    labels = [[0]]
    for _ in range(size - 1):
        labels = [[*one, part] for one in labels for part in range(max(one) + 2)]
    table = np.array(labels)
    one, other = np.triu_indices(size, 1)
    return np.asarray(table[:, one] == table[:, other], np.float64)


def _column(one: Ids, other: Ids, size: int) -> Ids:
    """Place of a pair among those of ``triu_indices``."""
    return np.asarray(one * size - one * (one + 1) // 2 + other - one - 1, np.int64)


def _logit(probabilities: Floats) -> Floats:
    inside = np.clip(probabilities, _LEAST, _MOST)
    return np.asarray(np.log(inside / (1 - inside)), np.float64)
