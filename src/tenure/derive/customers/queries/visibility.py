"""Whose customers somebody may see: the one place where customers are scoped.

A customer without an owner, and one who has no card yet, is reached by the scope ``ALL`` only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from django.db import connection

from tenure.actor import Actor
from tenure.derive.customers.models import CustomerCard
from tenure.derive.customers.projection.mapping import one_of
from tenure.guard.access.queries import Rights, rights_of

_READ = 50_000


@dataclass(frozen=True, slots=True)
class Visible:
    """The customers one right of one viewer reaches.

    Attributes:
        rights: all that the viewer may.
        owners: accounts whose customers are reached; ``None``: everybody's and nobody's.
    """

    rights: Rights
    owners: frozenset[int] | None

    @property
    def everybody(self) -> bool:
        """Whether no customer is hidden."""
        return self.owners is None

    def allows(self, customer_id: int) -> bool:
        """Whether this customer is reached."""
        return self.owners is None or bool(self.among([customer_id]))

    def among(self, customer_ids: Iterable[int]) -> set[int]:
        """Those of some customers who are reached."""
        asked = set(customer_ids)
        if self.owners is None or not asked:
            return asked
        return {one for one, owner in owners_of(asked).items() if owner in self.owners}

    def ids(self) -> pa.Array[pa.Int64Scalar] | None:
        """All who are reached, ascending; ``None`` for everybody."""
        return None if self.owners is None else owned_by(self.owners)


def visible(viewer: Actor, right: str = "customer.view") -> Visible:
    """Whom ``viewer`` reaches by ``right``.

    Args:
        viewer: who asks.
        right: one of ``guard.access.queries.SCOPED_RIGHTS``.

    Raises:
        KeyError: there is no such right.
    """
    rights = rights_of(viewer)
    return Visible(rights, rights.owners(right))


def owned_by(owner_ids: Collection[int]) -> pa.Array[pa.Int64Scalar]:
    """The customers of some accounts, ascending."""
    rows = CustomerCard.objects.filter(owner_id__in=sorted(owner_ids)).order_by("customer_id")
    found = rows.values_list("customer_id", flat=True).iterator(chunk_size=_READ)
    return pa.array(list(found), pa.int64())


def owners_of(customer_ids: Iterable[int]) -> dict[int, int | None]:
    """The owner of each of some customers who have a card."""
    condition, parameters = one_of("customer_id", np.array(sorted(customer_ids), np.int64))
    table = CustomerCard._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT customer_id, owner_id FROM {table} WHERE {condition}", parameters)
        return dict(cursor.fetchall())
