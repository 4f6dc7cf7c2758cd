"""Whether somebody may do something about one customer: asked by every read and write of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np

from tenure.actor import Actor
from tenure.derive.customers.projection.mapping import customers_of
from tenure.derive.customers.queries.identity import customer_of, identifiers_of
from tenure.derive.customers.queries.masking import group_of, masked
from tenure.derive.customers.queries.profile_log import CustomerLog, customer_log
from tenure.derive.customers.queries.visibility import Visible, visible
from tenure.guard.access.queries import ForbiddenError, Rights
from tenure.record.events.queries import identifiers
from tenure.words import TenureError, Words


class UnknownCustomerError(TenureError):
    """No such customer, or one the viewer may not see: which of the two is not said."""

    def __init__(self) -> None:
        super().__init__(
            Words(
                "没有这位客户，或您无权查看", "there is no such customer, or you may not see them"
            )
        )


def demand_customer(
    customer_id: int, *, viewer: Actor, right: str = "customer.view", exists: bool = True
) -> Rights:
    """The rights of ``viewer``, which must reach this customer.

    Args:
        customer_id: any identifier of the customer.
        viewer: who asks.
        right: what they want to do.
        exists: look whether anything is on record under this number, too.

    Raises:
        UnknownCustomerError: there is none, or the viewer may not even see them.
        ForbiddenError: seen, but out of reach of ``right``.
    """
    number = customer_of(customer_id)
    seen = visible(viewer)
    if not seen.rights.may("customer.view") or not seen.allows(number):
        raise UnknownCustomerError
    if exists and not identifiers([customer_id]):
        raise UnknownCustomerError
    if right != "customer.view" and not visible(viewer, right).allows(number):
        raise ForbiddenError(right)
    return seen.rights


def demand_customers(numbers: Sequence[int], *, viewer: Actor, right: str) -> Rights:
    """As :func:`demand_customer`, of several at once.

    Raises:
        UnknownCustomerError: one is unknown, or the viewer may not even see them.
        ForbiddenError: one is seen, but out of reach of ``right``.
    """
    whose = {*customers_of(np.array(numbers, np.int64)).tolist()}
    seen = visible(viewer)
    if not seen.rights.may("customer.view") or seen.among(whose) != whose:
        raise UnknownCustomerError
    if len(identifiers(numbers)) < len({*numbers}):
        raise UnknownCustomerError
    if Visible(seen.rights, seen.rights.owners(right)).among(whose) != whose:
        raise ForbiddenError(right)
    return seen.rights


def own_identifiers(
    customer_id: int, *, rights: Rights, known_at: datetime | None = None
) -> tuple[int, ...]:
    """All identifiers of a customer, the customer's own number first.

    Args:
        customer_id: any identifier of the customer.
        rights: of the viewer, who may see this customer.
        known_at: as it was believed at this moment (aware); then those that are now of a
            customer the viewer may not see are left out.
    """
    own = identifiers_of(customer_of(customer_id), known_at=known_at)
    if known_at is None or rights.owners("customer.view") is None:
        return tuple(own)
    whose = customers_of(np.array(own, np.int64)).tolist()
    reached = Visible(rights, rights.owners("customer.view")).among(whose)
    return tuple(one for one, number in zip(own, whose, strict=True) if number in reached)


def seen_log(
    customer_id: int,
    *,
    rights: Rights,
    types: Sequence[str],
    as_of: datetime | None = None,
    known_at: datetime | None = None,
) -> CustomerLog:
    """The statements about a customer, of identifiers that the viewer may see.

    Args:
        customer_id: any identifier of the customer.
        rights: of the viewer, who may see this customer.
        types: which event types.
        as_of: only what happened until then (aware).
        known_at: as it was believed at this moment (aware), who is who included.
    """
    own = own_identifiers(customer_id, rights=rights, known_at=known_at)
    return customer_log(customer_id, as_of=as_of, known_at=known_at, types=types, own=own)


def reads(rights: Rights, key: str, revealing: frozenset[str] = frozenset()) -> bool:
    """Whether a personal field is shown as it is.

    Args:
        rights: of the viewer.
        key: of the field or identifier type.
        revealing: groups the viewer has just asked to see; those not allowed do not count.
    """
    group = group_of(key)
    return group in rights.reads or (group in revealing and group in rights.reveals)


def seen_as(rights: Rights, key: str, value: str, revealing: frozenset[str] = frozenset()) -> str:
    """A personal value as these rights let it be seen: plain or masked."""
    return value if reads(rights, key, revealing) else masked(group_of(key), value)
