"""The profile of a customer: of every field the value that counts, over all identifiers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tenure.actor import Actor
from tenure.definitions import Field, Library, PartyType, SurvivalRule
from tenure.definitions.survival import NEWEST
from tenure.derive.customers.queries.profile_log import PROFILE_TYPES, CustomerLog
from tenure.derive.customers.queries.profile_scope import demand_customer, reads, seen_log
from tenure.derive.customers.queries.profile_telling import (
    CLEARED,
    ProfileField,
    Telling,
    Value,
    all_fields,
)
from tenure.guard.access.queries import Rights
from tenure.record.events.queries.neighbours import types_of
from tenure.record.library.queries import current_library

__all__ = [
    "CLEARED",
    "FieldStory",
    "FieldTold",
    "Profile",
    "ProfileField",
    "Value",
    "field_history",
    "field_story",
    "fields_at",
    "party_of",
    "profile_in",
    "profile_of",
]


@dataclass(frozen=True, slots=True)
class Profile:
    """All fields of a customer's party type, in its order, then others that were told.

    Attributes:
        party: ``None`` where no definition knows the customer's identifiers.
    """

    customer_id: int
    party: PartyType | None
    fields: tuple[ProfileField, ...]

    def field(self, key: str) -> ProfileField | None:
        """The field ``key``, if the profile has it."""
        return next((one for one in self.fields if one.field.key == key), None)


@dataclass(frozen=True, slots=True)
class FieldTold:
    """Something that was told about a field.

    Attributes:
        entry: the field as this statement left it.
        shown: it is the one that counts.
        stands: it gives a value and the field was not emptied since, so it may be preferred.
    """

    entry: ProfileField
    shown: bool
    stands: bool


@dataclass(frozen=True, slots=True)
class FieldStory:
    """Why a field shows what it shows.

    Attributes:
        entry: what it shows, with the rule and what decided.
        told: all that was told, newest first.
    """

    entry: ProfileField
    told: tuple[FieldTold, ...]


def profile_of(
    customer_id: int,
    *,
    viewer: Actor,
    as_of: datetime | None = None,
    known_at: datetime | None = None,
    revealing: frozenset[str] = frozenset(),
) -> Profile:
    """The profile of a customer.

    Args:
        customer_id: any identifier of the customer.
        viewer: who asks; personal fields they do not read are hidden.
        as_of: what was so at this moment (aware); what is so by everything told when ``None``.
        known_at: as it was believed at this moment (aware).
        revealing: groups the viewer asked to see, which the caller has noted in the audit.

    Raises:
        UnknownCustomerError: there is none, or the viewer may not see them.
    """
    rights = demand_customer(customer_id, viewer=viewer)
    log = seen_log(customer_id, rights=rights, as_of=as_of, known_at=known_at, types=PROFILE_TYPES)
    return profile_in(log, rights=rights, revealing=revealing)


def profile_in(
    log: CustomerLog,
    *,
    rights: Rights,
    revealing: frozenset[str] = frozenset(),
    party: PartyType | None = None,
) -> Profile:
    """The profile at the end of ``log``; arguments as :func:`profile_of`.

    Args:
        log: of :func:`customer_log`.
        rights: of the viewer.
        revealing: groups the viewer asked to see.
        party: of the customer, where the caller knows it.
    """
    library, _ = current_library()
    party = party or party_of(library, types_of(log.own))
    telling = Telling.of(log, library)
    told = frozenset[str]().union(*telling.keys.values())
    chosen = _fields(library, party, told)
    rules = {field.key: rule_of(party, field.key) for field in chosen}
    long = [f.key for f in chosen if f.personal and rules[f.key].rule == "longest"]
    telling = telling.opened({one.id for key in long for one in telling.standing(key)})
    choices = {field.key: telling.choice(field.key, rules[field.key]) for field in chosen}
    personal = {one.event.id for f in chosen if f.personal and (one := choices[f.key])}
    telling = telling.opened(personal)
    entries = []
    for field in chosen:
        hidden = field.personal and not reads(rights, field.key, revealing)
        choice = choices[field.key]
        event = choice.event if choice else None
        entry = telling.entry(field, event, hidden=hidden, choice=choice)
        entries.append(replace(entry, rule=rules[field.key]))
    return Profile(log.customer_id, party, tuple(entries))


def field_history(
    customer_id: int,
    key: str,
    *,
    viewer: Actor,
    as_of: datetime | None = None,
    known_at: datetime | None = None,
    revealing: frozenset[str] = frozenset(),
) -> list[ProfileField]:
    """Every value a field has had, newest first; arguments as :func:`profile_of`."""
    story = field_story(
        customer_id, key, viewer=viewer, as_of=as_of, known_at=known_at, revealing=revealing
    )
    return [one.entry for one in story.told]


def field_story(
    customer_id: int,
    key: str,
    *,
    viewer: Actor,
    as_of: datetime | None = None,
    known_at: datetime | None = None,
    revealing: frozenset[str] = frozenset(),
) -> FieldStory:
    """Why a field shows what it shows, and all that was told; arguments as :func:`profile_of`."""
    library, _ = current_library()
    rights = demand_customer(customer_id, viewer=viewer)
    log = seen_log(customer_id, rights=rights, as_of=as_of, known_at=known_at, types=PROFILE_TYPES)
    known = [f for f in all_fields(library) if f.key == key]
    field = known[0] if known else Field(key, "string")
    hidden = field.personal and not reads(rights, key, revealing)
    rule = rule_of(party_of(library, types_of(log.own)), key)
    telling = Telling.of(log, library)
    about = telling.about(key)
    if field.personal:
        telling = telling.opened({event.id for event in about})
    choice = telling.choice(key, rule) if known else None
    shown = choice.event if choice else None
    standing = {one.id for one in choice.standing} if choice else set()
    told = [
        FieldTold(
            telling.entry(field, event, hidden=hidden),
            shown=shown is not None and event.id == shown.id,
            stands=event.id in standing,
        )
        for event in reversed(about)
    ]
    entry = telling.entry(field, shown, hidden=hidden, choice=choice)
    return FieldStory(replace(entry, rule=rule), tuple(told))


def fields_at(log: CustomerLog, fields: Sequence[Field]) -> Mapping[int, Mapping[str, Value]]:
    """What every statement of the log said about some fields, by its number, unmasked.

    For operations that compare values; never shown.
    """
    library, _ = current_library()
    telling = Telling.of(log, library)
    telling = telling.opened({event.id for event in telling.events})
    return {
        event.id: {
            field.key: telling.value(field, event)
            for field in fields
            if field.key in telling.keys[event.id]
        }
        for event in telling.events
    }


def party_of(library: Library, types: Mapping[int, str]) -> PartyType | None:
    """The party type of a customer with these identifiers (number to type).

    The one that declares most of them; of two, the one published first.
    """
    kinds = list(types.values())
    counts = {
        key: sum(kind in {one.key for one in party.identifiers} for kind in kinds)
        for key, party in library.party_types.items()
    }
    best = max(counts, key=lambda key: counts[key], default=None)
    return library.party_types[best] if best is not None and counts[best] else None


def rule_of(party: PartyType | None, key: str) -> SurvivalRule:
    """By which rule a field of a customer of this party type is chosen."""
    return party.survival.of(key) if party else NEWEST


def _fields(library: Library, party: PartyType | None, told: Collection[str]) -> list[Field]:
    """Those of the party type, then those of others that were told all the same."""
    own = list(party.fields) if party else []
    known = {field.key for field in own}
    others = [f for f in all_fields(library) if f.key in told and f.key not in known]
    return [*own, *others]
