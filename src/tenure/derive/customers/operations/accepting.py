"""Accepting all suggestions above a probability, and taking all of that back.

It goes part after part, each in a transaction of its own with its action, so the database is
never held for long and what was done by the time of a crash can be taken back all the same.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from tenure.actor import Actor
from tenure.derive.customers.models import CustomerAction
from tenure.derive.customers.operations.suggesting import MOST_ACCEPTED, accept_suggestions
from tenure.derive.customers.operations.undoing import undo_action
from tenure.derive.customers.queries.suggestions import suggestion_count, suggestion_ids

Told = Callable[[float], None]


def accept_group(group: str, least: float, *, by: Actor, at: datetime, tell: Told) -> int:
    """State that the customers of every suggestion of at least a probability are one.

    Args:
        group: name under which all of it can be taken back.
        least: probability, 0 to 1.
        by: who decides; only suggestions about customers they may merge are accepted.
        at: the moment, aware.
        tell: is told the share that is done.

    Returns:
        How many pairs were merged.
    """
    total = suggestion_count(viewer=by, least=least)
    done = 0
    while numbers := suggestion_ids(viewer=by, least=least, limit=MOST_ACCEPTED):
        changed = accept_suggestions(numbers, by=by, at=at, group=group)
        done += changed.changed
        tell(min(1.0, done / max(total, 1)))
        if not changed.changed:
            break
    return done


def undo_group(group: str, *, by: Actor, at: datetime, tell: Told) -> int:
    """Take back everything accepted under one name, the latest first.

    Returns:
        How many pairs are open again.

    Raises:
        UndoneError: somebody else accepted them.
    """
    actions = CustomerAction.objects.filter(kind="accept", value=group, undone_at=None)
    numbers = list(actions.order_by("-id").values_list("id", flat=True))
    done = 0
    for place, number in enumerate(numbers, start=1):
        done += undo_action(number, by=by, at=at)
        tell(place / len(numbers))
    return done
