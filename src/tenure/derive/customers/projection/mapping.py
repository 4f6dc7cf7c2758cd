"""The stored map from identifiers to customers, read for computing."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from django.db import connection

from tenure.derive.customers.models import IdentifierCustomer
from tenure.engine.schema import IDENTITY

Ids = npt.NDArray[np.int64]
Pairs = list[tuple[int, int]]
_READ = 50_000


def identity_map() -> pa.Table:
    """The whole sparse map as stored, sorted by identifier."""
    rows = IdentifierCustomer.objects.order_by("identifier_id")
    return map_of(list(rows.values_list("identifier_id", "customer_id").iterator(chunk_size=_READ)))


def map_of(pairs: Pairs) -> pa.Table:
    """A map table of (identifier, customer) pairs."""
    identifiers, customers = zip(*pairs, strict=True) if pairs else ((), ())
    return pa.table(
        [pa.array(identifiers, pa.int64()), pa.array(customers, pa.int64())], schema=IDENTITY
    )


def customers_of(identifier_ids: Ids) -> Ids:
    """The stored customer of each identifier, in their order."""
    stored = dict(_rows("identifier_id", identifier_ids))
    values = [stored.get(number, number) for number in identifier_ids.tolist()]
    return np.array(values, np.int64)


def members_of(customer_ids: Ids) -> pa.Table:
    """The stored rows of all identifiers of some customers that are not the customers' own."""
    return map_of(_rows("customer_id", customer_ids))


def one_of(column: str, values: Ids) -> tuple[str, list[Any]]:
    """SQL that ``column`` is one of many numbers, with its parameter: a single one for all."""
    if connection.vendor == "postgresql":
        return f"{column} = ANY(%s)", [values.tolist()]
    return f"{column} IN (SELECT value FROM json_each(%s))", [json.dumps(values.tolist())]


def _rows(column: str, values: Ids) -> Pairs:
    condition, parameters = one_of(column, values)
    table = IdentifierCustomer._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT identifier_id, customer_id FROM {table} WHERE {condition}", parameters
        )
        return list(cursor.fetchall())
