"""What taking some identifiers out of a customer would do."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from tenure.actor import Actor
from tenure.derive.customers.projection.trying import Groups, Word, pairs_across, supposing
from tenure.derive.customers.queries.identity import customer_of, identifiers_of
from tenure.derive.customers.queries.profile_scope import demand_customer
from tenure.words import TenureError, Words


class SeparationError(TenureError):
    """A customer cannot be taken apart as asked; says why and what would do."""


@dataclass(frozen=True, slots=True)
class Separation:
    """What taking some identifiers out would do.

    Attributes:
        pairs: of identifiers whose link would be overruled.
        after: the customers there would be.
    """

    pairs: tuple[tuple[int, int], ...]
    after: Groups


def separation(
    customer_id: int, leaving: Collection[int], *, by: Actor, at: datetime
) -> Separation:
    """What taking identifiers out of a customer would do; nothing is written.

    Args:
        customer_id: any identifier of the customer.
        leaving: identifiers to go, some but not all of the customer's.
        by: who asks.
        at: the moment, aware.

    Raises:
        UnknownCustomerError: ``by`` may not see the customer.
        ForbiddenError: ``by`` may not take the customer apart.
        SeparationError: none, all or foreign identifiers.
    """
    demand_customer(customer_id, viewer=by, right="customer.merge")
    own = identifiers_of(customer_of(customer_id))
    side = sorted({*leaving} & {*own})
    staying = [one for one in own if one not in side]
    if len(side) != len({*leaving}) or not side or not staying:
        raise SeparationError(
            Words(
                "请选择要分出去的标识：至少一个，至少留下一个",
                "choose the identifiers that go: at least one, and at least one stays",
            )
        )
    pairs = pairs_across(side, staying)
    words = [Word(*pair, "unlinked") for pair in pairs]
    return Separation(tuple(pairs), supposing(words, about=own, at=at))
