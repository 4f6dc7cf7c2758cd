"""What was stated about one customer: profile, tags, owner, notes, relations, consent, files.

All of it is events, so "as of" is a cut of the log; one query reads them, the others fold.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tenure.clock import MICROSECOND
from tenure.definitions import PROFILED
from tenure.derive.customers.projection import naming
from tenure.derive.customers.queries.identity import identifiers_of
from tenure.record.events.queries import EventView, events_of

TAGS = ("customer.tagged", "customer.untagged")
ASSIGNED = "customer.assigned"
NOTES = ("note.written", "note.edited", "note.removed")
RELATIONS = ("customer.related", "customer.unrelated")
CONSENTS = ("consent.given", "consent.withdrawn")
FILES = ("file.attached", "file.removed")
PREFERRED, UNPREFERRED = naming.PREFERRED, naming.UNPREFERRED
PROFILE_TYPES = (PROFILED, PREFERRED, UNPREFERRED)
"""What a profile is made of: what was told about fields, and which values are preferred."""
STATED = (*PROFILE_TYPES, *TAGS, ASSIGNED, *NOTES, *RELATIONS, *CONSENTS, *FILES)


@dataclass(frozen=True, slots=True)
class CustomerLog:
    """Statements about a customer, oldest first.

    Attributes:
        own: all identifiers of the customer, the customer's own number first.
        events: by when they happened, then by number.
    """

    own: tuple[int, ...]
    events: tuple[EventView, ...]

    @property
    def customer_id(self) -> int:
        """The customer's own number."""
        return self.own[0]

    def of(self, *types: str) -> list[EventView]:
        """Only events of these types."""
        return [event for event in self.events if event.type in types]

    def until(self, moment: datetime) -> CustomerLog:
        """The log cut at a moment in the world (aware)."""
        kept = tuple(event for event in self.events if event.occurred_at <= moment)
        return CustomerLog(self.own, kept)


def customer_log(
    customer_id: int,
    *,
    as_of: datetime | None = None,
    known_at: datetime | None = None,
    types: Sequence[str] = STATED,
    own: Sequence[int] | None = None,
) -> CustomerLog:
    """The statements about a customer.

    Args:
        customer_id: any identifier of the customer.
        as_of: only what happened until then (aware).
        known_at: as it was believed at this moment (aware), who is who included.
        types: which event types.
        own: the customer's identifiers, where the caller knows which of them count.
    """
    own = own or identifiers_of(customer_id, known_at=known_at)
    found = events_of(own, occurred_to=as_of, known_at=known_at, types=types)
    return CustomerLog(tuple(own), tuple(reversed(found)))


def tags_in(log: CustomerLog) -> list[str]:
    """Tags the customer has at the end of the log, sorted."""
    held: dict[str, bool] = {}
    for event in log.of(*TAGS):
        held[str(event.properties.get("tag", ""))] = event.type == TAGS[0]
    return sorted(tag for tag, there in held.items() if there and tag)


def owner_in(log: CustomerLog) -> int | None:
    """Number of the account whose customer this is at the end of the log; ``None``: nobody's."""
    assigned = log.of(ASSIGNED)
    owner = str(assigned[-1].properties.get("owner") or "") if assigned else ""
    return int(owner) if owner.isdecimal() else None


def moment_after(events: Iterable[EventView], source: str, at: datetime) -> datetime:
    """``at``, or just after the last statement from ``source``: of two people who act at
    once, the one who comes second has the last word.
    """
    own = [event.occurred_at for event in events if event.source == source]
    return max([at, *(moment + MICROSECOND for moment in own)])
