"""Which columns of a file hold something personal."""

from __future__ import annotations

from collections.abc import Iterator

from tenure.definitions import Library

from ..mapping.model import ImportMap, Value
from .columns import Columns


def personal_columns(map_: ImportMap, columns: Columns, library: Library) -> frozenset[int]:
    """Positions of the columns that a personal identifier or field is made from.

    An identifier type that the library lacks is taken for personal, as the log takes it.
    """
    parties = library.party_types.values()
    kinds = [kind for party in parties for kind in party.identifiers]
    harmless = {kind.key for kind in kinds} - {kind.key for kind in kinds if kind.personal}
    fields = [field for party in parties for field in party.fields]
    fields += [field for kind in library.event_types.values() for field in kind.fields]
    personal = {field.key for field in fields if field.personal}
    return frozenset(
        columns.index(name, value.place)
        for value in _values(map_, harmless, personal)
        for name in value.columns
    )


def _values(map_: ImportMap, harmless: set[str], personal: set[str]) -> Iterator[Value]:
    for rule in map_.events:
        customer = map_.customer if rule.customer is None else rule.customer
        yield from (value for key, value in customer.items() if key not in harmless)
        yield from (value for key, value in rule.fields.items() if key in personal)
