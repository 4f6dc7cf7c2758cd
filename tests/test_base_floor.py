from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenure.clock import from_microseconds, to_microseconds
from tenure.ids import uuid7
from tenure.money import from_e4, to_e4

moments = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(moments)
def test_moments_survive_microseconds(moment: datetime) -> None:
    assert from_microseconds(to_microseconds(moment)) == moment


@given(st.integers(-(2**63) + 1, 2**63 - 1))
def test_amounts_survive_ten_thousandths(amount_e4: int) -> None:
    assert to_e4(from_e4(amount_e4)) == amount_e4


@pytest.mark.parametrize("amount", ["0.00001", "NaN", "Infinity", "1e30"])
def test_unstorable_amounts_are_refused(amount: str) -> None:
    with pytest.raises(ValueError):
        to_e4(Decimal(amount))


@given(moments.filter(lambda moment: moment.year >= 1970))
def test_uuid7_is_ordered_by_time(moment: datetime) -> None:
    made = uuid7(moment)
    assert made.version == 7
    assert made.int >> 80 == to_microseconds(moment) // 1000
