"""Taking an action over customers back: the opposite is stated; nothing is overwritten."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tenure.actor import Actor
from tenure.derive.customers.operations.assigning import assign_back
from tenure.derive.customers.operations.separating import SEPARATED, separate_back
from tenure.derive.customers.operations.stating import before_of, take_back
from tenure.derive.customers.operations.suggesting import accept_back
from tenure.derive.customers.operations.tagging import tag_back


def undo_action(action_id: int, *, by: Actor, at: datetime) -> int:
    """Take back what the same person did to customers a moment ago.

    Args:
        action_id: of ``Changed``.
        by: who did it.
        at: the moment, aware.

    Returns:
        How many customers are as before.

    Raises:
        UndoneError: it is somebody else's, or was taken back before.
        ForbiddenError: the right to do so is gone.
    """
    with transaction.atomic():
        action = take_back(action_id, by=by, at=at)
        if action.kind == SEPARATED:
            return separate_back(action, by=by, at=at)
        before = before_of(action)
        if action.kind == "assign":
            return assign_back(before, by=by, at=at)
        if action.kind == "accept":
            return accept_back(before, by=by, at=at)
        return tag_back(before, action.value, was_on=action.kind == "untag", by=by, at=at)
