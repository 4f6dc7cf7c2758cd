"""Every write of the log."""

from __future__ import annotations

from tenure.record.events.operations.basis import BasisError, set_basis
from tenure.record.events.operations.dead_letters import (
    DeadLetterError,
    Replay,
    discard_dead_letter,
    mend_dead_letter,
    replay_dead_letters,
)
from tenure.record.events.operations.incoming import IncomingEvent, Receipt, RefusalError
from tenure.record.events.operations.linking import (
    SameIdentifierError,
    UnknownIdentifierError,
    link_identifiers,
    reopen_identifiers,
    unlink_identifiers,
)
from tenure.record.events.operations.recording import (
    BatchUndoneError,
    record_about,
    record_about_each,
    record_events,
)
from tenure.record.events.operations.undoing import undo_batch

__all__ = [
    "BasisError",
    "BatchUndoneError",
    "DeadLetterError",
    "IncomingEvent",
    "Receipt",
    "RefusalError",
    "Replay",
    "SameIdentifierError",
    "UnknownIdentifierError",
    "discard_dead_letter",
    "link_identifiers",
    "mend_dead_letter",
    "record_about",
    "record_about_each",
    "record_events",
    "reopen_identifiers",
    "replay_dead_letters",
    "set_basis",
    "undo_batch",
    "unlink_identifiers",
]
