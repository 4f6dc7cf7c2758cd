"""Identifiers of the existing base that fail the rules of today, with their customers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenure.actor import Actor
from tenure.derive.customers.models import IdentifierFault
from tenure.derive.customers.projection.mapping import customers_of
from tenure.derive.customers.queries.cards import Card, cards

_READ = 2_000


@dataclass(frozen=True, slots=True)
class FaultView:
    """One such identifier.

    Attributes:
        type: key of the identifier type.
        fault: as of ``record.events.queries.faults``.
        card: of its customer.
    """

    customer_id: int
    card: Card
    type: str
    fault: str


def identifier_faults(*, viewer: Actor, limit: int = 100) -> list[FaultView]:
    """Such identifiers of customers the viewer may see, by type; at most ``limit``."""
    rows = list(IdentifierFault.objects.order_by("type", "identifier_id")[:_READ])
    owners = customers_of(np.array([row.identifier_id for row in rows], np.int64)).tolist()
    known = cards(set(owners), viewer)
    found = [
        FaultView(owner, known[owner], row.type, row.fault)
        for row, owner in zip(rows, owners, strict=True)
        if owner in known
    ]
    return found[:limit]
