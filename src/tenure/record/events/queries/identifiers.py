"""Identifiers: found by what people type, shown by what they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tenure.record.events.models import Identifier
from tenure.record.events.operations.identifying import Found
from tenure.record.events.operations.recording import reading_shapes
from tenure.record.library.queries import current_library
from tenure.record.vault.queries import keyring, reveal

IDENTIFIER_HOLDER = "identifier"
IDENTIFIER_FIELD = "value"
_SLICE = 900


@dataclass(frozen=True, slots=True)
class IdentifierView:
    """An identifier on record; ``value`` is ``None`` for a personal one not revealed."""

    id: int
    type: str
    personal: bool
    value: str | None


def find_identifiers(value: str, *, types: Sequence[str] | None = None) -> list[IdentifierView]:
    """Identifiers on record that ``value``, as a person would type it, may mean.

    Tried under every identifier type of every party type, in that type's normal form.

    Args:
        value: raw text, such as ``138 0013 8000``.
        types: only these identifier types.
    """
    secret = keyring().identity
    candidates: set[int] = set()
    parties: list[str | None] = [None, *current_library()[0].party_types]
    for party in parties:
        identification = reading_shapes().identification(party)
        for type_key in types or (*identification.types, *_undeclared_types()):
            found = identification.find(secret, type_key, value)
            if isinstance(found, Found):
                candidates.add(found.id)
    return sorted(identifiers(candidates).values(), key=lambda view: (view.type, view.id))


def identifiers(ids: Iterable[int], *, with_personal: bool = False) -> dict[int, IdentifierView]:
    """Identifiers by id; ids not on record are left out.

    Args:
        ids: which.
        with_personal: open the vault for the values of personal ones.
    """
    wanted = sorted(set(ids))
    rows = [
        row
        for start in range(0, len(wanted), _SLICE)
        for row in Identifier.objects.filter(id__in=wanted[start : start + _SLICE])
    ]
    hidden = [row.id for row in rows if row.value is None] if with_personal else []
    plain = reveal(IDENTIFIER_HOLDER, hidden) if hidden else {}
    return {
        row.id: IdentifierView(
            id=row.id,
            type=row.type,
            personal=row.value is None,
            value=row.value or plain.get(row.id, {}).get(IDENTIFIER_FIELD),
        )
        for row in rows
    }


def sharing_limits() -> dict[str, int]:
    """Identifier type to the number of others beyond which it is taken as shared."""
    limits: dict[str, int] = {}
    for party in current_library()[0].party_types.values():
        for kind in party.identifiers:
            if kind.limit is not None:
                limits[kind.key] = min(kind.limit, limits.get(kind.key, kind.limit))
    return limits


def fleeting_types() -> frozenset[str]:
    """Identifier types that browsers and devices make anew."""
    parties = current_library()[0].party_types.values()
    return frozenset(kind.key for party in parties for kind in party.identifiers if kind.fleeting)


def _undeclared_types() -> list[str]:
    """Types of identifiers on record that no definition knows."""
    from tenure.record.events.models import Oddity

    odd = Oddity.objects.filter(kind=Oddity.Kind.UNKNOWN_IDENTIFIER)
    return sorted(set(odd.values_list("detail", flat=True)))
