"""The stored map from identifiers to customers, read for computing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tenure.derive.customers.models import IdentifierCustomer
from tenure.engine.schema import IDENTITY

Ids = npt.NDArray[np.int64]
_SLICE = 900
_READ = 50_000


def identity_map() -> pa.Table:
    """The whole sparse map as stored, sorted by identifier."""
    rows = IdentifierCustomer.objects.order_by("identifier_id")
    pairs = list(rows.values_list("identifier_id", "customer_id").iterator(chunk_size=_READ))
    return map_of(pairs)


def map_of(pairs: Sequence[tuple[int, int]]) -> pa.Table:
    """A map table of (identifier, customer) pairs."""
    identifiers, customers = zip(*pairs, strict=True) if pairs else ((), ())
    return pa.table(
        [pa.array(identifiers, pa.int64()), pa.array(customers, pa.int64())], schema=IDENTITY
    )


def customers_of(identifier_ids: Ids) -> Ids:
    """The stored customer of each identifier, in their order."""
    stored: dict[int, int] = {}
    for part in slices(identifier_ids.tolist()):
        rows = IdentifierCustomer.objects.filter(identifier_id__in=part)
        stored.update(rows.values_list("identifier_id", "customer_id"))
    values = [stored.get(number, number) for number in identifier_ids.tolist()]
    return np.array(values, np.int64)


def members_of(customer_ids: Ids) -> pa.Table:
    """The stored rows of all identifiers of some customers that are not the customers' own."""
    pairs: list[tuple[int, int]] = []
    for part in slices(customer_ids.tolist()):
        rows = IdentifierCustomer.objects.filter(customer_id__in=part)
        pairs += rows.values_list("identifier_id", "customer_id")
    return map_of(pairs)


def slices(values: Sequence[int]) -> Iterator[Sequence[int]]:
    """``values`` in parts that fit into one statement."""
    for start in range(0, len(values), _SLICE):
        yield values[start : start + _SLICE]
