"""A person's word about a submission that looked like spam."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tenure.actor import Actor
from tenure.clock import to_microseconds
from tenure.definitions import Form
from tenure.record.forms.models import Submission
from tenure.record.forms.operations.counting import count_visit
from tenure.record.forms.operations.taking import BODY, HOLDER, append_message, source_of_form
from tenure.record.vault.operations import discard
from tenure.record.vault.queries import reveal
from tenure.words import TenureError, Words


class DecidedError(TenureError):
    """The submission is not held any more, or there is none."""


def release_submission(submission_id: int, form: Form, *, by: Actor, at: datetime) -> None:
    """It is no spam: let it in, as if it had come in at once.

    Args:
        submission_id: which.
        form: its form, as in force now.
        by: who says so.
        at: when, aware.

    Raises:
        DecidedError: somebody decided before.
        SpoolFullError: nothing can be taken for now; it stays held.
    """
    source = source_of_form(form, at=at)
    with transaction.atomic():
        row = _held(submission_id, form.key)
        body = reveal(HOLDER, [row.id])[row.id][BODY]
        _decide(row, Submission.Status.RELEASED, by=by, at=at)
        count_visit(form.key, "sent", at=at)
        append_message(source, body.encode(), at=at)


def delete_submission(submission_id: int, form: str, *, by: Actor, at: datetime) -> None:
    """It is spam: what was written is gone for good; that it came is kept.

    Raises:
        DecidedError: somebody decided before.
    """
    with transaction.atomic():
        _decide(_held(submission_id, form), Submission.Status.DELETED, by=by, at=at)


def _held(submission_id: int, form: str) -> Submission:
    rows = Submission.objects.select_for_update()
    row = rows.filter(id=submission_id, form=form, status=Submission.Status.HELD).first()
    if row is None:
        raise DecidedError(
            Words("这条提交已经有人处理过了", "somebody has dealt with this submission already")
        )
    return row


def _decide(row: Submission, status: str, *, by: Actor, at: datetime) -> None:
    row.status, row.decided_us, row.decided_by = status, to_microseconds(at), by.key
    row.save(update_fields=["status", "decided_us", "decided_by"])
    discard(HOLDER, [row.id])
