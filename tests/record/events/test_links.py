from __future__ import annotations

from datetime import timedelta

import pytest

from tenure.clock import to_microseconds
from tenure.engine.identity import components
from tenure.record.events.operations import (
    BatchUndoneError,
    SameIdentifierError,
    UnknownIdentifierError,
    link_identifiers,
    record_about,
    undo_batch,
    unlink_identifiers,
)
from tenure.record.events.operations.incoming import IncomingEvent
from tenure.record.events.queries import (
    event_count,
    events_by_id,
    events_of,
    find_identifiers,
    statements_about,
    undone_batches,
)
from tenure.record.events.queries.neighbours import all_edges
from tenure.record.vault.queries import reveal
from tests.record.shop import NOW, TESTER, open_shop, sale, tell

pytestmark = pytest.mark.django_db
WHO = {"customer_id": "1", "phone": "13800138001"}


@pytest.fixture(autouse=True)
def _shop(db: None) -> None:
    open_shop()


def pairs(known_us: int | None = None) -> list[tuple[int, int]]:
    """Each identifier that belongs to another one's customer: the smaller number, then its own."""
    found = components(all_edges(known_us)).map.to_pydict()
    return sorted(zip(found["customer_id"], found["identifier_id"], strict=True))


def two() -> tuple[int, int]:
    """Ids of a customer number and a phone that never arrived together."""
    tell(sale(1, identifiers={"customer_id": "1"}), sale(2, identifiers={"phone": "13800138001"}))
    return find_identifiers("1")[0].id, find_identifiers("13800138001")[0].id


def test_a_link_and_its_event_are_one_act() -> None:
    left, right = two()
    receipt = link_identifiers(left, right, reason="同一个人", by=TESTER, at=NOW)
    assert pairs() == [(min(left, right), max(left, right))]
    event = events_by_id([receipt.event_id or 0])[receipt.event_id or 0]
    assert (event.type, event.source) == ("identity.linked", "tenure")
    assert event.properties == {
        "left": min(left, right),
        "right": max(left, right),
        "by": TESTER.key,
    }
    assert reveal("event", [event.id]) == {event.id: {"reason": "同一个人"}}
    assert event.identifier_id == min(left, right)


def test_the_last_statement_by_when_it_happened_holds() -> None:
    left, right = two()
    link_identifiers(left, right, reason="a", by=TESTER, at=NOW)
    late = NOW + timedelta(hours=2)
    unlink_identifiers(right, left, reason="b", by=TESTER, at=late)
    assert pairs() == []
    earlier = NOW + timedelta(hours=1)
    link_identifiers(left, right, reason="c", by=TESTER, at=late, occurred_at=earlier)
    assert pairs() == []
    assert [said.linked for said in statements_about([left])] == [True, True, False]


def test_a_statement_outweighs_what_arrived_together() -> None:
    tell(sale(1, identifiers=WHO))
    left, right = pairs()[0]
    unlink_identifiers(left, right, reason="shared phone", by=TESTER, at=NOW)
    tell(sale(2, identifiers=WHO))
    assert pairs() == []
    link_identifiers(left, right, reason="no", by=TESTER, at=NOW + timedelta(seconds=1))
    assert pairs() == [(left, right)]


def test_links_as_they_were_known() -> None:
    left, right = two()
    link_identifiers(left, right, reason="a", by=TESTER, at=NOW + timedelta(hours=1))
    assert pairs(to_microseconds(NOW)) == []
    assert len(pairs(to_microseconds(NOW + timedelta(hours=1)))) == 1


def test_links_that_cannot_be() -> None:
    left, _ = two()
    with pytest.raises(SameIdentifierError):
        link_identifiers(left, left, reason="", by=TESTER, at=NOW)
    with pytest.raises(UnknownIdentifierError):
        link_identifiers(left, 12345, reason="", by=TESTER, at=NOW)
    assert event_count() == 2


def test_an_undone_import_counts_for_nothing_and_may_come_again() -> None:
    first = tell(sale(1, identifiers=WHO), sale(2), batch_id=5)
    customer = find_identifiers("1")[0].id
    undo_batch(5, reason="wrong file", by=TESTER, at=NOW + timedelta(hours=1))
    assert undone_batches() == [5]
    assert undone_batches(to_microseconds(NOW)) == []
    assert pairs() == []
    assert len(pairs(to_microseconds(NOW))) == 1
    assert events_of([customer]) == []
    assert len(events_of([customer], known_at=NOW)) == 1
    again = tell(sale(1, identifiers=WHO), sale(2), sale(2), batch_id=6)
    assert [receipt.status for receipt in again] == ["accepted", "accepted", "repeated"]
    assert not {receipt.event_id for receipt in again} & {receipt.event_id for receipt in first}
    assert len(pairs()) == 1
    assert len(events_of([customer])) == 1
    assert [r.status for r in tell(sale(1, identifiers=WHO), sale(2))] == ["repeated"] * 2


def test_undone_again_and_again() -> None:
    for batch_id in range(5, 9):
        receipts = tell(sale(1), sale(2), batch_id=batch_id)
        assert [receipt.status for receipt in receipts] == ["accepted"] * 2
        undo_batch(batch_id, reason="", by=TESTER, at=NOW)
    assert tell(sale(1))[0].status == "accepted"
    assert tell(sale(1))[0].status == "repeated"


def test_an_import_is_undone_once_and_takes_nothing_more() -> None:
    tell(sale(1), batch_id=5)
    undo_batch(5, reason="", by=TESTER, at=NOW)
    count = event_count()
    with pytest.raises(BatchUndoneError):
        undo_batch(5, reason="", by=TESTER, at=NOW + timedelta(hours=1))
    with pytest.raises(BatchUndoneError):
        tell(sale(2), batch_id=5)
    assert event_count() == count


def test_what_is_recorded_about_a_customer_needs_no_raw_identifier() -> None:
    customer, _ = two()
    event = IncomingEvent("stage.pinned", NOW, fields={"lifecycle": "x", "stage": "y"})
    receipt = record_about(customer, event, by=TESTER, at=NOW)
    [pinned] = events_of([customer], types=["stage.pinned"])
    assert (pinned.id, pinned.source) == (receipt.event_id, "tenure")


def test_the_same_word_about_two_customers_at_one_moment_is_no_repeat() -> None:
    event = IncomingEvent("stage.pinned", NOW, fields={"lifecycle": "x", "stage": "y"})
    receipts = [record_about(customer, event, by=TESTER, at=NOW) for customer in two()]
    assert [receipt.status for receipt in receipts] == ["accepted", "accepted"]
    assert record_about(two()[0], event, by=TESTER, at=NOW).status == "repeated"
