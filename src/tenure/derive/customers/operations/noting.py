"""Notes that staff keep with a customer: written, edited, removed; every step is an event."""

from __future__ import annotations

from datetime import datetime

from tenure.actor import Actor
from tenure.derive.customers.operations.profiling_records import StatementError, state
from tenure.derive.customers.queries.notes import (
    EDITED,
    NOTE_REMOVED,
    WRITTEN,
    NoteView,
    notes_of,
)
from tenure.guard.access.queries import Scope, rights_of
from tenure.words import Words

LONGEST_NOTE = 20_000


def write_note(customer_id: int, text: str, *, by: Actor, at: datetime) -> int:
    """Keep a note with a customer.

    Args:
        customer_id: any identifier of the customer.
        text: at most 20,000 characters; kept in the vault.
        by: who writes.
        at: the moment, aware.

    Returns:
        The number of the note.

    Raises:
        UnknownCustomerError: there is no such customer for ``by``.
        ForbiddenError: ``by`` may not edit this customer.
        StatementError: there is no text, or too much.
    """
    return state(customer_id, WRITTEN, {"text": _checked(text)}, by=by, at=at)


def edit_note(customer_id: int, note_id: int, text: str, *, by: Actor, at: datetime) -> int:
    """Let a note say something else; what it said stays in the log.

    Arguments, result and errors as :func:`write_note`; a note is edited by whoever wrote it, and
    by those who may edit every customer.
    """
    _demand_note(customer_id, note_id, by)
    fields = {"note_id": note_id, "text": _checked(text)}
    return state(customer_id, EDITED, fields, by=by, at=at, told={"note": note_id})


def remove_note(customer_id: int, note_id: int, *, by: Actor, at: datetime) -> int:
    """Take a note away; arguments, result and errors as :func:`edit_note`."""
    _demand_note(customer_id, note_id, by)
    fields = {"note_id": note_id}
    return state(customer_id, NOTE_REMOVED, fields, by=by, at=at, told={"note": note_id})


def may_change(note: NoteView, *, by: Actor) -> bool:
    """Whether ``by`` may edit or remove a note, if they may edit its customer."""
    return note.mine or rights_of(by).scope("customer.edit") == Scope.ALL


def _demand_note(customer_id: int, note_id: int, by: Actor) -> None:
    found = next((one for one in notes_of(customer_id, viewer=by) if one.id == note_id), None)
    if found is None:
        raise StatementError(Words("这条备注已不存在", "this note is no longer there"))
    if not may_change(found, by=by):
        raise StatementError(
            Words("只有写备注的人可以修改或删除它", "only whoever wrote a note may change it")
        )


def _checked(text: str) -> str:
    text = text.strip()
    if not text:
        raise StatementError(Words("备注不能为空", "a note needs some text"))
    if len(text) > LONGEST_NOTE:
        raise StatementError(
            Words(
                zh=f"备注最多 {LONGEST_NOTE:,} 个字，这里有 {len(text):,} 个",
                en=f"a note has at most {LONGEST_NOTE:,} characters; this one has {len(text):,}",
            )
        )
    return text
