"""A person says that two customers are one, or takes that back.

Nothing is overwritten: a merge adds a statement about two identifiers to the log, an unmerge
another one. Everything derived follows at the next tick.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tenure.actor import Actor
from tenure.derive.customers.projection.trying import together
from tenure.derive.customers.queries.profile_scope import demand_customer
from tenure.guard.audit.operations import note
from tenure.record.events.operations import Receipt, link_identifiers, unlink_identifiers
from tenure.record.events.queries.neighbours import types_of
from tenure.record.library.queries import current_library
from tenure.words import TenureError, Words


class MergeError(TenureError):
    """Two customers cannot be merged or taken apart as asked; says why and what would do."""


def merge_customers(left: int, right: int, *, reason: str, by: Actor, at: datetime) -> int:
    """State that the customers of two identifiers are one.

    Args:
        left: any identifier of the one; a customer's own number is one.
        right: any identifier of the other.
        reason: why, in a person's words; kept in the vault.
        by: who says so.
        at: the moment, aware.

    Returns:
        The number of the event.

    Raises:
        MergeError: they are one customer already, or of different party types, or no reason
            is given.
        UnknownCustomerError: ``by`` may not see one of them.
        ForbiddenError: ``by`` may not merge one of them.
        UnknownIdentifierError: one of them is not on record.
    """
    _need_right(left, right, by)
    _need_reason(reason)
    _need_one_party(left, right)
    if together(left, right):
        raise MergeError(
            Words(
                zh="两个标识已经属于同一位客户，无需合并",
                en="both identifiers are of one customer already; nothing to merge",
            )
        )
    with transaction.atomic():
        number = _number(link_identifiers(left, right, reason=reason, by=by, at=at))
        note("customer.merged", by=by, at=at, about=f"customer:{left}", detail={"other": right})
    return number


def unmerge_customers(left: int, right: int, *, reason: str, by: Actor, at: datetime) -> int:
    """State that two identifiers are not of one customer; after a merge of the same two
    identifiers both sides are exactly what they would be without it.

    Args:
        left: the identifier on one side of the merge.
        right: the one on the other side.
        reason: why, in a person's words; kept in the vault.
        by: who says so.
        at: the moment, aware.

    Returns:
        The number of the event.

    Raises:
        MergeError: they are two customers already, or other links would still hold them
            together, or no reason is given; nothing is recorded.
        UnknownCustomerError: ``by`` may not see one of them.
        ForbiddenError: ``by`` may not take one of them apart.
        UnknownIdentifierError: one of them is not on record.
    """
    _need_right(left, right, by)
    _need_reason(reason)
    if not together(left, right):
        raise MergeError(
            Words(
                zh=f"{left} 与 {right} 不是同一客户，无需拆分",
                en=f"{left} and {right} are two customers already; nothing to take apart",
            )
        )
    if together(left, right, unlinked_at=at):
        raise MergeError(
            Words(
                zh=f"拆开 {left} 与 {right} 后，它们仍会通过其他标识连在一起；"
                "请先拆开那些关联（客户页“合并记录”中可见）",
                en=f"with {left} and {right} taken apart, other identifiers would still hold them "
                "together; take those links apart first (see the merges of the customer)",
            )
        )
    with transaction.atomic():
        number = _number(unlink_identifiers(left, right, reason=reason, by=by, at=at))
        note("customer.unmerged", by=by, at=at, about=f"customer:{left}", detail={"other": right})
    return number


def _need_right(left: int, right: int, by: Actor) -> None:
    for number in (left, right):
        demand_customer(number, viewer=by, right="customer.merge", exists=False)


def _need_reason(reason: str) -> None:
    if not reason.strip():
        raise MergeError(Words("请写明原因", "give a reason"))


def _need_one_party(left: int, right: int) -> None:
    """Refuse to merge a person with an organisation; types nobody declares may be anyone's."""
    library, _ = current_library()
    types = types_of([left, right])
    parties = [
        {
            key: party.name
            for key, party in library.party_types.items()
            if any(kind.key == types.get(number) for kind in party.identifiers)
        }
        for number in (left, right)
    ]
    one, other = parties
    if one and other and not one.keys() & other.keys():
        names = [next(iter(found.values())) for found in parties]
        raise MergeError(
            Words(
                zh=f"不能合并：一侧是{names[0].zh}，另一侧是{names[1].zh}",
                en=f"cannot be merged: one is of type {names[0].en}, the other {names[1].en}",
            )
        )


def _number(receipt: Receipt) -> int:
    if receipt.event_id is None:
        raise MergeError(receipt.reasons[0])
    return receipt.event_id
