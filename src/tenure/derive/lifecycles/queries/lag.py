"""How far what is derived is behind the log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min

from tenure.derive.customers.projection.resolving import identity_state
from tenure.derive.lifecycles.models import Cursor
from tenure.record.events.queries import last_event_id, recorded_after


@dataclass(frozen=True, slots=True)
class TickLag:
    """What stages do not know yet.

    Attributes:
        events: in the log and not followed.
        seconds: how long ago the oldest of them was recorded; 0 where there is none.
        as_of: the moment customers and stages are true of; None before the first tick.
    """

    events: int
    seconds: float
    as_of: datetime | None


def tick_lag(*, at: datetime) -> TickLag:
    """How far stages and customers are behind the log at a moment (aware)."""
    found = Cursor.objects.aggregate(cursor=Min("event_cursor"), as_of=Min("as_of"))
    who = identity_state()
    cursors = [found["cursor"], who.event_cursor if who else None]
    cursor: int = min((number for number in cursors if number is not None), default=0)
    behind = max(0, last_event_id() - cursor)
    oldest = recorded_after(cursor) if behind else None
    seconds = max(0.0, (at - oldest).total_seconds()) if oldest else 0.0
    as_of: datetime | None = found["as_of"] or (who.as_of if who else None)
    return TickLag(behind, seconds, as_of)
