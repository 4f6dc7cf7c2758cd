"""Refused events set right: mended, replayed, or discarded with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from django.db import transaction

from tenure.actor import Actor
from tenure.clock import to_microseconds
from tenure.record.events.models import DeadLetter
from tenure.record.events.operations.incoming import IncomingEvent, Receipt
from tenure.record.events.operations.recording import BatchUndoneError, record
from tenure.record.events.operations.refused import (
    LETTER_FIELD,
    LETTER_HOLDER,
    Reason,
    body_text,
)
from tenure.record.vault.operations import Secret, discard, store
from tenure.record.vault.queries import reveal
from tenure.words import TenureError, Words

_SLICE = 1_000


class DeadLetterError(TenureError):
    """A refused event that is not there, is dealt with, or cannot be read."""


@dataclass(frozen=True, slots=True)
class Replay:
    """What replaying did: the receipt of each refused event by its number."""

    receipts: dict[int, Receipt]

    @property
    def recorded(self) -> int:
        """How many are in the log now."""
        return sum(receipt.status != "refused" for receipt in self.receipts.values())


def mend_dead_letter(letter_id: int, event: IncomingEvent, *, by: Actor, at: datetime) -> None:
    """Put a mended event in the place of the refused one; replaying then records it.

    Args:
        letter_id: number of the refused event.
        event: how it should have been.
        by: who mends it.
        at: the moment, aware.

    Raises:
        DeadLetterError: there is no such waiting event.
    """
    with transaction.atomic():
        letter = _waiting(letter_id)
        store([Secret(LETTER_HOLDER, letter.id, LETTER_FIELD, None, body_text(event))])
        letter.note = f"mended by {by.key} at {at.isoformat()}"
        letter.save(update_fields=["note"])


def replay_dead_letters(
    letter_ids: Sequence[int] | None = None, *, by: Actor, at: datetime
) -> Replay:
    """Record waiting refused events again, under their own source and import.

    Those that are refused again go on waiting with the new reasons; the body of those recorded
    leaves the vault, since the event now holds it.

    Args:
        letter_ids: which; all that wait when ``None``.
        by: who replays.
        at: the recording moment, aware.
    """
    waiting = DeadLetter.objects.filter(status=DeadLetter.Status.WAITING)
    if letter_ids is not None:
        waiting = waiting.filter(id__in=letter_ids)
    receipts: dict[int, Receipt] = {}
    groups: dict[tuple[str, int | None], list[int]] = {}
    for letter_id, source, batch_id in waiting.order_by("id").values_list(
        "id", "source", "batch_id"
    ):
        groups.setdefault((source, batch_id), []).append(letter_id)
    for (source, batch_id), ids in groups.items():
        for start in range(0, len(ids), _SLICE):
            part = ids[start : start + _SLICE]
            receipts.update(_replay(part, source, batch_id, by=by, at=at))
    return Replay(receipts)


def discard_dead_letter(letter_id: int, *, reason: str, by: Actor, at: datetime) -> None:
    """Decide that a refused event will not be recorded; it is kept, with the reason.

    Raises:
        DeadLetterError: there is no such waiting event.
    """
    with transaction.atomic():
        letter = _waiting(letter_id)
        letter.status = DeadLetter.Status.DISCARDED
        letter.note, letter.closed_by, letter.closed_us = reason, by.key, to_microseconds(at)
        letter.save(update_fields=["status", "note", "closed_by", "closed_us"])


def _replay(
    ids: Sequence[int], source: str, batch_id: int | None, *, by: Actor, at: datetime
) -> dict[int, Receipt]:
    with transaction.atomic():
        # another process may have replayed or discarded some of them since they were listed
        waiting = DeadLetter.objects.select_for_update().filter(status=DeadLetter.Status.WAITING)
        found = waiting.in_bulk(ids)
        letters = {letter_id: found[letter_id] for letter_id in ids if letter_id in found}
        bodies = reveal(LETTER_HOLDER, list(letters))
        events: dict[int, IncomingEvent] = {}
        receipts: dict[int, Receipt] = {}
        for letter_id in letters:
            try:
                events[letter_id] = read_body(letter_id, bodies[letter_id][LETTER_FIELD])
            except DeadLetterError as problem:
                receipts[letter_id] = Receipt("refused", None, (problem.words,))
        receipts.update(_recorded(events, source, batch_id, by=by, at=at))
        recorded: list[int] = []
        for letter_id, receipt in receipts.items():
            letter = letters[letter_id]
            if receipt.status == "refused":
                reasons = [Reason(zh=words.zh, en=words.en) for words in receipt.reasons]
                letter.reasons = msgspec.json.encode(reasons).decode()
            else:
                recorded.append(letter_id)
                letter.status = DeadLetter.Status.REPLAYED
                letter.event_id = receipt.event_id
                letter.closed_by, letter.closed_us = by.key, to_microseconds(at)
            letter.save(update_fields=["reasons", "status", "event_id", "closed_by", "closed_us"])
        discard(LETTER_HOLDER, recorded)
    return receipts


def _recorded(
    events: dict[int, IncomingEvent], source: str, batch_id: int | None, *, by: Actor, at: datetime
) -> dict[int, Receipt]:
    try:
        receipts = record(
            list(events.values()), source=source, by=by, at=at, batch_id=batch_id, set_aside=False
        )
    except BatchUndoneError as problem:
        return {letter_id: Receipt("refused", None, (problem.words,)) for letter_id in events}
    return dict(zip(events, receipts, strict=True))


def read_body(letter_id: int, body: str) -> IncomingEvent:
    """The event a body holds.

    Raises:
        DeadLetterError: it holds none.
    """
    try:
        return msgspec.json.decode(body, type=IncomingEvent, strict=False)
    except (msgspec.ValidationError, msgspec.DecodeError) as problem:
        raise DeadLetterError(
            Words(
                f"被拒事件 {letter_id} 的内容不是事件，请先修正：{problem}",
                f"refused event {letter_id} does not hold an event, mend it first: {problem}",
            )
        ) from None


def _waiting(letter_id: int) -> DeadLetter:
    waiting = DeadLetter.objects.select_for_update().filter(status=DeadLetter.Status.WAITING)
    letter = waiting.filter(id=letter_id).first()
    if letter is None:
        raise DeadLetterError(
            Words(
                f"没有等待处理的被拒事件 {letter_id}",
                f"there is no refused event {letter_id} waiting",
            )
        )
    return letter
