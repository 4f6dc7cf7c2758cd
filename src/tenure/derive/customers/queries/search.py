"""Customers found by what people type: names in every writing, telephones, addresses, numbers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from django.db import connection

from tenure.actor import Actor
from tenure.derive.customers.models import CustomerCard, IdentifierCustomer, SearchToken
from tenure.derive.customers.projection.mapping import customers_of
from tenure.derive.customers.projection.search_words import (
    tail_sought,
    whole_name,
    words_sought,
)
from tenure.derive.customers.projection.tokens import tokens
from tenure.derive.customers.queries.cards import Card, cards_within
from tenure.derive.customers.queries.visibility import Visible, visible
from tenure.record.events.queries import find_identifiers
from tenure.record.vault.queries import keyring

LONGEST = 100
MOST_SOUGHT = 20_000
"""Customers that one search holds for a list; a text that means more must be made longer."""
_LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class SearchResult:
    """A customer found.

    Attributes:
        by: type of the identifier that was typed whole; empty for a name or last digits.
    """

    card: Card
    by: str


@dataclass(frozen=True, slots=True)
class Sought:
    """Customers whom a typed text may mean, for a list to go on with.

    Attributes:
        ranks: customer to how well they fit: 0 the name is exactly the text, 1 an identifier
            was typed whole, 2 a part of a name or last digits.
        by: customer to the type of the identifier that was typed whole.
        cut: there are more than these.
    """

    ranks: Mapping[int, int]
    by: Mapping[int, str]
    cut: bool


def search_customers(text: str, *, viewer: Actor, limit: int = 8) -> list[SearchResult]:
    """Customers whom a typed text may mean, whom ``viewer`` may see.

    Names are found by their characters (Simplified or Traditional), pinyin, initials or the
    beginnings of words; telephones whole or by their last four to eight digits; e-mail
    addresses, member numbers and other identifiers whole.

    Args:
        text: as typed.
        viewer: who asks.
        limit: at most so many; those called exactly so come first, then those found by a whole
            identifier, then those who were seen last.
    """
    seen = visible(viewer)
    sought = _sought(text, seen, _LOOKED_AT)
    found = cards_within(list(sought.ranks), seen)
    best = sorted(
        found.values(),
        key=lambda card: (sought.ranks[card.customer_id], -_moment(card), card.customer_id),
    )
    return [SearchResult(card, sought.by.get(card.customer_id, "")) for card in best[:limit]]


def customers_sought(text: str, seen: Visible) -> Sought:
    """As :func:`search_customers`, all of them up to ``MOST_SOUGHT``, by number.

    Args:
        text: as typed.
        seen: whom the viewer reaches. Where that is not everybody, a whole identifier may lead to
            somebody else: the caller leaves out who is not reached.
    """
    return _sought(text, seen, MOST_SOUGHT)


def _sought(text: str, seen: Visible, most: int) -> Sought:
    typed = text.strip()[:LONGEST]
    if not typed or seen.owners == frozenset():
        return Sought({}, {}, False)
    whole = {view.id: view.type for view in find_identifiers(typed)}
    exact = _subjects([whole_name(typed)], seen, most)
    tail = tail_sought(typed)
    partly = _subjects([tail] if tail else words_sought(typed), seen, most + 1)
    subjects = [*exact, *whole, *partly[:most]]
    numbers = customers_of(np.array(subjects, np.int64)).tolist() if subjects else []
    ranks: dict[int, int] = {}
    by: dict[int, str] = {}
    for place, (number, subject) in enumerate(zip(numbers, subjects, strict=True)):
        ranks.setdefault(number, (place >= len(exact)) + (place >= len(exact) + len(whole)))
        if subject in whole:
            by.setdefault(number, whole[subject])
    return Sought(ranks, by, len(partly) > most)


def _moment(card: Card) -> float:
    return card.last_seen.timestamp() if card.last_seen else 0.0


def _subjects(words: Sequence[str], seen: Visible, most: int) -> list[int]:
    """Identifiers whose name or telephone has all of some words, of customers who are reached."""
    if not words:
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
            f"WHERE {' AND '.join(conditions)} LIMIT {most}",
            parameters,
        )
        return [number for (number,) in cursor.fetchall()]


def _marks(values: Collection[int]) -> str:
    return ", ".join(["%s"] * len(values))
