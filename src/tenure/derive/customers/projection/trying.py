"""Who would be who with a few words more about identifiers: read from the links, not the map."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tenure.clock import to_microseconds
from tenure.derive.customers.projection.mapping import customers_of
from tenure.derive.customers.projection.sharing import limits_of
from tenure.engine.identity import EDGES, affected
from tenure.engine.identity.affected import customers_in
from tenure.record.events.queries.neighbours import edges_around

Ids = npt.NDArray[np.int64]
Groups = dict[int, tuple[int, ...]]
"""Customer to its identifiers, the customer's own number first."""
_LAST_KEY = b"\xff" * 16


class Word(NamedTuple):
    """What somebody might say about two identifiers."""

    left: int
    right: int
    kind: Literal["linked", "unlinked", "reopened"]


def together(left: int, right: int, *, unlinked_at: datetime | None = None) -> bool:
    """Whether two identifiers are one customer, read from the links and not from the stored map.

    Args:
        left: an identifier.
        right: another one.
        unlinked_at: suppose that somebody states at this moment that they are not.
    """
    words = [Word(left, right, "unlinked")] if unlinked_at else []
    groups = supposing(words, about=[left, right], at=unlinked_at)
    return any({left, right} <= {*members} for members in groups.values())


def supposing(words: Sequence[Word], *, about: Iterable[int], at: datetime | None) -> Groups:
    """The customers around some identifiers as they would be were this said as well.

    Args:
        words: each is the last one about its pair.
        about: identifiers to look around, besides those of ``words``.
        at: the moment they are said at, aware; may be ``None`` where nothing is.
    """
    ends = {end for word in words for end in (word.left, word.right)} | {*about}
    moment = to_microseconds(at) if at else 0
    said = _edges([(one.left, one.right, moment, moment, one.kind, _LAST_KEY) for one in words])
    # the walk begins at the ends of these, so each end gets a row, which says nothing
    first, *others = sorted(ends)
    start = _edges([(first, one, 0, 0, "reopened", _LAST_KEY) for one in others])
    changed = pa.concat_tables([said, start]) if others else edges_around([first])
    if not len(changed):
        return {first: (first,)}

    def edges_of(ids: Ids) -> pa.Table:
        edges = edges_around(ids.tolist())
        value_set = pa.array(ids, pa.int64())
        near = pc.or_(
            pc.is_in(said["left_id"], value_set=value_set),
            pc.is_in(said["right_id"], value_set=value_set),
        )
        return pa.concat_tables([edges, said.filter(near)])

    found = affected(changed, edges_of=edges_of, previous=customers_of, limits=limits_of)
    whose = customers_in(found.now.map, found.explored).tolist()
    groups: dict[int, list[int]] = {}
    for one, customer in zip(found.explored.tolist(), whose, strict=True):
        groups.setdefault(customer, []).append(one)
    return {
        customer: (customer, *(one for one in members if one != customer))
        for customer, members in groups.items()
    }


def pairs_across(side: Sequence[int], others: Sequence[int]) -> list[tuple[int, int]]:
    """The pairs of identifiers, one of either side, whose link makes the two sides one."""
    edges = edges_around(side)
    ends = edges.select(["left_id", "right_id"]).to_pydict()
    pairs = zip(ends["left_id"], ends["right_id"], strict=True)
    one, other = {*side}, {*others}
    return sorted({(min(a, b), max(a, b)) for a, b in pairs if _across(a, b, one, other)})


def _across(a: int, b: int, one: set[int], other: set[int]) -> bool:
    return (a in one and b in other) or (b in one and a in other)


def _edges(rows: Sequence[tuple[object, ...]]) -> pa.Table:
    columns: list[Sequence[object]] = list(zip(*rows, strict=True)) or [() for _ in EDGES]
    return pa.table(
        [pa.array(c, f.type) for c, f in zip(columns, EDGES, strict=True)], schema=EDGES
    )
