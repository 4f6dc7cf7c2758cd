from __future__ import annotations

from datetime import timedelta

import pytest

from tenure.definitions import load_text
from tenure.record.events.models import DeadLetter
from tenure.record.events.operations import (
    DeadLetterError,
    discard_dead_letter,
    mend_dead_letter,
    replay_dead_letters,
    undo_batch,
)
from tenure.record.events.operations.dead_letters import _replay
from tenure.record.events.queries import dead_letter_count, dead_letters, event_count, events_after
from tenure.record.library.operations import publish
from tenure.record.vault.queries import reveal
from tests.record.shop import NOW, TESTER, open_shop, sale, tell

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
BAD = {"amount": "12,50"}


@pytest.fixture(autouse=True)
def _shop(db: None) -> None:
    open_shop()


def test_refused_once_however_often_it_is_sent() -> None:
    for _ in range(3):
        tell(sale(1, fields=BAD), sale(1, fields=BAD))
    assert dead_letter_count() == 1


def test_mended_and_replayed_under_its_own_source_and_import() -> None:
    tell(sale(1, fields=BAD), source="old till", batch_id=4)
    [letter] = dead_letters(batch_id=4)
    mend_dead_letter(letter.id, sale(1, fields={"amount": "12.50"}), by=TESTER, at=LATER)
    replay = replay_dead_letters(by=TESTER, at=LATER)
    [event] = events_after(0, 10)
    assert replay.recorded == 1
    assert (event.source, event.batch_id, event.recorded_at) == ("old till", 4, LATER)
    [done] = dead_letters(status="replayed")
    assert done.event_id == event.id
    assert reveal("dead_letter", [letter.id]) == {}
    assert replay_dead_letters(by=TESTER, at=LATER).receipts == {}


def test_a_better_definition_lets_what_was_refused_in() -> None:
    tell(sale(1, fields={"pieces": "many"}))
    better = "kind: event_type\nkey: sale.made\nname: {zh: 成交, en: Sale}\nfields: {}\n"
    publish(load_text(better), note="looser", by=TESTER, at=LATER)
    assert replay_dead_letters(by=TESTER, at=LATER).recorded == 1
    assert events_after(0, 1)[0].properties["pieces"] == "many"


def test_refused_again_it_goes_on_waiting_with_the_new_reason() -> None:
    tell(sale(1, fields=BAD))
    [letter] = dead_letters()
    mend_dead_letter(letter.id, sale(1, fields={"pieces": "x"}), by=TESTER, at=LATER)
    assert replay_dead_letters([letter.id], by=TESTER, at=LATER).recorded == 0
    [still] = dead_letters()
    assert "'pieces'" in still.reasons[0].en


def test_a_body_that_is_no_event_does_not_stop_the_others() -> None:
    tell(sale(1, occurred_at="yesterday"), sale(2, fields=BAD))
    one, two = dead_letters()
    mend_dead_letter(two.id, sale(2), by=TESTER, at=LATER)
    receipts = replay_dead_letters(by=TESTER, at=LATER).receipts
    assert receipts[one.id].status == "refused"
    assert "does not hold an event" in receipts[one.id].reasons[0].en
    assert receipts[two.id].status == "accepted"


def test_discarded_with_a_reason_and_kept() -> None:
    tell(sale(1, fields=BAD))
    [letter] = dead_letters()
    discard_dead_letter(letter.id, reason="a test order", by=TESTER, at=LATER)
    [gone] = dead_letters(status="discarded", with_body=True)
    assert gone.note == "a test order"
    assert gone.body
    with pytest.raises(DeadLetterError):
        discard_dead_letter(letter.id, reason="", by=TESTER, at=LATER)
    with pytest.raises(DeadLetterError):
        mend_dead_letter(letter.id, sale(1), by=TESTER, at=LATER)


def test_what_belongs_to_an_undone_import_is_told_so() -> None:
    tell(sale(1, fields=BAD), batch_id=5)
    undo_batch(5, reason="", by=TESTER, at=LATER)
    [receipt] = replay_dead_letters(by=TESTER, at=LATER).receipts.values()
    assert receipt.status == "refused"
    assert "has been undone" in receipt.reasons[0].en


def test_pages_of_refused_events() -> None:
    tell(*(sale(n, fields=BAD) for n in range(5)), source="a")
    tell(sale(9, fields=BAD), source="b")
    first = dead_letters(limit=4, source="a")
    rest = dead_letters(after=first[-1].id, source="a")
    assert (len(first), len(rest)) == (4, 1)
    assert event_count() == 0
    assert DeadLetter.objects.count() == 6


def test_what_another_process_dealt_with_meanwhile_is_left_alone() -> None:
    """Listed as waiting, then replayed or discarded by another before its turn came."""
    tell(*(sale(n, fields=BAD) for n in (1, 2, 3)))
    one, two, three = (letter.id for letter in dead_letters())
    mend_dead_letter(one, sale(1), by=TESTER, at=LATER)
    replay_dead_letters([one], by=TESTER, at=LATER)
    discard_dead_letter(two, reason="a test", by=TESTER, at=LATER)
    mend_dead_letter(three, sale(3), by=TESTER, at=LATER)
    receipts = _replay([one, two, three], "till", None, by=TESTER, at=LATER)
    assert {number: receipt.status for number, receipt in receipts.items()} == {three: "accepted"}
    assert [letter.id for letter in dead_letters(status="discarded")] == [two]


def test_refused_again_after_an_undo_it_waits_under_the_new_import() -> None:
    tell(sale(1, fields=BAD), sale(2, fields=BAD), sale(3, fields=BAD), batch_id=5)
    replayed, waiting, discarded = (letter.id for letter in dead_letters())
    mend_dead_letter(replayed, sale(1), by=TESTER, at=LATER)
    mend_dead_letter(waiting, sale(2), by=TESTER, at=LATER)
    discard_dead_letter(discarded, reason="a test order", by=TESTER, at=LATER)
    replay_dead_letters([replayed], by=TESTER, at=LATER)
    undo_batch(5, reason="", by=TESTER, at=LATER)
    tell(*(sale(n, fields=BAD) for n in (1, 2, 3)), batch_id=6)
    assert [letter.id for letter in dead_letters(batch_id=6)] == [replayed, waiting]
    assert [letter.id for letter in dead_letters(status="discarded")] == [discarded]
    receipts = replay_dead_letters(by=TESTER, at=LATER).receipts
    assert receipts[replayed].status == "refused"
    assert "'amount'" in receipts[replayed].reasons[0].en
    assert receipts[waiting].status == "accepted"
    mend_dead_letter(replayed, sale(1), by=TESTER, at=LATER)
    assert replay_dead_letters(by=TESTER, at=LATER).recorded == 1
    assert {event.batch_id for event in events_after(0, 10) if event.type == "sale.made"} == {5, 6}


def test_a_letter_of_a_standing_import_stays_where_it_is() -> None:
    tell(sale(1, fields=BAD), batch_id=5)
    tell(sale(1, fields=BAD), batch_id=6)
    assert len(dead_letters(batch_id=5)) == 1
