"""Customers whom passing time alone moves: their next change lies in the past by now."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from tenure.derive.lifecycles.models import ComingCustomer, CurrentStage
from tenure.derive.lifecycles.operations.house import House

Due = Mapping[str, frozenset[int]]
"""Customers by lifecycle."""


def due_customers(house: House) -> Due:
    """Who is due in each lifecycle at the house's moment."""
    return {key: _due(house, key) for key in house.library.lifecycles}


def _due(house: House, key: str) -> frozenset[int]:
    changing = CurrentStage.objects.filter(lifecycle=key, next_at__lte=house.at)
    beginning = ComingCustomer.objects.filter(lifecycle=key, begins_at__lte=house.at)
    found = changing.values_list("customer_id", flat=True)
    return frozenset(found).union(beginning.values_list("customer_id", flat=True))


def besides(due: frozenset[int], touched: pa.Array[pa.Int64Scalar]) -> pa.Array[pa.Int64Scalar]:
    """Those of ``due`` who are not computed anew anyway, ascending."""
    done = set(touched.to_numpy(zero_copy_only=False).tolist()) if due else set()
    return pa.array(sorted(due - done), pa.int64())
