"""Feeds: twice is once, nothing is lost, every record ends in exactly one of four ways."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tenure.clock import to_microseconds
from tenure.definitions import load_pack
from tenure.record.events.models import Event
from tenure.record.events.operations import IncomingEvent, record_events
from tenure.record.feeds.operations import add_feed, pull_feed, settle_feed_map
from tenure.record.feeds.operations.webhooks.translating import translate_webhook
from tenure.record.feeds.queries import syncs
from tenure.record.library.operations import publish
from tenure.record.library.queries import current_library
from tenure.record.sources.arrived import Arrived
from tenure.record.sources.translating import LeftOut, Untranslatable
from tests.record.shop import TESTER

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
MAP = """
source: shop
customer: {customer_id: who}
key: id
skip: [{when: {test: "true"}, because: tests}]
events:
  - type: order.placed
    at: at
    fields: {order_id: id, amount: amount}
"""
SOURCE: Any = SimpleNamespace(key="shop", settings={"map": MAP, "list_at": "data.list"})
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "at", "who", "amount", "data", "list", "x"]), inner
        )
    ),
    max_leaves=12,
)
RECORDS = st.lists(
    st.fixed_dictionaries(
        {
            "id": st.integers(1, 12),
            "at": st.sampled_from(["2026-02-01", "2026-02-01T10:00:00Z", "never", None]),
            "who": st.sampled_from(["C1", "C2", None]),
            "amount": st.sampled_from(["9.50", 3, "x", None, "1e99"]),
            "test": st.sampled_from(["true", "false"]),
        }
    ),
    max_size=8,
)


@pytest.fixture(autouse=True)
def _shop(db: None) -> None:
    for pack in ("core", "general"):
        publish(load_pack(pack), note="test", by=TESTER, at=AT - timedelta(days=400))


def arrived(body: bytes) -> Arrived:
    return Arrived(1, "webhook", to_microseconds(AT), b"", [body])


def told(body: bytes) -> list[Any]:
    return translate_webhook(arrived(body), SOURCE, current_library()[0])


def record(results: list[Any]) -> list[str]:
    events = [one for one in results if isinstance(one, IncomingEvent)]
    receipts = record_events(events, source="shop", by=TESTER, at=AT)
    return [receipt.status for receipt in receipts]


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(body=st.binary(max_size=60) | JSON.map(lambda value: json.dumps(value).encode()))
def test_no_body_breaks_the_translation(body: bytes) -> None:
    results = told(body)
    assert all(one.reasons for one in results if isinstance(one, Untranslatable))
    assert "refused" not in record(results)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(records=RECORDS)
def test_records_are_recorded_repeated_refused_or_left_out_and_twice_is_once(
    records: list[dict[str, Any]],
) -> None:
    together = told(json.dumps({"data": {"list": records}}).encode())
    assert len(together) == len(records)
    left_out = sum(isinstance(one, LeftOut) for one in together)
    assert left_out == sum(one["test"] == "true" for one in records)
    before = Event.objects.count()
    first = record(together)
    assert Event.objects.count() - before == first.count("accepted")
    again = [one for each in records for one in record(told(json.dumps(each).encode()))]
    assert set(again) <= {"repeated"}
    assert len(again) == len(first)


@pytest.fixture
def place(settings: Any, tmp_path: Path) -> Path:
    settings.TENURE_HOME = tmp_path / "home"
    settings.TENURE_HOME.mkdir()
    settings.TENURE_FEED_FOLDERS = [str(tmp_path)]
    return tmp_path


ROWS = st.lists(
    st.tuples(st.integers(1, 6), st.sampled_from(["9.50", "x"]), st.sampled_from(["C1", "C2"])),
    max_size=9,
)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(batches=st.lists(ROWS, min_size=1, max_size=3), page=st.integers(1, 4))
def test_a_table_pulled_in_any_division_is_in_the_log_once(
    place: Path, batches: list[list[tuple[int, str, str]]], page: int
) -> None:
    name = f"t{sum(1 for _ in place.iterdir())}"
    database = sqlite3.connect(place / f"{name}.sqlite3")
    database.execute("CREATE TABLE orders (tick INTEGER, id INTEGER, amount, who, at, test)")
    added = add_feed(
        name, name=name, kind="table", url=f"sqlite:///{place}/{name}.sqlite3", table="orders",
        cursor="tick", overlap=3, by=TESTER, at=AT,
    )  # fmt: skip
    settle_feed_map(added.source_id, MAP, by=TESTER, at=AT)
    good, number, high = 0, 0, 0
    for rows in batches:
        for step, amount, who in rows:
            number, high = number + 1, max(high, high + step - 3)  # ties, and some come late
            database.execute(
                "INSERT INTO orders VALUES (?, ?, ?, ?, '2026-02-01', 'false')",
                (high, number, amount, who),
            )
            good += amount != "x"
        database.commit()
        for _ in range(2):
            pull_feed(added.source_id, by=TESTER, clock=lambda: AT, page=page)
            [look] = syncs(added.source_id, TESTER, limit=1)
            assert look.error is None
            assert look.rows == look.recorded + look.repeated + look.refused + look.left_out
    database.close()
    assert Event.objects.filter(source=name).count() == good
