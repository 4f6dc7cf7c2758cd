"""Deciding who is one customer of those who may be.

Accepting states a merge, declining states that the two are apart, which is never asked again:
both stand in the log, so the suggestions themselves can be thrown away and found anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np
from django.db import transaction

from tenure.actor import Actor
from tenure.derive.customers.models import Suggestion
from tenure.derive.customers.operations.merging import (
    MergeError,
    merge_customers,
    unmerge_customers,
)
from tenure.derive.customers.operations.separating import reopen
from tenure.derive.customers.operations.stating import Before, Changed, keep
from tenure.derive.customers.projection.mapping import customers_of
from tenure.derive.customers.queries.profile_scope import demand_customer
from tenure.guard.audit.operations import note
from tenure.record.events.operations import unlink_identifiers
from tenure.record.events.queries.links import last_words, statement
from tenure.words import TenureError, Words

MOST_ACCEPTED = 200


class DecisionError(TenureError):
    """A suggestion cannot be decided as asked."""


def accept_suggestions(
    numbers: Sequence[int], *, by: Actor, at: datetime, group: str = ""
) -> Changed:
    """State that the customers of each of some suggestions are one.

    Args:
        numbers: of open suggestions.
        by: who decides.
        at: the moment, aware.
        group: name of an acceptance of many, of which this is a part.

    Returns:
        What was changed; ``undo_action`` takes it back. Left out are those decided meanwhile.

    Raises:
        DecisionError: too many at once.
        UnknownCustomerError: ``by`` may not see a customer.
        ForbiddenError: ``by`` may not merge one.
        MergeError: two are of different kinds.
    """
    if len(numbers) > MOST_ACCEPTED:
        raise DecisionError(
            Words(f"一次最多合并 {MOST_ACCEPTED} 对", f"at most {MOST_ACCEPTED} pairs at once")
        )
    before: Before = {}
    with transaction.atomic():
        rows = _open(numbers)
        for row in rows:
            before[row.pk] = row.event_id = _merged(row, by, at)
            _decide(row, Suggestion.State.ACCEPTED, by, at)
        action = keep("accept", group, before, by=by, at=at)
    return Changed(action, len(rows), len(set(numbers)) - len(rows))


def accept_back(before: Before, *, by: Actor, at: datetime) -> int:
    """Take accepted suggestions back: the two are two again and the question is open.

    Raises:
        MergeError: other links, made since, hold two of them together.
    """
    rows = Suggestion.objects.filter(id__in=list(before)).order_by("id")
    for row in rows:
        if before[row.pk] is not None:
            reason = "撤销合并建议 · suggestion undone"
            unmerge_customers(row.left_id, row.right_id, reason=reason, by=by, at=at)
        _decide(row, Suggestion.State.OPEN, by, at)
    return len(before)


def decline_suggestion(number: int, *, by: Actor, at: datetime) -> None:
    """State that two suggested customers are two; they are never suggested again.

    Args:
        number: of an open suggestion.
        by: who decides.
        at: the moment, aware.

    Raises:
        DecisionError: it was decided meanwhile.
        UnknownCustomerError: ``by`` may not see a customer.
        ForbiddenError: ``by`` may not merge or part one.
    """
    with transaction.atomic():
        rows = _open([number])
        if not rows:
            raise DecisionError(Words("这条建议已经处理过了", "this was decided already"))
        [row] = rows
        for one in (row.left_id, row.right_id):
            demand_customer(one, viewer=by, right="customer.merge")
        reason = f"不是同一位客户（概率 {row.probability:.0%} 的建议）· not one customer"
        unlink_identifiers(row.left_id, row.right_id, reason=reason, by=by, at=at)
        _decide(row, Suggestion.State.DECLINED, by, at)
        _noted("suggestion.declined", row, by, at)


def reopen_suggestion(number: int, *, by: Actor, at: datetime) -> None:
    """Take back that two suggested customers are two: the question is open again.

    Raises:
        DecisionError: it is not declined.
        UnknownCustomerError: ``by`` may not see a customer.
        ForbiddenError: ``by`` may not merge or part one.
    """
    row = Suggestion.objects.filter(id=number, state=Suggestion.State.DECLINED).first()
    if row is None:
        raise DecisionError(Words("这条建议已经处理过了", "this was decided already"))
    pair = (row.left_id, row.right_id)
    word = last_words([pair]).get(pair)
    if word is None:
        raise DecisionError(Words("没有可收回的说法", "there is nothing to take back"))
    take_back_word(word, by=by, at=at)


def take_back_word(event_id: int, *, by: Actor, at: datetime) -> None:
    """Take back what was last said about two identifiers: what was said before holds again, links
    count, and a pair that was declined may be suggested again.

    Args:
        event_id: of the word, which is the last about its pair.
        by: who takes it back.
        at: the moment, aware.

    Raises:
        DecisionError: something was said about the two since, or there is no such word.
        UnknownCustomerError: ``by`` may not see a customer.
        ForbiddenError: ``by`` may not merge or part one.
    """
    said = statement(event_id)
    pair = (said.left, said.right) if said else (0, 0)
    if said is None or said.linked is None or last_words([pair]).get(pair) != event_id:
        raise DecisionError(
            Words("此后又有新的说法，请刷新", "something else was said since; reload the page")
        )
    with transaction.atomic():
        reopen([pair], "收回说法 · word taken back", by=by, at=at)
        for row in Suggestion.objects.filter(left_id=pair[0], right_id=pair[1]):
            row.event_id = None
            _decide(row, Suggestion.State.OPEN, by, at)
        about, detail = f"customer:{pair[0]}", {"other": pair[1]}
        note("identity.reopened", by=by, at=at, about=about, detail=detail)


def _open(numbers: Sequence[int]) -> list[Suggestion]:
    rows = Suggestion.objects.filter(id__in=list(numbers), state=Suggestion.State.OPEN)
    return list(rows.order_by("id").select_for_update())


def _merged(row: Suggestion, by: Actor, at: datetime) -> int | None:
    """The number of the statement; ``None`` where the two are one already."""
    for one in (row.left_id, row.right_id):
        demand_customer(one, viewer=by, right="customer.merge")
    reason = f"采纳概率 {row.probability:.1%} 的建议 · suggestion of this probability accepted"
    left, right = customers_of(np.array([row.left_id, row.right_id], np.int64)).tolist()
    if left == right:
        return None
    try:
        event_id = merge_customers(row.left_id, row.right_id, reason=reason, by=by, at=at)
    except MergeError:
        if not _already_one(row):
            raise
        return None
    return event_id


def _already_one(row: Suggestion) -> bool:
    from tenure.derive.customers.projection.trying import together

    return together(row.left_id, row.right_id)


def _decide(row: Suggestion, state: Suggestion.State, by: Actor, at: datetime) -> None:
    row.state, row.decided_by, row.decided_at = state, by.key, at
    row.save(update_fields=["state", "decided_by", "decided_at", "event_id"])


def _noted(action: str, row: Suggestion, by: Actor, at: datetime) -> None:
    about = f"customer:{row.left_id}"
    note(action, by=by, at=at, about=about, detail={"other": row.right_id})
