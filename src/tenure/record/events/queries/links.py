"""What people stated about who is who, and the imports that were undone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db.models import Exists, Max, OuterRef, Q

from tenure.clock import from_microseconds, to_microseconds
from tenure.record.events.models import Event, LinkStatement, UndoneBatch

_SLICE = 400


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


def last_statement_id() -> int:
    """The latest event by which somebody said who is, or is not, one customer; 0: none yet."""
    found = LinkStatement.objects.aggregate(latest=Max("event_id"))["latest"]
    return found or 0


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
    return [_statement(row) for row in rows.order_by("occurred_us", "event_key")]


def statement(event_id: int) -> Statement | None:
    """The explicit statement that an event made."""
    row = LinkStatement.objects.filter(event_id=event_id).first()
    return _statement(row) if row else None


def _statement(row: LinkStatement) -> Statement:
    return Statement(
        event_id=row.event_id,
        left=row.left_id,
        right=row.right_id,
        linked=row.linked,
        occurred_at=from_microseconds(row.occurred_us),
        recorded_at=from_microseconds(row.recorded_us),
    )


StatementKind = Literal["merged", "apart", "reopened"]
_KINDS: dict[StatementKind, bool | None] = {"merged": True, "apart": False, "reopened": None}


def statements_page(
    *,
    kind: StatementKind | None = None,
    by: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    before: int | None = None,
    limit: int = 500,
) -> list[Statement]:
    """Explicit statements, newest first.

    Args:
        kind: only those that link, part, or take back.
        by: key of the actor who said it.
        since: said at or after this moment, aware.
        until: said before this moment, aware.
        before: only those before this event.
        limit: at most so many.
    """
    rows = LinkStatement.objects.order_by("-event_id")
    if kind is not None:
        rows = rows.filter(linked=_KINDS[kind])
    if since is not None:
        rows = rows.filter(recorded_us__gte=to_microseconds(since))
    if until is not None:
        rows = rows.filter(recorded_us__lt=to_microseconds(until))
    if before is not None:
        rows = rows.filter(event_id__lt=before)
    if by:
        own = Event.objects.filter(recorded_by=by, id=OuterRef("event_id"))
        rows = rows.filter(Exists(own))
    return [_statement(row) for row in rows[:limit]]


def words_about(pairs: Sequence[tuple[int, int]]) -> dict[tuple[int, int], list[Statement]]:
    """Every word about pairs of identifiers, the smaller first; of each pair the last one holds."""
    found: dict[tuple[int, int], list[Statement]] = {}
    wanted = {*pairs}
    lefts = sorted({left for left, _ in wanted})
    for start in range(0, len(lefts), _SLICE):
        rows = LinkStatement.objects.filter(left_id__in=lefts[start : start + _SLICE])
        for row in rows.order_by("occurred_us", "event_key"):
            if (row.left_id, row.right_id) in wanted:
                found.setdefault((row.left_id, row.right_id), []).append(_statement(row))
    return found


def last_words(pairs: Sequence[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """Of pairs of identifiers, the smaller first, the event of what was last said about them."""
    return {pair: said[-1].event_id for pair, said in words_about(pairs).items()}


def undone_after(event_id: int) -> bool:
    """Whether an import was taken back after an event."""
    return UndoneBatch.objects.filter(event_id__gt=event_id).exists()
