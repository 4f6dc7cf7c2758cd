"""How many others an identifier may be linked with before it is taken as shared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tenure.engine.identity import LIMITS
from tenure.engine.identity.pairs import distinct_pairs
from tenure.record.events.queries import fleeting_types, sharing_limits
from tenure.record.events.queries.neighbours import (
    edges_around,
    identifiers_of_types,
    types_of,
)

Ids = npt.NDArray[np.int64]


def limits_known_at(known_us: int | None) -> Callable[[Ids], pa.Table]:
    """What reads the limits of identifiers, as known at a moment (microseconds) or now."""

    def limits(identifier_ids: Ids) -> pa.Table:
        by_type = sharing_limits()
        types = types_of(identifier_ids.tolist()) if by_type else {}
        limited = {number: by_type[kind] for number, kind in types.items() if kind in by_type}
        if limited and fleeting_types():
            _widen(limited, types, edges_around(limited, known_us))
        return _table(limited)

    return limits


limits_of = limits_known_at(None)
"""The limits of identifiers by the links as they are; columns of ``LIMITS``."""


def limits_within(edges: pa.Table) -> pa.Table:
    """The limits of those identifiers that have enough links to reach one."""
    by_type = sharing_limits()
    if not by_type or not len(edges):
        return LIMITS.empty_table()
    fleeting = fleeting_types()
    usual = min((n for kind, n in by_type.items() if kind not in fleeting), default=len(edges))
    ends = pa.chunked_array([*edges["left_id"].chunks, *edges["right_id"].chunks], pa.int64())
    numbers, counts = np.unique(ends.to_numpy(), return_counts=True)
    many = counts > usual
    if fleeting:
        few = min((by_type[kind] for kind in fleeting if kind in by_type), default=0)
        own = identifiers_of_types(sorted(fleeting)).to_numpy()
        many |= (counts > few) & np.isin(numbers, own)
    types = types_of(numbers[many].tolist())
    limited = {number: by_type[kind] for number, kind in types.items() if kind in by_type}
    if limited and fleeting:
        _widen(limited, types, edges)
    return _table(limited)


def _widen(limited: dict[int, int], types: dict[int, str], edges: pa.Table) -> None:
    """Raise limits by the neighbours that do not count.

    A fleeting identifier (a visitor's id) counts the neighbours of each type apart, so only those
    of the most frequent type count; fleeting ones do not count among the neighbours of others: a
    customer may come with any number of browsers.
    """
    pairs = distinct_pairs(edges)
    left = pairs.ids[pairs.left[pairs.automatic]]
    right = pairs.ids[pairs.right[pairs.automatic]]
    own, others = np.concatenate([left, right]), np.concatenate([right, left])
    numbers, counts = np.unique(own, return_counts=True)
    reached = [n for n, c in zip(numbers.tolist(), counts.tolist(), strict=True)
               if c > limited.get(n, c)]  # fmt: skip
    if not reached:
        return
    near = np.isin(own, np.array(reached, np.int64))
    around = zip(own[near].tolist(), others[near].tolist(), strict=True)
    kinds, fleeting = {**types, **types_of(set(others[near].tolist()))}, fleeting_types()
    found: dict[int, Counter[str]] = {}
    for number, other in around:
        found.setdefault(number, Counter())[kinds.get(other, "")] += 1
    for number, met in found.items():
        if types[number] in fleeting:
            limited[number] += met.total() - max(met.values())
        else:
            limited[number] += sum(count for kind, count in met.items() if kind in fleeting)


def _table(limited: dict[int, int]) -> pa.Table:
    columns = [pa.array(list(values), pa.int64()) for values in (limited, limited.values())]
    return pa.table(columns, schema=LIMITS)
