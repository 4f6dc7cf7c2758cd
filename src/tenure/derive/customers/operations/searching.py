"""Making customers findable by name and telephone, though both are only in the vault."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

import numpy as np
from django.db import transaction

from tenure.derive.customers.models import IdentityState, SearchToken
from tenure.derive.customers.projection import customers_of, members_of
from tenure.derive.customers.projection.cards import NAME_FIELDS, NAMING_IDENTIFIER
from tenure.derive.customers.projection.search_words import words_of_name, words_of_number
from tenure.derive.customers.projection.tokens import token
from tenure.record.events.queries import last_event_id
from tenure.record.events.queries.neighbours import (
    identifiers_between,
    types_of,
    values_of_type,
)
from tenure.record.vault.queries import entries_after, keyring, reveal

SEARCH = "search"
"""Name of the row of ``IdentityState`` that says how far the vault has been read."""
_WORDS = "whole-names"
"""Which words are kept; where others were, all are read anew."""
PHONES = frozenset({"phone", "mobile", "telephone"})
_PART = 1_000
_MOST_NEWS = 50_000
_Found = tuple[int, str]


def index_search(*, at: datetime, limit: int = 2_000) -> int:
    """Read on in the vault and keep the words of new names and telephones; how many values.

    After the vault's keys, or the words that are kept, have changed everything is read again,
    for the digests are keyed.

    Args:
        at: the present, aware.
        limit: at most so many values of the vault.
    """
    read = 0
    while read < limit:
        with transaction.atomic():
            state = _state(at)
            entries = entries_after(state.link_cursor, min(_PART, limit - read))
            if not entries:
                _index_companies(state)
                state.save()
                return read
            named = [
                (holder_id, field, subject)
                for _, holder, holder_id, field, subject in entries
                if holder == "event" and field in NAME_FIELDS and subject is not None
            ]
            numbers = [entry[2] for entry in entries if entry[1] == "identifier"]
            _keep({*_names(named), *_phones(numbers)})
            state.link_cursor = entries[-1][0]
            state.save()
        read += len(entries)
    return read


def forget_search(subject_ids: Collection[int]) -> None:
    """Make some people's names and telephones unfindable, as erasing them asks for."""
    SearchToken.objects.filter(subject_id__in=list(subject_ids)).delete()


def _state(at: datetime) -> IdentityState:
    """How far the vault was read, for these words and under the keys of now."""
    generation = f"{_WORDS}.{keyring().generation}"
    state, _ = IdentityState.objects.get_or_create(
        name=SEARCH,
        defaults={
            "link_cursor": 0, "event_cursor": 0, "definitions": generation, "as_of": at,
        },
    )  # fmt: skip
    if state.definitions != generation:
        SearchToken.objects.all().delete()
        state.link_cursor, state.event_cursor, state.definitions = 0, 0, generation
    state.as_of = at
    return state


def _index_companies(state: IdentityState) -> None:
    """Companies are called by an identifier that is not personal; read where the log went on."""
    newest = last_event_id()
    if state.event_cursor >= newest:
        return
    news = _identifiers_with_news(state.event_cursor, newest)
    names = values_of_type(NAMING_IDENTIFIER, among=news)
    _keep({(number, word) for number, name in names.items() for word in words_of_name(name)})
    state.event_cursor = newest


def _identifiers_with_news(after: int, upto: int) -> list[int] | None:
    """Every identifier of the customers with new events; ``None`` where all have to be read."""
    if not after or upto - after > _MOST_NEWS:
        return None
    touched = identifiers_between(after, upto).to_numpy()
    others = members_of(np.unique(customers_of(touched)))
    found: list[int] = np.union1d(touched, others["identifier_id"].to_numpy()).tolist()
    return found


def _names(named: Collection[tuple[int, str, int]]) -> Iterable[_Found]:
    plain = reveal("event", [event_id for event_id, _, _ in named])
    for event_id, field, subject in named:
        for word in words_of_name(plain.get(event_id, {}).get(field, "")):
            yield subject, word


def _phones(identifier_ids: Collection[int]) -> Iterable[_Found]:
    phones = [one for one, kind in types_of(identifier_ids).items() if kind in PHONES]
    for number, values in reveal("identifier", phones).items():
        for word in words_of_number(values.get("value", "")):
            yield number, word


def _keep(found: Collection[_Found]) -> None:
    ring = keyring()
    rows = [SearchToken(blind=token(ring, word), subject_id=one) for one, word in sorted(found)]
    SearchToken.objects.bulk_create(rows, batch_size=_PART, ignore_conflicts=True)
