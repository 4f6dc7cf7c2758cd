"""What people stated about who is who, and the imports that were undone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from tenure.clock import from_microseconds
from tenure.record.events.models import LinkStatement, UndoneBatch


@dataclass(frozen=True, slots=True)
class Statement:
    """Someone's explicit word about a pair of identifiers; ``linked`` is ``None`` where it takes
    back what was said before.
    """

    event_id: int
    left: int
    right: int
    linked: bool | None
    occurred_at: datetime
    recorded_at: datetime


def undone_batches(known_us: int | None = None) -> list[int]:
    """Numbers of the imports that were undone, by ``known_us`` (microseconds) or until now."""
    rows = UndoneBatch.objects.all()
    if known_us is not None:
        rows = rows.filter(recorded_us__lte=known_us)
    return sorted(rows.values_list("batch_id", flat=True))


def statements_about(identifier_ids: Sequence[int]) -> list[Statement]:
    """Every explicit statement about some identifiers, oldest first."""
    wanted = list(identifier_ids)
    rows = LinkStatement.objects.filter(Q(left_id__in=wanted) | Q(right_id__in=wanted))
    return [
        Statement(
            event_id=row.event_id,
            left=row.left_id,
            right=row.right_id,
            linked=row.linked,
            occurred_at=from_microseconds(row.occurred_us),
            recorded_at=from_microseconds(row.recorded_us),
        )
        for row in rows.order_by("occurred_us", "event_key")
    ]


def undone_after(event_id: int) -> bool:
    """Whether an import was taken back after an event."""
    return UndoneBatch.objects.filter(event_id__gt=event_id).exists()
