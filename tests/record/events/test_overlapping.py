"""Imports that tell the same events: what one of them told outlives the undoing of another."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from tenure.clock import to_microseconds
from tenure.record.events.models import Identifier, Link, Retelling
from tenure.record.events.operations import undo_batch
from tenure.record.events.queries import (
    EventView,
    events_of,
    find_identifiers,
    undone_batches,
)
from tenure.record.vault.models import VaultEntry
from tests.record.shop import NOW, TESTER, open_shop, sale, tell

pytestmark = pytest.mark.django_db
WHO = {"customer_id": "1", "phone": "13800138001"}
GIFT = {"receiver": "李雷"}
LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _shop(db: None) -> None:
    open_shop()


def undo(batch_id: int) -> None:
    undo_batch(batch_id, reason="wrong", by=TESTER, at=LATER)


def counting() -> list[EventView]:
    [customer] = find_identifiers("1", types=["customer_id"])
    return events_of([customer.id], with_personal=True)


def standing_links() -> list[tuple[int, int, int]]:
    rows = Link.objects.exclude(batch_id__in=undone_batches())
    return list(rows.values_list("left_id", "right_id", "batch_id"))


def test_what_another_import_told_too_counts_after_the_undo() -> None:
    first = tell(sale(1, identifiers=WHO, fields=GIFT), sale(2, identifiers=WHO), batch_id=5)
    second = tell(sale(1, identifiers=WHO, fields=GIFT), batch_id=6)
    assert [receipt.status for receipt in second] == ["repeated"]
    undo(5)
    [event] = counting()
    assert event.id not in {receipt.event_id for receipt in first}
    assert (event.batch_id, event.amount, event.currency) == (6, Decimal("12.5"), "CNY")
    assert event.recorded_at == LATER
    assert event.personal == GIFT
    assert event.properties["sale_id"] == "S1"
    assert [batch for *_, batch in standing_links()] == [6]
    assert not Retelling.objects.exists()
    assert not VaultEntry.objects.filter(holder="retelling").exists()


def test_it_is_recognised_when_it_comes_again() -> None:
    tell(sale(1, identifiers=WHO), batch_id=5)
    tell(sale(1, identifiers=WHO), batch_id=6)
    undo(5)
    assert tell(sale(1, identifiers=WHO), batch_id=7)[0].status == "repeated"
    assert tell(sale(1, identifiers=WHO))[0].status == "repeated"
    assert len(counting()) == 1


def test_each_undo_leaves_what_the_next_one_told() -> None:
    for batch_id in (5, 6, None, 7):
        tell(sale(1, identifiers=WHO, fields=GIFT), batch_id=batch_id)
    for undone, left in ((5, 6), (6, None), (7, None)):
        undo(undone)
        [event] = counting()
        assert (event.batch_id, event.personal) == (left, GIFT)
        assert len(standing_links()) == 1


def test_an_import_undone_before_told_nothing() -> None:
    tell(sale(1, identifiers=WHO, fields=GIFT), batch_id=5)
    tell(sale(1, identifiers=WHO, fields=GIFT), batch_id=6)
    undo(6)
    assert not VaultEntry.objects.filter(holder="retelling").exists()
    assert len(counting()) == 1
    undo(5)
    assert counting() == []
    assert standing_links() == []


def test_what_counts_is_what_the_standing_import_said() -> None:
    """Imported under a wrong map, imported again under the right one, the wrong one undone."""
    wrong = {"amount": "1250", "receiver": "Lilei"}
    new = {"customer_id": "1", "phone": "13800138002"}
    tell(sale(1, identifiers=WHO, fields=wrong), batch_id=5)
    tell(sale(1, identifiers=new, fields=GIFT), sale(1, identifiers=WHO), batch_id=6)
    assert counting()[0].amount == 1250
    undo(5)
    [event] = counting()
    assert (event.amount, event.personal) == (Decimal("12.5"), GIFT)
    assert len(standing_links()) == 1
    [phone] = find_identifiers("13800138002")
    assert phone.id in standing_links()[0]
    assert Identifier.objects.filter(id=phone.id).exists()


def test_what_was_known_before_the_undo_is_not_rewritten() -> None:
    tell(sale(1, identifiers=WHO), batch_id=5)
    tell(sale(1, identifiers=WHO), batch_id=6)
    undo(5)
    [customer] = find_identifiers("1", types=["customer_id"])
    [before] = events_of([customer.id], known_at=NOW)
    assert before.batch_id == 5
    assert undone_batches(to_microseconds(NOW)) == []


def test_many_at_once() -> None:
    many = [sale(n, identifiers=WHO, fields=GIFT) for n in range(1, 2_301)]
    for batch_id in (5, 6, 7):
        tell(*many[batch_id:], batch_id=batch_id)
    undo(5)
    undo(6)
    assert {event.batch_id for event in counting()} == {7}
    assert len({event.properties["sale_id"] for event in counting()}) == 2_293


def test_an_event_that_came_in_no_import_needs_no_second_telling() -> None:
    tell(sale(1, identifiers=WHO))
    tell(sale(1, identifiers=WHO), batch_id=5)
    tell(sale(2, identifiers=WHO), batch_id=6)
    tell(sale(2, identifiers=WHO), sale(2, identifiers=WHO), batch_id=6)
    assert not Retelling.objects.exists()
