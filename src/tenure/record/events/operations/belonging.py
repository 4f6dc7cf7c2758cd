"""Identifiers that belong to one customer, and of which a customer has one: kept so on entry.

An event that would give a value of a ``unique`` type to a customer who is known by another value
of it, though the value is somebody's already, is refused; so is one that would give a customer a
second value of a ``single`` type. Whether two customers are one is then a person's decision.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from django.db import transaction

from tenure.definitions import Library
from tenure.engine.identity import LIMITS, affected
from tenure.engine.identity.affected import customers_in
from tenure.record.events.operations import refusing
from tenure.record.events.operations.edges import edges_around, types_of
from tenure.record.events.operations.identifying import Found
from tenure.record.events.operations.incoming import RefusalError
from tenure.record.events.operations.prepared import Prepared
from tenure.record.library.queries import current_library
from tenure.words import Words

Ids = npt.NDArray[np.int64]
_REMEMBERED = 200_000
_settled: dict[tuple[str, frozenset[int]], None] = {}
"""Sets of identifiers that came together before, under a library: nothing new is linked."""


def refuse_taken(prepared: list[Prepared | None], refused: dict[int, RefusalError]) -> None:
    """Refuse, in their order, the events that would break what identifier types promise.

    Call it inside the transaction that holds the log.
    """
    library, fingerprint = current_library()
    unique, single, names = _promises(library)
    if not unique and not single:
        return
    asked: dict[int, list[Found]] = {}
    for position, item in enumerate(prepared):
        own = _lasting(item[1]) if item is not None else []
        if len(own) > 1 and (fingerprint, frozenset(one.id for one in own)) not in _settled:
            asked[position] = own
    if not asked:
        return
    holders = _Holders({one.id for own in asked.values() for one in own})
    new: list[frozenset[int]] = []
    for position, own in asked.items():
        taken = holders.taken(own, unique, single)
        if taken is None:
            holders.join(own)
            new.append(frozenset(one.id for one in own))
            continue
        words = refusing.taken if taken in unique else refusing.second
        refused[position] = RefusalError(words(names[taken]))
        prepared[position] = None
    transaction.on_commit(lambda: _remember(fingerprint, new))


def _remember(fingerprint: str, settled: Iterable[frozenset[int]]) -> None:
    if len(_settled) > _REMEMBERED:
        _settled.clear()
    _settled.update(dict.fromkeys((fingerprint, one) for one in settled))


@lru_cache(maxsize=8)
def _promises(library: Library) -> tuple[frozenset[str], frozenset[str], dict[str, Words]]:
    """Types of which a value is one customer's, of which a customer has one, and their names."""
    kinds = [kind for party in library.party_types.values() for kind in party.identifiers]
    return (
        frozenset(kind.key for kind in kinds if kind.unique),
        frozenset(kind.key for kind in kinds if kind.single),
        {
            kind.key: kind.name or Words(kind.key, kind.key)
            for kind in kinds
            if kind.unique or kind.single
        },
    )


def _lasting(found: Sequence[Found]) -> list[Found]:
    """Those that link customers: visitors' ids come with anybody."""
    return [one for one in found if one.strong and not one.fleeting]


class _Holders:
    """Who holds which identifiers, on record and by the events before in the same call."""

    def __init__(self, ids: set[int]) -> None:
        edges = edges_around(ids)
        explored = np.array(sorted(ids), np.int64)
        customers = explored
        if len(edges):
            found = affected(edges, edges_of=_edges_of, previous=np.copy, limits=_limits)
            explored = np.union1d(found.explored, explored)
            customers = customers_in(found.now.map, explored)
        types = types_of(explored.tolist())
        self._known = frozenset(types)
        self._customer = dict(zip(explored.tolist(), customers.tolist(), strict=True))
        self._held: dict[int, dict[str, set[int]]] = {}
        for number, kind in types.items():
            held = self._held.setdefault(self._customer[number], {})
            held.setdefault(kind, set()).add(number)

    def taken(
        self, own: Sequence[Found], unique: frozenset[str], single: frozenset[str]
    ) -> str | None:
        """The identifier type an event with these would break; ``None`` where it may come in."""
        customers = {self._customer[one.id] for one in own}
        if len(customers) == 1:  # nothing new, as when it is sent again
            return None
        for kind in sorted(unique | single):
            held = [found for one in customers if (found := self._held.get(one, {}).get(kind))]
            brought = {one.id for one in own if one.type == kind}
            if kind in unique and len(held) > 1:
                return kind
            if kind in single and len(brought.union(*held)) > 1 and (brought or len(held) > 1):
                return kind
        return None

    def join(self, own: Sequence[Found]) -> None:
        """The event comes in: all of them are one customer's."""
        customers = sorted({self._customer[one.id] for one in own})
        first = customers[0]
        whole = self._held.setdefault(first, {})
        for other in customers[1:]:
            for kind, numbers in self._held.pop(other, {}).items():
                whole.setdefault(kind, set()).update(numbers)
        for one in own:
            whole.setdefault(one.type, set()).add(one.id)
        gone = {*customers[1:]}
        for number, customer in self._customer.items():
            if customer in gone:
                self._customer[number] = first


def _edges_of(ids: Ids) -> pa.Table:
    return edges_around(ids.tolist())


def _limits(ids: Ids) -> pa.Table:
    parties = current_library()[0].party_types.values()
    kinds = [kind for party in parties for kind in party.identifiers if kind.limit]
    by_type = {kind.key: kind.limit for kind in kinds}
    limited = {n: by_type[kind] for n, kind in types_of(ids.tolist()).items() if kind in by_type}
    columns = [pa.array(list(values), pa.int64()) for values in (limited, limited.values())]
    return pa.table(columns, schema=LIMITS)
