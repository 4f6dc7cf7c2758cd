"""What was refused, and what was accepted though no definition knows it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import msgspec

from tenure.clock import from_microseconds
from tenure.record.events.models import DeadLetter, Oddity
from tenure.record.events.operations.refused import LETTER_FIELD, LETTER_HOLDER, Reason
from tenure.record.events.operations.warning import oddity_words
from tenure.record.vault.queries import reveal
from tenure.words import Words


@dataclass(frozen=True, slots=True)
class DeadLetterView:
    """A refused event; ``body`` is its JSON, filled only where the query was asked for it."""

    id: int
    source: str
    type: str
    batch_id: int | None
    reasons: tuple[Words, ...]
    status: str
    refused_at: datetime
    note: str
    event_id: int | None
    body: str | None


@dataclass(frozen=True, slots=True)
class OddityView:
    """Something odd, how often it was accepted, and when first and last."""

    kind: str
    type: str
    detail: str
    count: int
    first_at: datetime
    last_at: datetime
    words: Words


def dead_letters(
    *,
    status: str | None = DeadLetter.Status.WAITING,
    source: str | None = None,
    batch_id: int | None = None,
    ids: Collection[int] | None = None,
    after: int = 0,
    limit: int = 100,
    with_body: bool = False,
) -> list[DeadLetterView]:
    """Refused events in the order they came.

    Args:
        status: waiting, replayed or discarded; all when ``None``.
        source: only of this source.
        batch_id: only of this import.
        ids: only these.
        after: only with a higher number than this.
        limit: at most so many.
        with_body: open the vault for what was sent (personal data).
    """
    rows = DeadLetter.objects.filter(id__gt=after).order_by("id")
    if status is not None:
        rows = rows.filter(status=status)
    if source is not None:
        rows = rows.filter(source=source)
    if batch_id is not None:
        rows = rows.filter(batch_id=batch_id)
    if ids is not None:
        rows = rows.filter(id__in=ids)
    found = list(rows[:limit])
    bodies = reveal(LETTER_HOLDER, [row.id for row in found]) if with_body else {}
    return [_view(row, bodies.get(row.id, {}).get(LETTER_FIELD)) for row in found]


def dead_letter_count(*, status: str = DeadLetter.Status.WAITING) -> int:
    """How many refused events have ``status``."""
    return DeadLetter.objects.filter(status=status).count()


def oddities(*, kind: str | None = None) -> list[OddityView]:
    """Unknown types and fields and unused identifier values, the most frequent first."""
    rows = Oddity.objects.order_by("-count", "kind", "type", "detail")
    if kind is not None:
        rows = rows.filter(kind=kind)
    return [
        OddityView(
            kind=row.kind,
            type=row.type,
            detail=row.detail,
            count=row.count,
            first_at=from_microseconds(row.first_us),
            last_at=from_microseconds(row.last_us),
            words=oddity_words(row.kind, row.type, row.detail),
        )
        for row in rows
    ]


def odd_fields() -> set[tuple[str, str]]:
    """Event types with the fields that arrived though the type does not declare them."""
    rows = Oddity.objects.filter(kind=Oddity.Kind.UNKNOWN_FIELD)
    return set(rows.values_list("type", "detail"))


def _view(row: DeadLetter, body: str | None) -> DeadLetterView:
    reasons = msgspec.json.decode(row.reasons, type=list[Reason])
    return DeadLetterView(
        id=row.id,
        source=row.source,
        type=row.type,
        batch_id=row.batch_id,
        reasons=tuple(Words(zh=reason.zh, en=reason.en) for reason in reasons),
        status=row.status,
        refused_at=from_microseconds(row.recorded_us),
        note=row.note,
        event_id=row.event_id,
        body=body,
    )
