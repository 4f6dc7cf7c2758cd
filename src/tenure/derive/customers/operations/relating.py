"""Saying how two customers belong together; told in the log of both, in one transaction."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tenure.actor import Actor
from tenure.derive.customers.operations.profiling_records import StatementError, state
from tenure.derive.customers.queries.identity import customer_of
from tenure.derive.customers.queries.profile_log import RELATIONS, customer_log
from tenure.derive.customers.queries.profile_scope import demand_customer
from tenure.derive.customers.queries.relations import (
    PARENT,
    RELATED,
    RELATION_KINDS,
    UNRELATED,
    RelationKind,
    parents_above,
    relations_in,
)
from tenure.record.events.operations import IncomingEvent, record_about
from tenure.record.events.operations.writing import lock_log
from tenure.words import Words


def relate_customers(
    customer_id: int, other_id: int, relation: str, *, by: Actor, at: datetime
) -> int:
    """State what another customer is to this one; the inverse is stated of the other.

    Args:
        customer_id: any identifier of this customer.
        other_id: any identifier of the other.
        relation: what the other is: a key of ``RELATION_KINDS``.
        by: who says so; must be able to edit this customer and to see the other.
        at: the moment, aware.

    Returns:
        The number of this customer's event.

    Raises:
        UnknownCustomerError: one of them is not there for ``by``.
        ForbiddenError: ``by`` may not edit this customer.
        StatementError: no such relation, one of a customer with itself, one that is there
            already, or a company above itself.
    """
    kind = _kind(relation)
    with transaction.atomic():
        lock_log()
        one, other = _sides(customer_id, other_id, by)
        if _stands(one, other, kind):
            raise StatementError(Words("这个关系已经存在", "they are related so already"))
        _refuse_circle(one, other, kind)
        return _tell(RELATED, one, other, kind, by=by, at=at)


def unrelate_customers(
    customer_id: int, other_id: int, relation: str, *, by: Actor, at: datetime
) -> int:
    """Take a relation back on both sides; arguments, result and errors as above."""
    kind = _kind(relation)
    with transaction.atomic():
        lock_log()
        one, other = _sides(customer_id, other_id, by)
        if not _stands(one, other, kind):
            raise StatementError(Words("这个关系已不存在", "they are no longer related so"))
        return _tell(UNRELATED, one, other, kind, by=by, at=at)


def _kind(relation: str) -> RelationKind:
    kind = RELATION_KINDS.get(relation)
    if kind is None:
        known = "、".join(RELATION_KINDS)
        raise StatementError(
            Words(zh=f"没有关系 {relation}（可选：{known}）", en=f"there is no relation {relation}")
        )
    return kind


def _sides(customer_id: int, other_id: int, by: Actor) -> tuple[int, int]:
    demand_customer(customer_id, viewer=by, right="customer.edit")
    demand_customer(other_id, viewer=by)
    one, other = customer_of(customer_id), customer_of(other_id)
    if one == other:
        raise StatementError(
            Words("客户不能与自己建立关系", "a customer cannot be related to themselves")
        )
    return one, other


def _stands(one: int, other: int, kind: RelationKind) -> bool:
    relations = relations_in(customer_log(one, types=RELATIONS))
    return any(each.other_id == other and each.kind.key == kind.key for each in relations)


def _refuse_circle(one: int, other: int, kind: RelationKind) -> None:
    """A company may not stand above itself, however many steps lie between."""
    if PARENT not in (kind.key, kind.inverse):
        return
    parent, child = (other, one) if kind.key == PARENT else (one, other)
    if child in parents_above(parent):
        raise StatementError(
            Words(
                zh="不能形成循环：对方的上级公司链中已经有这家公司",
                en="this would be a circle: the one already stands above the other",
            )
        )


def _tell(event: str, one: int, other: int, kind: RelationKind, *, by: Actor, at: datetime) -> int:
    """Both events; the other side is told on behalf of whoever may edit this one."""
    here = {"other": other, "relation": kind.key}
    number = state(one, event, here, by=by, at=at, told=here)
    there = {"other": one, "relation": kind.inverse}
    mirrored = IncomingEvent(type=event, occurred_at=at, fields=there)
    receipt = record_about(other, mirrored, by=by, at=at)
    if receipt.event_id is None:
        raise StatementError(receipt.reasons[0])
    return number
