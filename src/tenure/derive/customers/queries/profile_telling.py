"""What was told about the fields of one profile, and which of it is shown.

The one place where a value of a profile is chosen: the newest statement wins, or whatever the
party type's rule says. Emptying a field takes away all that was told about it before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Literal

from tenure.definitions import PROFILED, Field, Library, SurvivalRule
from tenure.definitions.survival import NEWEST
from tenure.derive.customers.projection.records import asked_fields
from tenure.derive.customers.queries.masking import group_of, masked
from tenure.derive.customers.queries.profile_log import PREFERRED, UNPREFERRED, CustomerLog
from tenure.record.events.events import OWN_SOURCE
from tenure.record.events.queries import EventView
from tenure.record.vault.queries import fields_held, reveal

_EVENT_HOLDER = "event"
SET_ONCE = "set_once"
CLEARED = "cleared"
Value = str | int | float | bool | Decimal | None
Chosen = Literal["", "only", "preferred", "own", "rule"]
"""Why a value is shown: it is the only one, was preferred or written by hand, or by the rule."""
_Order = tuple[int, float, float, int]


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
        rule: by which one of several values is chosen.
        chosen: why this one is shown; empty where nothing was told.
        others: how many other statements stand beside it.
    """

    field: Field
    group: str
    value: Value = None
    hidden: bool = False
    event_id: int = 0
    set_at: datetime | None = None
    set_by: str = ""
    source: str = ""
    rule: SurvivalRule = NEWEST
    chosen: Chosen = ""
    others: int = 0


@dataclass(frozen=True, slots=True)
class Choice:
    """The statement whose value is shown, and why.

    Attributes:
        event: it may empty the field.
        why: what decided.
        standing: all statements that give the field a value still, oldest first.
    """

    event: EventView
    why: Chosen
    standing: tuple[EventView, ...]


