"""Taking some identifiers of a customer out, as a customer of their own, and taking that back.

Every link that crosses from one side to the other is overruled by a word of its own; taking
the separation back takes just these words back, so that everything is as if it never had been.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

import msgspec
from django.db import transaction

from tenure.actor import Actor
from tenure.derive.customers.models import CustomerAction
from tenure.derive.customers.operations.stating import Changed
from tenure.derive.customers.queries.identity import customer_of
from tenure.derive.customers.queries.profile_scope import demand_customer
from tenure.derive.customers.queries.separation import SeparationError, separation
from tenure.guard.audit.operations import note
from tenure.record.events.operations import (
    link_identifiers,
    reopen_identifiers,
    unlink_identifiers,
)
from tenure.record.events.operations.writing import lock_log
from tenure.record.events.queries.links import words_about
from tenure.words import Words

SEPARATED = "separate"
"""Kind of the action that is taken back."""
Pairs = list[tuple[int, int]]


def separate_customer(
    customer_id: int, leaving: Collection[int], *, reason: str, by: Actor, at: datetime
) -> Changed:
    """State that some identifiers of a customer are another's.

    Arguments as :func:`separation`.

    Args:
        reason: why, in a person's words; kept in the vault.

    Returns:
        What was changed; ``undo_action`` takes it back.

    Raises:
        SeparationError: no reason; none, all or foreign identifiers; the customer changed.
        UnknownCustomerError: ``by`` may not see the customer.
        ForbiddenError: ``by`` may not take the customer apart.
    """
    if not reason.strip():
        raise SeparationError(Words("请写明原因", "give a reason"))
    with transaction.atomic():
        lock_log()
        found = separation(customer_id, leaving, by=by, at=at)
        if any({*leaving} & {*group} and {*group} - {*leaving} for group in found.after.values()):
            raise SeparationError(
                Words(
                    "刚有新的关联记入，请刷新后再拆分",
                    "a new link came in meanwhile; reload and separate again",
                )
            )
        for left, right in found.pairs:
            unlink_identifiers(left, right, reason=reason, by=by, at=at)
        number = customer_of(customer_id)
        detail = {"identifiers": len({*leaving}), "links": len(found.pairs)}
        note("customer.separated", by=by, at=at, about=f"customer:{number}", detail=detail)
        text = msgspec.json.encode(found.pairs).decode()
        action = CustomerAction.objects.create(
            kind=SEPARATED, value=str(number), before=text, by=by.key, at=at
        )
    return Changed(action.pk, 1, 0)


def separate_back(action: CustomerAction, *, by: Actor, at: datetime) -> int:
    """Take a separation back; how many links count again.

    Raises:
        UnknownCustomerError: ``by`` may not see one of the customers.
        ForbiddenError: ``by`` may not merge them.
    """
    pairs = msgspec.json.decode(action.before, type=Pairs)
    reopen(pairs, "撤销拆分 · separation undone", by=by, at=at)
    number = customer_of(int(action.value))
    note("customer.separation_undone", by=by, at=at, about=f"customer:{number}")
    return len(pairs)


def reopen(pairs: Sequence[tuple[int, int]], reason: str, *, by: Actor, at: datetime) -> None:
    """Take back what was last said about pairs of identifiers: what was said before holds again.

    Raises:
        UnknownCustomerError: ``by`` may not see one of the customers.
        ForbiddenError: ``by`` may not merge one of them.
    """
    for one in {end for pair in pairs for end in pair}:
        demand_customer(one, viewer=by, right="customer.merge")
    said = words_about(pairs)
    for left, right in pairs:
        before = said.get((left, right), [])[:-1]
        linked = before[-1].linked if before else None
        _STATING[linked](left, right, reason=reason, by=by, at=at)


_STATING = {True: link_identifiers, False: unlink_identifiers, None: reopen_identifiers}
