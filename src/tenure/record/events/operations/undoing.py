"""Taking back an import as a whole."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tenure.actor import Actor
from tenure.clock import to_microseconds
from tenure.record.events.events import OWN_SOURCE, UNDONE
from tenure.record.events.models import UndoneBatch
from tenure.record.events.operations.incoming import IncomingEvent, Receipt
from tenure.record.events.operations.recording import BatchUndoneError, record, recorded_id
from tenure.record.events.operations.retelling import retell


def undo_batch(batch_id: int, *, reason: str, by: Actor, at: datetime) -> Receipt:
    """Take back every event of an import: they stay in the log and count for nothing from ``at``.

    The same events may be imported again afterwards and are then accepted. Those that another
    import still standing, or a source itself, told too go on counting: they are appended anew
    under the one that told them next, as it told them.

    Args:
        batch_id: the import's number, as given to ``record_events``.
        reason: why, in a person's words; kept in the vault.
        by: who takes it back.
        at: the recording moment, aware.

    Raises:
        BatchUndoneError: it has been undone before.
    """
    with transaction.atomic():
        event = IncomingEvent(
            type=UNDONE.key,
            occurred_at=at,
            fields={"batch_id": batch_id, "reason": reason, "by": by.key},
            key=f"undone:{batch_id}",
        )
        [receipt] = record([event], source=OWN_SOURCE, by=by, at=at, internal=True)
        if UndoneBatch.objects.filter(batch_id=batch_id).exists():
            raise BatchUndoneError(batch_id)
        UndoneBatch.objects.create(
            batch_id=batch_id, event_id=recorded_id(receipt), recorded_us=to_microseconds(at)
        )
        retell(batch_id, at_us=to_microseconds(at))
    return receipt
