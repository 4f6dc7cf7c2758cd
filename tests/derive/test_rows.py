from __future__ import annotations

from datetime import UTC, datetime

import pyarrow as pa
import pytest

from tenure.clock import to_microseconds
from tenure.derive.customers.models import IdentifierCustomer
from tenure.derive.customers.operations.rows import delete_rows, insert_rows
from tenure.derive.lifecycles.models import ComingCustomer

WHOLE = datetime(2024, 5, 1, tzinfo=UTC)
BROKEN = datetime(2024, 5, 1, 0, 0, 0, 250, tzinfo=UTC)


@pytest.mark.django_db
def test_moments_are_found_as_if_django_had_written_them() -> None:
    rows = pa.table(
        {
            "customer_id": [1, 2],
            "lifecycle": ["a", "a"],
            "begins_at": pa.array(
                [to_microseconds(WHOLE), to_microseconds(BROKEN)], pa.timestamp("us")
            ),
        }
    )
    assert insert_rows(ComingCustomer, rows) == 2
    assert ComingCustomer.objects.get(begins_at=WHOLE).customer_id == 1
    assert ComingCustomer.objects.get(begins_at__gt=WHOLE).begins_at == BROKEN
    assert ComingCustomer.objects.filter(begins_at__lte=WHOLE).count() == 1


@pytest.mark.django_db
def test_deleting_touches_only_what_matches() -> None:
    for lifecycle in ("a", "b"):
        rows = pa.table(
            {
                "customer_id": list(range(2000)),
                "lifecycle": [lifecycle] * 2000,
                "begins_at": pa.array([to_microseconds(WHOLE)] * 2000, pa.timestamp("us")),
            }
        )
        insert_rows(ComingCustomer, rows)
    delete_rows(ComingCustomer, "customer_id", pa.array(range(1500)), lifecycle="a")
    assert ComingCustomer.objects.filter(lifecycle="a").count() == 500
    assert ComingCustomer.objects.filter(lifecycle="b").count() == 2000


@pytest.mark.django_db
def test_no_rows_are_no_rows() -> None:
    empty = pa.table(
        {"identifier_id": pa.array([], pa.int64()), "customer_id": pa.array([], pa.int64())}
    )
    assert insert_rows(IdentifierCustomer, empty) == 0
