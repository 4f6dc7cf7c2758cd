"""The timeline of a customer, personal fields as the viewer may see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tenure.actor import Actor
from tenure.derive.customers.queries.notes import WRITTEN, notes_in
from tenure.derive.customers.queries.profile_log import NOTES
from tenure.derive.customers.queries.profile_scope import (
    demand_customer,
    own_identifiers,
    reads,
    seen_as,
    seen_log,
)
from tenure.guard.access.queries import Rights
from tenure.record.events.queries import EventView
from tenure.record.events.queries.paging import timeline_page
from tenure.record.vault.queries import reveal

_EVENT_HOLDER = "event"
_INTERNAL = "tenure:"


@dataclass(frozen=True, slots=True)
class EventTold:
    """An event as the viewer may see it.

    Attributes:
        event: as it stands in the log.
        fields: all that it says, personal values plain or masked.
        masked: keys whose values are hidden.
    """

    event: EventView
    fields: Mapping[str, Any]
    masked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TimelineTold:
    """Some events, newest first; ``older`` is where the next page begins."""

    events: tuple[EventTold, ...]
    older: int | None


def timeline_of(
    customer_id: int,
    *,
    viewer: Actor,
    as_of: datetime | None = None,
    known_at: datetime | None = None,
    types: Sequence[str] = (),
    after: int | None = None,
    limit: int = 50,
) -> TimelineTold:
    """Events of a customer, newest first.

    Args:
        customer_id: any identifier of the customer.
        viewer: who asks.
        as_of: only what happened until then (aware).
        known_at: as it was believed at this moment (aware).
        types: only these event types; all when empty.
        after: the event where the page before ended.
        limit: how many at most.

    Raises:
        UnknownCustomerError: there is none, or the viewer may not see them.
    """
    rights = demand_customer(customer_id, viewer=viewer)
    own = own_identifiers(customer_id, rights=rights, known_at=known_at)
    page = timeline_page(
        own, occurred_to=as_of, known_at=known_at, types=types, after=after, limit=limit
    )
    secrets = reveal(_EVENT_HOLDER, [event.id for event in page.events]) if page.events else {}
    living: set[int] = set()
    if any(event.type in NOTES for event in page.events):
        log = seen_log(customer_id, rights=rights, types=NOTES, known_at=known_at)
        living = {note.id for note in notes_in(log, rights=rights, viewer=viewer)}
    told = (_told(one, secrets.get(one.id, {}), living, rights, viewer) for one in page.events)
    return TimelineTold(tuple(told), page.older)


def note_text_seen(
    event: EventView,
    secrets: Mapping[str, str],
    living: set[int],
    *,
    rights: Rights,
    viewer: Actor,
    revealing: frozenset[str] = frozenset(),
) -> tuple[str, bool]:
    """The text of a note that is still there, and whether it is kept from this viewer.

    Args:
        event: of any type.
        secrets: its personal values.
        living: notes that were not removed.
        rights: of the viewer.
        viewer: who asks; whoever wrote a note reads it.
        revealing: groups the viewer asked to see.
    """
    if event.type not in NOTES or "text" not in secrets:
        return "", False
    number = event.id if event.type == WRITTEN else event.properties.get("note_id")
    if number not in living:
        return "", False
    if event.recorded_by == viewer.key or reads(rights, "text", revealing):
        return secrets["text"], False
    return "", True


def _told(
    event: EventView,
    secrets: Mapping[str, str],
    living: set[int],
    rights: Rights,
    viewer: Actor,
) -> EventTold:
    said = {key: value for key, value in event.properties.items() if not key.startswith(_INTERNAL)}
    if event.type in NOTES:
        text, hidden = note_text_seen(event, secrets, living, rights=rights, viewer=viewer)
        shown = {"text": text or None} if "text" in secrets else {}
        return EventTold(event, {**said, **shown}, ("text",) if hidden else ())
    personal = {key: value for key, value in secrets.items() if not key.startswith(_INTERNAL)}
    masked = tuple(sorted(key for key in personal if not reads(rights, key)))
    plain = {key: seen_as(rights, key, value) for key, value in personal.items()}
    return EventTold(event, {**said, **plain}, masked)
