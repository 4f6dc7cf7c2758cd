from __future__ import annotations

from datetime import UTC, datetime

import pyarrow as pa
import pytest

from tenure.clock import to_microseconds
from tenure.derive.customers.models import IdentifierCustomer
from tenure.derive.customers.operations import rows as rows_module
from tenure.derive.customers.operations.rows import delete_rows, insert_rows, replace_in_parts
from tenure.derive.lifecycles.models import CurrentStages

WHOLE = datetime(2024, 5, 1, tzinfo=UTC)
BROKEN = datetime(2024, 5, 1, 0, 0, 0, 250, tzinfo=UTC)


@pytest.mark.django_db
def test_moments_are_found_as_if_django_had_written_them() -> None:
    assert insert_rows(CurrentStages, stages([1, 2], [WHOLE, BROKEN])) == 2
    assert CurrentStages.objects.get(as_of=WHOLE).customer_id == 1
    assert CurrentStages.objects.get(as_of__gt=WHOLE).as_of == BROKEN
    assert CurrentStages.objects.filter(as_of__lte=WHOLE).count() == 1


@pytest.mark.django_db
def test_deleting_touches_only_what_matches() -> None:
    numbers = list(range(2000))
    insert_rows(CurrentStages, stages(numbers, [WHOLE] * 1000 + [BROKEN] * 1000))
    delete_rows(CurrentStages, "customer_id", pa.array(range(1500)), stages="{}")
    assert CurrentStages.objects.count() == 500
    delete_rows(CurrentStages, "customer_id", pa.array(range(2000)), stages="other")
    assert CurrentStages.objects.count() == 500


@pytest.mark.django_db
@pytest.mark.parametrize("size", [1, 3, 100])
def test_all_rows_are_exchanged_in_parts(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(rows_module, "_CHUNK", size)
    insert_rows(CurrentStages, stages([-9, 1, 2, 5, 8, 99], [WHOLE] * 6))
    shares = [stages([-5, 1, 3], [BROKEN] * 3), stages([4, 8], [BROKEN] * 2)]
    replace_in_parts(CurrentStages, shares)
    found = CurrentStages.objects.order_by("customer_id").values_list("customer_id", "as_of")
    assert list(found) == [(number, BROKEN) for number in (-5, 1, 3, 4, 8)]
    replace_in_parts(CurrentStages, [])
    assert not CurrentStages.objects.exists()


def stages(customers: list[int], moments: list[datetime]) -> pa.Table:
    as_of = [to_microseconds(moment) for moment in moments]
    return pa.table(
        {
            "customer_id": customers,
            "stages": ["{}"] * len(customers),
            "due_us": pa.nulls(len(customers), pa.int64()),
            "as_of": pa.array(as_of, pa.timestamp("us")),
        }
    )


@pytest.mark.django_db
def test_no_rows_are_no_rows() -> None:
    empty = pa.table(
        {"identifier_id": pa.array([], pa.int64()), "customer_id": pa.array([], pa.int64())}
    )
    assert insert_rows(IdentifierCustomer, empty) == 0
