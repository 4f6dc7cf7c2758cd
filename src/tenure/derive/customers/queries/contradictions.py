"""Customers on record who hold more of an identifier type than its definition promises."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tenure.actor import Actor
from tenure.derive.customers.projection import customers_of
from tenure.derive.customers.queries.cards import Card, cards_within
from tenure.derive.customers.queries.visibility import visible
from tenure.record.events.queries.neighbours import identifiers_of_types
from tenure.record.library.queries import current_library
from tenure.words import Words

_LOOKED_AT = 50_000


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A customer with several values of a type that is ``unique`` or ``single``.

    Attributes:
        card: how the customer is called; ``None`` before the log was followed.
        type: what the identifier is called.
        single: a customer should have one; otherwise several are odd, not wrong.
        values: how many the customer has.
    """

    customer_id: int
    card: Card | None
    type: Words
    single: bool
    values: int


def contradictions(*, viewer: Actor, limit: int = 100) -> list[Contradiction]:
    """Customers within reach of ``customer.merge`` who hold several, the most first.

    Args:
        viewer: who asks.
        limit: at most so many.
    """
    parties = current_library()[0].party_types.values()
    kinds = {
        kind.key: kind
        for party in parties
        for kind in party.identifiers
        if kind.unique or kind.single
    }
    found: list[tuple[int, int, str]] = []
    for key in kinds:
        own = identifiers_of_types([key]).to_numpy()
        numbers, counts = np.unique(_customers(own.tolist()), return_counts=True)
        many = counts > 1
        pairs = zip(numbers[many].tolist(), counts[many].tolist(), strict=True)
        found += [(count, number, key) for number, count in pairs]
    seen, merging = visible(viewer), visible(viewer, "customer.merge")
    reached = merging.among(seen.among({number for _, number, _ in found}))
    rows = sorted((one for one in found if one[1] in reached), key=lambda one: (-one[0], one[1]))
    known = cards_within([number for _, number, _ in rows[:limit]], seen)
    return [
        Contradiction(
            customer_id=number,
            card=known.get(number),
            type=kinds[key].name or Words(key, key),
            single=kinds[key].single,
            values=count,
        )
        for count, number, key in rows[:limit]
    ]


def _customers(identifier_ids: Sequence[int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    parts = [
        customers_of(np.array(identifier_ids[start : start + _LOOKED_AT], np.int64))
        for start in range(0, len(identifier_ids), _LOOKED_AT)
    ]
    return np.concatenate(parts) if parts else np.empty(0, np.int64)
