"""How good the record of one customer is, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from tenure.actor import Actor
from tenure.clock import from_microseconds
from tenure.definitions import Field
from tenure.derive.customers.models import CustomerCard, RefusedLink
from tenure.derive.customers.projection.record_scores import freshness, score_of
from tenure.derive.customers.projection.records import asked_counts
from tenure.derive.customers.queries.identity import identifiers_of
from tenure.derive.customers.queries.visibility import visible
from tenure.guard.access.queries import organisation
from tenure.record.library.queries import current_library

_DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class RecordView:
    """The record of one customer.

    Attributes:
        score: 0 to 100, see ``projection.record_scores``.
        asked: how many fields the party type asks for.
        lacking: those without a value.
        identified: a valid strong identifier is on record.
        doubled: a link to another customer waits undecided.
        updated_at: when the profile was last told; first seen, where ``told`` is false.
        outdated: longer ago than the organisation's limit of ``limit`` days.
    """

    score: float
    asked: int
    lacking: tuple[Field, ...]
    identified: bool
    doubled: bool
    told: bool
    updated_at: datetime
    outdated: bool
    limit: int

    @property
    def filled(self) -> int:
        """How many of the fields asked for have a value."""
        return self.asked - len(self.lacking)


def record_of(customer_id: int, *, viewer: Actor, at: datetime) -> RecordView | None:
    """How good the record of a customer is.

    Args:
        customer_id: the customer's own number.
        viewer: who asks.
        at: the present, aware.

    Returns:
        ``None`` where the viewer may not see the customer, or the log was not followed yet.
    """
    card = CustomerCard.objects.filter(customer_id=customer_id).first()
    if card is None or not visible(viewer).allows(customer_id):
        return None
    library, limit = current_library()[0], organisation().fresh_days
    party = library.party_types.get(card.party)
    fields = {field.key: field for field in party.fields} if party else {}
    lacking = tuple(fields[key] for key in card.lacking.split("\n") if key in fields)
    asked = asked_counts(library).get(card.party, 0)
    own = identifiers_of(customer_id)
    doubled = RefusedLink.objects.filter(Q(left_id__in=own) | Q(right_id__in=own)).exists()
    updated = from_microseconds(card.first_us if card.told_us is None else card.told_us)
    age = (at - updated).total_seconds() / _DAY_SECONDS
    complete = 1 - len(lacking) / asked if asked else 0.0
    score = score_of(complete, float(card.identified), freshness(age, limit), float(not doubled))
    return RecordView(
        score=round(score, 1),
        asked=asked,
        lacking=lacking,
        identified=card.identified,
        doubled=doubled,
        told=card.told_us is not None,
        updated_at=updated,
        outdated=age > limit,
        limit=limit,
    )
