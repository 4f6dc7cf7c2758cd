"""Customers whom passing time alone moves: their next change lies in the past by now."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from tenure.derive.lifecycles.models import CurrentStages
from tenure.derive.lifecycles.operations.house import House
from tenure.derive.lifecycles.projection.stands import Stand, stands_of

Due = Mapping[int, Mapping[str, Stand]]
"""Where customers stood by what is written, before the change that is due in some lifecycle."""


def due_customers(house: House) -> Due:
    """Who is due in any lifecycle at the house's moment."""
    rows = CurrentStages.objects.filter(due_us__lte=house.at_us)
    return {
        number: stands_of(text)
        for number, text in rows.values_list("customer_id", "stages").iterator()
    }


def due_in(due: Due, key: str, at_us: int) -> frozenset[int]:
    """Those who are due in one lifecycle."""
    return frozenset(
        number
        for number, stands in due.items()
        if (stand := stands.get(key)) and stand.due_us is not None and stand.due_us <= at_us
    )


def besides(due: frozenset[int], touched: pa.Array[pa.Int64Scalar]) -> pa.Array[pa.Int64Scalar]:
    """Those of ``due`` who are not computed anew anyway, ascending."""
    done = set(touched.to_numpy(zero_copy_only=False).tolist()) if due else set()
    return pa.array(sorted(due - done), pa.int64())
