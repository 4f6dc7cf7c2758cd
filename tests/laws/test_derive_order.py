"""Order and Twice: how events arrive changes nothing about what they mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import astuple

from tenure.derive.customers.models import IdentifierCustomer
from tenure.derive.lifecycles.operations import tick
from tenure.record.events.operations import IncomingEvent, record_events
from tests.derive.company import TESTER, Company, fresh_house
from tests.derive.derived import Rows, current_stands, derived, stored
from tests.derive.steps import Record, happenings


@pytest.mark.django_db
@settings(max_examples=6)
@given(data=st.data(), events=st.lists(happenings, min_size=2, max_size=14))
def test_shuffled_arrival_changes_nothing(data: st.DataObject, events: list[object]) -> None:
    incoming = _incoming(Company(), Record(tuple(events)))  # type: ignore[arg-type]
    shuffled = data.draw(st.permutations(incoming))
    size = data.draw(st.integers(1, len(incoming)))
    results = []
    for order in (incoming, shuffled):
        with fresh_house():
            company = Company()
            for start in range(0, len(order), size):
                company.now += timedelta(minutes=5)
                record_events(order[start : start + size], source="laws", by=TESTER, at=company.now)
                tick(at=company.now)
            results.append(_meaning())
    assert results[0] == results[1]


@pytest.mark.django_db
@settings(max_examples=5)
@given(events=st.lists(happenings, min_size=1, max_size=8), again=st.integers(1, 3))
def test_recording_twice_is_recording_once(events: list[object], again: int) -> None:
    with fresh_house():
        company = Company()
        incoming = _incoming(company, Record(tuple(events)))  # type: ignore[arg-type]
        record_events(incoming, source="laws", by=TESTER, at=company.now)
        # one moment for all ticks, so that no stage changes by passing time
        moment = company.now + timedelta(hours=1)
        tick(at=moment)
        once = derived()
        for _ in range(again):
            company.now += timedelta(minutes=1)
            receipts = record_events(incoming, source="laws", by=TESTER, at=company.now)
            assert {receipt.status for receipt in receipts} == {"repeated"}
            report = tick(at=moment)
            assert (report.events, report.customers) == (0, 0)
        assert derived() == once


def _incoming(company: Company, record: Record) -> list[IncomingEvent]:
    """Events at moments of their own: which of two at one moment came first is arrival."""
    events = []
    for place, happening in enumerate(record.happenings):
        late = max(happening.late, timedelta(0)) + timedelta(minutes=place)
        events.append(company.incoming(replace(happening, late=late)))
    return events


def _meaning() -> tuple[Rows, Rows, list[Rows]]:
    """What was concluded, without the numbers that events got by arriving."""
    current = [
        (number, key, *astuple(stand))
        for number, stands in current_stands().items()
        for key, stand in stands.items()
    ]
    customers = IdentifierCustomer.objects.values_list("identifier_id", "customer_id")
    histories = []
    for key in ("buyers", "spenders", "partners"):
        rows = stored(key).drop_columns(["cause_event_id"]).to_pylist()
        histories.append(tuple(sorted((tuple(row.values()) for row in rows), key=repr)))
    return _sorted(current), _sorted(customers), histories


def _sorted(rows: Sequence[tuple[object, ...]]) -> Rows:
    return tuple(sorted(rows, key=repr))
