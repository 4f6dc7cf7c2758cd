"""Whatever is translated can be recorded or is refused with a reason, and twice is once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tenure.definitions import load_pack
from tenure.record.events.operations import IncomingEvent, Receipt, record_events
from tenure.record.library.operations import publish
from tests.laws.test_translating import MESSAGES, as_bytes
from tests.record.shop import MAY, TESTER
from tests.record.sources.speaking import ARRIVED, told_raw

pytestmark = pytest.mark.django_db
BASES = st.sampled_from([
    ("segment", {"type": "track", "event": "Order Completed", "userId": "u1"}),
    ("segment", {"type": "identify", "userId": "u1", "anonymousId": "v1"}),
    ("segment", {"type": "page", "anonymousId": "v1"}),
    ("segment", {"type": "group", "userId": "u1", "groupId": "g1"}),
    ("segment", {"type": "alias", "userId": "u1", "previousId": "v1"}),
    ("posthog", {"event": "$identify", "distinct_id": "u1"}),
    ("posthog", {"event": "Order Completed", "distinct_id": "u1"}),
    ("sensors", {"type": "track", "event": "X", "distinct_id": "u1", "time": 1772366400000}),
])  # fmt: skip


@pytest.fixture(autouse=True)
def _shop(db: None) -> None:
    publish(load_pack("ecommerce"), note="test", by=TESTER, at=MAY)


def recorded(dialect: str, raw: bytes, *, later: timedelta) -> list[Receipt]:
    events = told_raw(dialect, raw, at=ARRIVED + later)
    good = [event for event in events if isinstance(event, IncomingEvent)]
    return record_events(good, source="site", by=TESTER, at=ARRIVED + later + timedelta(seconds=1))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(base=BASES, others=MESSAGES, number=st.integers(1, 10**12))
def test_a_message_sent_again_a_month_later_is_no_second_event(
    base: tuple[str, dict[str, Any]], others: dict[str, Any], number: int
) -> None:
    dialect, message = base
    named = {"messageId": f"m{number}", "uuid": f"m{number}"}
    raw = as_bytes({**others, **message, **named})
    first = recorded(dialect, raw, later=timedelta(0))
    again = recorded(dialect, raw, later=timedelta(days=30))
    assert all(receipt.reasons for receipt in first if receipt.status == "refused")
    assert [one.event_id for one in again if one.status == "accepted"] == [
        two.event_id for one, two in zip(first, again, strict=True)
        if one.status == "refused" and two.status == "accepted"  # the future has become the past
    ]  # fmt: skip
