"""Customers found by what people type: names in every writing, telephones, addresses, numbers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from django.db import connection

from tenure.actor import Actor
from tenure.derive.customers.models import CustomerCard, IdentifierCustomer, SearchToken
from tenure.derive.customers.projection.mapping import customers_of
from tenure.derive.customers.projection.search_words import tail_sought, words_sought
from tenure.derive.customers.projection.tokens import tokens
from tenure.derive.customers.queries.cards import Card, cards_within
from tenure.derive.customers.queries.visibility import Visible, visible
from tenure.record.events.queries import find_identifiers
from tenure.record.vault.queries import keyring

LONGEST = 100
_LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class SearchResult:
    """A customer found.

    Attributes:
        by: type of the identifier that was typed whole; empty for a name or last digits.
    """

    card: Card
    by: str


def search_customers(
    text: str, *, viewer: Actor, limit: int = 8, right: str = "customer.view"
) -> list[SearchResult]:
    """Customers whom a typed text may mean, whom ``viewer`` may see.

    Names are found by their characters (Simplified or Traditional), pinyin, initials or the
    beginnings of words; telephones whole or by their last four to eight digits; e-mail
    addresses, member numbers and other identifiers whole.

    Args:
        text: as typed.
        viewer: who asks.
        limit: at most so many; those found by a whole identifier come first, then those who
            were seen last.
        right: which right says whom.
    """
    typed = text.strip()[:LONGEST]
    if not typed:
        return []
    seen = visible(viewer, right)
    whole = {view.id: view.type for view in find_identifiers(typed)}
    subjects = [*whole, *_subjects(typed, seen)]
    if not subjects:
        return []
    numbers = customers_of(np.array(subjects, np.int64)).tolist()
    by: dict[int, str] = {}
    for number, subject in zip(numbers, subjects, strict=True):
        by.setdefault(number, whole.get(subject, ""))
    found = cards_within(list(by), seen)
    latest = sorted(
        found.values(),
        key=lambda card: (not by[card.customer_id], -_moment(card), card.customer_id),
    )
    return [SearchResult(card, by[card.customer_id]) for card in latest[:limit]]


def _moment(card: Card) -> float:
    return card.last_seen.timestamp() if card.last_seen else 0.0


def _subjects(typed: str, seen: Visible) -> list[int]:
    """Identifiers whose name or telephone has the words typed, of customers who are reached."""
    tail = tail_sought(typed)
    words = [tail] if tail else words_sought(typed)
    if not words or seen.owners == frozenset():
        return []
    ring = keyring()
    first, *more = [tokens(ring, word) for word in words]
    table = SearchToken._meta.db_table
    parameters: list[int] = list(first)
    conditions = [f"t.blind IN ({_marks(first)})"]
    for others in more:
        conditions.append(
            f"EXISTS (SELECT 1 FROM {table} o WHERE o.subject_id = t.subject_id "
            f"AND o.blind IN ({_marks(others)}))"
        )
        parameters += others
    joins = ""
    if seen.owners is not None:
        joins = (
            f"LEFT JOIN {IdentifierCustomer._meta.db_table} m ON m.identifier_id = t.subject_id "
            f"JOIN {CustomerCard._meta.db_table} c "
            "ON c.customer_id = COALESCE(m.customer_id, t.subject_id) "
        )
        conditions.append(f"c.owner_id IN ({_marks(seen.owners)})")
        parameters += sorted(seen.owners)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT t.subject_id FROM {table} t {joins}"
            f"WHERE {' AND '.join(conditions)} LIMIT {_LOOKED_AT}",
            parameters,
        )
        return [number for (number,) in cursor.fetchall()]


def _marks(values: Collection[int]) -> str:
    return ", ".join(["%s"] * len(values))