@dataclass(frozen=True, slots=True)
class Telling:
    """The profile statements of a customer and the part of the vault that was opened."""

    events: tuple[EventView, ...]
    pins: tuple[EventView, ...]
    fields: Mapping[str, Field]
    keys: Mapping[int, frozenset[str]]
    held: Mapping[int, frozenset[str]]
    secrets: Mapping[int, Mapping[str, str]]
    complete: Mapping[str, int]

    @classmethod
    def of(cls, log: CustomerLog, library: Library) -> Telling:
        """Nothing personal is opened yet."""
        events = tuple(log.of(PROFILED))
        fields = {field.key: field for field in all_fields(library)}
        held = fields_held(_EVENT_HOLDER, [event.id for event in events])
        keys = {event.id: _told(event, fields, held) for event in events}
        pins = tuple(log.of(PREFERRED, UNPREFERRED))
        bare = cls(events, pins, fields, keys, held, {}, {})
        asked = [one.key for one in asked_fields(library)]
        return replace(bare, complete=bare._completeness(asked))

    def opened(self, numbers: set[int]) -> Telling:
        """With the personal values of some events besides those opened already."""
        wanted = sorted(n for n in numbers if n in self.held and n not in self.secrets)
        return replace(self, secrets={**self.secrets, **reveal(_EVENT_HOLDER, wanted)}) \
            if wanted else self  # fmt: skip

    def about(self, key: str) -> list[EventView]:
        """Every statement about a field, oldest first."""
        return [event for event in self.events if key in self.keys[event.id]]

    def standing(self, key: str) -> list[EventView]:
        """The statements that give a field a value and were not emptied since, oldest first."""
        found: list[EventView] = []
        for event in self.about(key):
            if key in cleared_by(event):
                found.clear()
            elif self._gives(event, key):
                found.append(event)
        plain = [event for event in found if key not in once_by(event)]
        return plain or found[:1]

    def choice(self, key: str, rule: SurvivalRule) -> Choice | None:
        """Which statement about a field counts; ``None`` where there is none.

        Values of personal fields must be opened where the rule looks at their length.
        """
        about = self.about(key)
        if not about:
            return None
        standing = tuple(self.standing(key))
        newest = standing[-1] if standing and key in once_by(about[-1]) else about[-1]
        preferred = self._preferred(key, standing)
        if preferred is not None:
            return Choice(preferred, "preferred", standing)
        if rule.rule == "newest" or not standing:
            return Choice(newest, "only" if len(about) == 1 else "rule", standing)
        best = max(standing, key=lambda event: self._order(event, key, rule))
        if len(standing) == 1:
            return Choice(best, "only", standing)
        return Choice(best, "own" if best.source == OWN_SOURCE else "rule", standing)

    def value(self, field: Field, event: EventView) -> Value:
        """What an event says about a field; ``None``: that it is empty."""
        if field.key in cleared_by(event):
            return None
        if field.personal:
            return self.secrets.get(event.id, {}).get(field.key)
        value = event.properties.get(field.key)
        if field.type == "money":
            return _amount(value) if value is not None else event.amount
        if value is None or value == "":
            return None
        return value if isinstance(value, str | int | float | bool) else str(value)

    def entry(
        self, field: Field, event: EventView | None, *, hidden: bool, choice: Choice | None = None
    ) -> ProfileField:
        """The field as this event left it."""
        group = group_of(field.key) if field.personal else ""
        if event is None:
            return ProfileField(field, group, hidden=hidden)
        value = self.value(field, event)
        if hidden and value is not None:
            value = masked(group, str(value))
        others = sum(one.id != event.id for one in choice.standing) if choice else 0
        return ProfileField(
            field,
            group,
            value=value,
            hidden=hidden,
            event_id=event.id,
            set_at=event.occurred_at,
            set_by=event.recorded_by,
            source=event.source,
            chosen=choice.why if choice else "",
            others=others,
        )

    def _gives(self, event: EventView, key: str) -> bool:
        field = self.fields[key]
        if field.personal:
            return key in self.held.get(event.id, ())
        return self.value(field, event) is not None

    def _preferred(self, key: str, standing: Sequence[EventView]) -> EventView | None:
        """The statement somebody prefers by their last word, unless a person wrote one since."""
        by_id = {event.id: event for event in standing}
        last: EventView | None = None
        for pin in self.pins:
            if pin.properties.get("profile_field") != key:
                continue
            if pin.type == UNPREFERRED or preferred_by(pin) in by_id:
                last = pin
        if last is None or last.type == UNPREFERRED:
            return None
        moment = _moment(last)
        if any(one.source == OWN_SOURCE and _moment(one) > moment for one in standing):
            return None
        return by_id[preferred_by(last)]

    def _order(self, event: EventView, key: str, rule: SurvivalRule) -> _Order:
        """Larger is better: a person's own word, then the rule, then the newest."""
        own = event.source == OWN_SOURCE
        moment, number = event.occurred_at.timestamp(), event.id
        worth = 0.0
        if not own:
            match rule.rule:
                case "longest":
                    worth = len(str(self.value(self.fields[key], event) or ""))
                case "most_complete":
                    worth = self.complete.get(event.source, 0)
                case "trusted":
                    worth = -trust_of(event.source, rule)
                case "oldest":
                    moment, number = -moment, -number
        return int(own), worth, moment, number

    def _completeness(self, asked: Sequence[str]) -> dict[str, int]:
        """How many fields each source fills, of what was told since each was last emptied."""
        filled: dict[str, set[str]] = {}
        emptied = {
            key: event.occurred_at for event in self.events for key in cleared_by(event)
        }  # events come in order: the last moment stays
        for event in self.events:
            for key in self.keys[event.id] & set(asked):
                gone = key in emptied and event.occurred_at < emptied[key]
                if not gone and key not in cleared_by(event) and self._gives(event, key):
                    filled.setdefault(event.source, set()).add(key)
        return {source: len(keys) for source, keys in filled.items()}


def trust_of(source: str, rule: SurvivalRule) -> int:
    """The place of a source in the order of trust; those not named share the last."""
    return rule.sources.index(source) if source in rule.sources else len(rule.sources)


def preferred_by(pin: EventView) -> int:
    """The number of the statement that somebody preferred."""
    told = pin.properties.get("told_by")
    return told if isinstance(told, int) else 0


def cleared_by(event: EventView) -> list[str]:
    """Keys of the fields that an event empties."""
    told = event.properties.get(CLEARED)
    return [key.strip() for key in told.split(",")] if isinstance(told, str) else []


def once_by(event: EventView) -> list[str]:
    """Keys of the fields whose value an event tells only for the case that there is none."""
    told = event.properties.get(SET_ONCE)
    return [key.strip() for key in told.split(",")] if isinstance(told, str) else []


def all_fields(library: Library) -> list[Field]:
    """The profile fields of all party types."""
    profiled = library.event_types.get(PROFILED)
    own = (CLEARED, SET_ONCE)
    return [field for field in (profiled.fields if profiled else ()) if field.key not in own]


def _told(
    event: EventView, fields: Mapping[str, Field], held: Mapping[int, frozenset[str]]
) -> frozenset[str]:
    """Which fields an event says anything about."""
    keys = {*event.properties, *held.get(event.id, ()), *cleared_by(event)}
    if event.amount is not None:
        keys |= {key for key, field in fields.items() if field.type == "money"}
    return frozenset(keys & fields.keys())


def _moment(event: EventView) -> tuple[datetime, int]:
    return event.occurred_at, event.id


def _amount(value: object) -> Value:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return str(value)
