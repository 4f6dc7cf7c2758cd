"""Notes and files that staff keep with a customer, as the log tells them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tenure.actor import Actor
from tenure.derive.customers.queries.profile_log import FILES, NOTES, CustomerLog
from tenure.derive.customers.queries.profile_scope import demand_customer, reads, seen_log
from tenure.guard.access.queries import Rights
from tenure.record.events.queries import EventView
from tenure.record.vault.queries import reveal

_EVENT_HOLDER = "event"
WRITTEN, EDITED, NOTE_REMOVED = NOTES
ATTACHED, FILE_REMOVED = FILES


@dataclass(frozen=True, slots=True)
class NoteView:
    """A note as it stands.

    Attributes:
        id: number of the event that wrote it.
        text: empty where it is hidden.
        hidden: the viewer may not read it; whoever wrote it always may.
        written_at: aware.
        written_by: key of the actor.
        edited_at: of the last edit; ``None`` where it is as it was written.
        mine: the viewer wrote it.
    """

    id: int
    text: str
    hidden: bool
    written_at: datetime
    written_by: str
    edited_at: datetime | None
    mine: bool


@dataclass(frozen=True, slots=True)
class FileView:
    """A file kept with a customer.

    Attributes:
        id: number of the event that attached it.
        key: under which the house stores it.
        name: as it was called where it came from.
        media_type: found by looking into it, not by its name.
        size: bytes.
        attached_at: aware.
        attached_by: key of the actor.
    """

    id: int
    key: str
    name: str
    media_type: str
    size: int
    attached_at: datetime
    attached_by: str


def notes_of(
    customer_id: int,
    *,
    viewer: Actor,
    as_of: datetime | None = None,
    known_at: datetime | None = None,
    revealing: frozenset[str] = frozenset(),
) -> list[NoteView]:
    """The notes of a customer, newest first, without those removed.

    Args:
        customer_id: any identifier of the customer.
        viewer: who asks.
        as_of: as they were at this moment (aware).
        known_at: as they had been recorded at this moment (aware).
        revealing: groups the viewer asked to see, which the caller has noted in the audit.

    Raises:
        UnknownCustomerError: there is none, or the viewer may not see them.
    """
    rights = demand_customer(customer_id, viewer=viewer)
    log = seen_log(customer_id, rights=rights, as_of=as_of, known_at=known_at, types=NOTES)
    return notes_in(log, rights=rights, viewer=viewer, revealing=revealing)


def notes_in(
    log: CustomerLog,
    *,
    rights: Rights,
    viewer: Actor,
    revealing: frozenset[str] = frozenset(),
) -> list[NoteView]:
    """The notes at the end of a log; arguments as :func:`notes_of`."""
    written: dict[int, EventView] = {}
    last: dict[int, EventView] = {}
    for event in log.of(*NOTES):
        number = event.id if event.type == WRITTEN else _number(event, "note_id")
        if event.type == WRITTEN:
            written[number] = last[number] = event
        elif event.type == NOTE_REMOVED:
            written.pop(number, None)
        elif number in written:
            last[number] = event
    everything = reads(rights, "text", revealing)
    open_ones = {
        number: last[number].id
        for number, event in written.items()
        if everything or event.recorded_by == viewer.key
    }
    texts = reveal(_EVENT_HOLDER, list(open_ones.values())) if open_ones else {}
    return [
        NoteView(
            id=number,
            text=texts.get(open_ones.get(number, 0), {}).get("text", ""),
            hidden=number not in open_ones,
            written_at=event.occurred_at,
            written_by=event.recorded_by,
            edited_at=None if last[number] is event else last[number].occurred_at,
            mine=event.recorded_by == viewer.key,
        )
        for number, event in sorted(written.items(), key=_newest_first)
    ]


def files_of(
    customer_id: int,
    *,
    viewer: Actor,
    as_of: datetime | None = None,
    known_at: datetime | None = None,
) -> list[FileView]:
    """The files of a customer, newest first, without those removed; as :func:`notes_of`."""
    rights = demand_customer(customer_id, viewer=viewer)
    return files_in(
        seen_log(customer_id, rights=rights, as_of=as_of, known_at=known_at, types=FILES)
    )


def files_in(log: CustomerLog) -> list[FileView]:
    """The files at the end of a log."""
    kept: dict[int, EventView] = {}
    for event in log.of(*FILES):
        if event.type == ATTACHED:
            kept[event.id] = event
        else:
            kept.pop(_number(event, "file_id"), None)
    names = reveal(_EVENT_HOLDER, list(kept)) if kept else {}
    return [
        FileView(
            id=number,
            key=str(event.properties.get("file_key", "")),
            name=names.get(number, {}).get("file_name", ""),
            media_type=str(event.properties.get("media_type", "")),
            size=_number(event, "file_bytes"),
            attached_at=event.occurred_at,
            attached_by=event.recorded_by,
        )
        for number, event in sorted(kept.items(), key=_newest_first)
    ]


def _number(event: EventView, key: str) -> int:
    value = event.properties.get(key)
    return value if isinstance(value, int) else 0


def _newest_first(item: tuple[int, EventView]) -> tuple[float, int]:
    number, event = item
    return -event.occurred_at.timestamp(), -number
