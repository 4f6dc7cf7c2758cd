"""Where an event comes to stand in the log: new, a repeat, or again after an undo."""

from __future__ import annotations

from typing import NamedTuple

from tenure.record.events.models import UndoneBatch
from tenure.record.events.operations.prepared import Row
from tenure.record.events.operations.retelling import key_after_undo
from tenure.record.events.operations.writing import write_rows


class Place(NamedTuple):
    """Where an event is in the log.

    ``other`` is key and import of the event it repeats, where that came in another import.
    """

    event_id: int
    is_new: bool
    other: tuple[bytes, int] | None = None


def place(rows: dict[int, Row]) -> dict[int, Place]:
    """Append rows by position; for each where it is in the log.

    A row whose twin came in an import since undone is appended under another key: undoing an
    import and importing again restores it.
    """
    placed: dict[int, Place] = {}
    while rows:
        first: dict[bytes, int] = {}
        for position, row in rows.items():
            first.setdefault(row[0], position)
        new, before = write_rows([rows[position] for position in first.values()])
        undone = _undone({stored.batch_id for stored in before.values()}) if before else set()
        again: dict[int, Row] = {}
        for position, row in rows.items():
            key = row[0]
            if key in new:
                placed[position] = Place(new[key], first[key] == position)
                continue
            stored, batch_id = before[key]
            if batch_id in undone:
                again[position] = (key_after_undo(key, batch_id), *row[1:])
            elif batch_id is None or batch_id == row[9]:
                placed[position] = Place(stored, is_new=False)
            else:
                placed[position] = Place(stored, is_new=False, other=(key, batch_id))
        rows = again
    return placed


def _undone(batches: set[int | None]) -> set[int | None]:
    wanted = [batch for batch in batches if batch is not None]
    if not wanted:
        return set()
    found = UndoneBatch.objects.filter(batch_id__in=wanted)
    return set(found.values_list("batch_id", flat=True))
