"""The profile of a customer: the newest value of every field over all identifiers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation

from tenure.actor import Actor
from tenure.definitions import PROFILED, Field, Library, PartyType
from tenure.derive.customers.queries.masking import group_of, masked
from tenure.derive.customers.queries.profile_log import CustomerLog
from tenure.derive.customers.queries.profile_scope import demand_customer, reads, seen_log
from tenure.guard.access.queries import Rights
from tenure.record.events.queries import EventView
from tenure.record.events.queries.neighbours import types_of
from tenure.record.library.queries import current_library
from tenure.record.vault.queries import fields_held, reveal

_EVENT_HOLDER = "event"
CLEARED = "cleared"
Value = str | int | float | bool | Decimal | None


@dataclass(frozen=True, slots=True)
class ProfileField:
    """A field of a profile and what it says.

    Attributes:
        field: its definition.
        group: of personal fields; empty for all others.
        value: ``None`` where it is empty; masked where it is hidden.
        hidden: the viewer does not read it as it is.
        event_id: where the value comes from; 0 where it was never told.
        set_at: when it became so in the world, aware.
        set_by: key of the actor.
        source: which system told it.
    """

    field: Field
    group: str
    value: Value = None
    hidden: bool = False
    event_id: int = 0
    set_at: datetime | None = None
    set_by: str = ""
    source: str = ""


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
    log = seen_log(customer_id, rights=rights, as_of=as_of, known_at=known_at, types=(PROFILED,))
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
    telling = _Telling.of(log.of(PROFILED), library)
    last: dict[str, EventView] = {}
    for event in telling.events:
        last.update(dict.fromkeys(telling.told(event), event))
    chosen = _fields(library, party, last)
    telling = telling.opened({last[f.key].id for f in chosen if f.personal and f.key in last})
    entries = []
    for field in chosen:
        hidden = field.personal and not reads(rights, field.key, revealing)
        entries.append(telling.entry(field, last.get(field.key), hidden=hidden))
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
    library, _ = current_library()
    rights = demand_customer(customer_id, viewer=viewer)
    log = seen_log(customer_id, rights=rights, as_of=as_of, known_at=known_at, types=(PROFILED,))
    [field] = [f for f in _all_fields(library) if f.key == key] or [Field(key, "string")]
    hidden = field.personal and not reads(rights, key, revealing)
    telling = _Telling.of(log.of(PROFILED), library)
    about = [event for event in telling.events if key in telling.told(event)]
    if field.personal:
        telling = telling.opened({event.id for event in about})
    return [telling.entry(field, event, hidden=hidden) for event in reversed(about)]


def fields_at(log: CustomerLog, fields: Sequence[Field]) -> Mapping[int, Mapping[str, Value]]:
    """What every statement of the log said about some fields, by its number, unmasked.

    For operations that compare values; never shown.
    """
    library, _ = current_library()
    telling = _Telling.of(log.of(PROFILED), library)
    telling = telling.opened({event.id for event in telling.events})
    return {
        event.id: {
            field.key: telling.value(field, event)
            for field in fields
            if field.key in telling.told(event)
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


def _fields(
    library: Library, party: PartyType | None, told: Mapping[str, EventView]
) -> list[Field]:
    """Those of the party type, then those of others that were told all the same."""
    own = list(party.fields) if party else []
    known = {field.key for field in own}
    others = [f for f in _all_fields(library) if f.key in told and f.key not in known]
    return [*own, *others]


def _all_fields(library: Library) -> list[Field]:
    profiled = library.event_types.get(PROFILED)
    return [field for field in (profiled.fields if profiled else ()) if field.key != CLEARED]


@dataclass(frozen=True, slots=True)
class _Telling:
    """The profile statements of a customer and the part of the vault that was opened."""

    events: tuple[EventView, ...]
    fields: Mapping[str, Field]
    held: Mapping[int, frozenset[str]]
    secrets: Mapping[int, Mapping[str, str]]

    @classmethod
    def of(cls, events: Sequence[EventView], library: Library) -> _Telling:
        """Nothing personal is opened yet."""
        fields = {field.key: field for field in _all_fields(library)}
        held = fields_held(_EVENT_HOLDER, [event.id for event in events])
        return cls(tuple(events), fields, held, {})

    def opened(self, numbers: set[int]) -> _Telling:
        """With the personal values of some events."""
        wanted = sorted(number for number in numbers if number in self.held)
        return replace(self, secrets=reveal(_EVENT_HOLDER, wanted) if wanted else {})

    def told(self, event: EventView) -> set[str]:
        """Which fields an event says anything about."""
        keys = {*event.properties, *self.held.get(event.id, ()), *_cleared(event)}
        if event.amount is not None:
            keys |= {key for key, field in self.fields.items() if field.type == "money"}
        return keys & self.fields.keys()

    def value(self, field: Field, event: EventView) -> Value:
        """What an event says about a field; ``None``: that it is empty."""
        if field.key in _cleared(event):
            return None
        if field.personal:
            return self.secrets.get(event.id, {}).get(field.key)
        value = event.properties.get(field.key)
        if field.type == "money":
            return _amount(value) if value is not None else event.amount
        if value is None or value == "":
            return None
        return value if isinstance(value, str | int | float | bool) else str(value)

    def entry(self, field: Field, event: EventView | None, *, hidden: bool) -> ProfileField:
        """The field as this event left it."""
        group = group_of(field.key) if field.personal else ""
        if event is None:
            return ProfileField(field, group, hidden=hidden)
        value = self.value(field, event)
        if hidden and value is not None:
            value = masked(group, str(value))
        return ProfileField(
            field,
            group,
            value=value,
            hidden=hidden,
            event_id=event.id,
            set_at=event.occurred_at,
            set_by=event.recorded_by,
            source=event.source,
        )


def _cleared(event: EventView) -> list[str]:
    told = event.properties.get(CLEARED)
    return told.split(",") if isinstance(told, str) else []


def _amount(value: object) -> Value:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return str(value)
