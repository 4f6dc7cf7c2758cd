"""Whether two identifiers are one customer by the log as it is, or would be with one word more."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tenure.clock import to_microseconds
from tenure.derive.customers.projection.mapping import customers_of
from tenure.derive.customers.projection.sharing import limits_of
from tenure.engine.identity import EDGES, affected
from tenure.engine.identity.affected import customers_in
from tenure.record.events.queries.neighbours import edges_around

Ids = npt.NDArray[np.int64]
_LAST_KEY = b"\xff" * 16


def together(left: int, right: int, *, unlinked_at: datetime | None = None) -> bool:
    """Whether two identifiers are one customer, read from the links and not from the stored map.

    Args:
        left: an identifier.
        right: another one.
        unlinked_at: suppose that somebody states at this moment that they are not.
    """
    moment = to_microseconds(unlinked_at) if unlinked_at else 0
    row = (left, right, moment, moment, "unlinked", _LAST_KEY)
    columns = [pa.array([value], kind.type) for value, kind in zip(row, EDGES, strict=True)]
    statement = pa.table(columns, schema=EDGES)

    def edges_of(ids: Ids) -> pa.Table:
        edges = edges_around(ids.tolist())
        supposed = unlinked_at is not None and bool(np.isin([left, right], ids).any())
        return pa.concat_tables([edges, statement]) if supposed else edges

    found = affected(statement, edges_of=edges_of, previous=customers_of, limits=limits_of)
    one, other = customers_in(found.now.map, np.array([left, right], np.int64)).tolist()
    return bool(one == other)
