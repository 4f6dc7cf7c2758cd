"""Giving customers an owner."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from tenure.actor import Actor
from tenure.derive.customers.models import CustomerCard
from tenure.derive.customers.operations.stating import (
    Before,
    Changed,
    cards_locked,
    keep,
    need_types,
    reached,
    state,
)
from tenure.derive.customers.projection.cards import ASSIGNED
from tenure.guard.access.queries import colleagues
from tenure.guard.audit.operations import note
from tenure.record.events.operations import IncomingEvent
from tenure.words import TenureError, Words

RIGHT = "customer.assign"


def assign_customers(
    customer_ids: Collection[int], owner_id: int | None, *, by: Actor, at: datetime
) -> Changed:
    """Make an account the owner of customers, from now on.

    Args:
        customer_ids: which; those who have this owner already stay as they are.
        owner_id: number of the account; ``None`` for nobody.
        by: who does it, with the right to assign them.
        at: the moment, aware.

    Raises:
        ForbiddenError: ``by`` may assign none of them.
        TenureError: no such account, too many customers, or outdated definitions.
    """
    need_types(ASSIGNED)
    if owner_id is not None and owner_id not in colleagues():
        raise TenureError(
            Words(zh="没有这个账号，或已停用", en="there is no such account, or it is switched off")
        )
    with transaction.atomic():
        allowed = reached(customer_ids, RIGHT, by)
        held = {row.customer_id: row.owner_id for row in cards_locked(allowed)}
        before: Before = {one: held.get(one) for one in allowed if held.get(one) != owner_id}
        _state_owners(dict.fromkeys(before, owner_id), by=by, at=at)
        value = "" if owner_id is None else str(owner_id)
        number = keep("assign", value, before, by=by, at=at)
        detail = {"owner": owner_id, "customers": len(before)}
        note("customer.assigned", by=by, at=at, about=_about(before), detail=detail)
    return Changed(number, len(before), len(set(customer_ids)) - len(allowed))


def assign_back(before: Before, *, by: Actor, at: datetime) -> int:
    """Give customers their former owners again; how many."""
    allowed = set(reached(before, RIGHT, by))
    owners = {one: owner for one, owner in before.items() if one in allowed}
    _state_owners(owners, by=by, at=at)
    note("customer.assigned", by=by, at=at, about=_about(owners), detail={"undone": len(owners)})
    return len(owners)


def _state_owners(owners: Before, *, by: Actor, at: datetime) -> None:
    events = {
        one: IncomingEvent(
            type=ASSIGNED,
            occurred_at=at,
            fields={} if owner is None else {"owner": str(owner)},
        )
        for one, owner in owners.items()
    }

    def change(row: CustomerCard) -> None:
        row.owner_id = owners[row.customer_id]

    state(events, change, by=by, at=at)


def _about(customers: Collection[int]) -> str:
    return f"customer:{next(iter(customers))}" if len(customers) == 1 else ""
