from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from tenure.record.events.operations import IncomingEvent, record_events
from tenure.record.events.operations.recording import reading_shapes
from tenure.record.events.queries import dead_letters, event_count, events_after, oddities
from tests.record.shop import MAY, NOW, TESTER, open_shop, sale, tell

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _shop(db: None) -> None:
    open_shop()


def test_an_event_is_kept_as_it_was_told() -> None:
    [receipt] = tell(
        sale(
            fields={
                "channel": "web",
                "pieces": "3",
                "weight": "1.25",
                "gift": "是",
                "deliver_on": "2025-05-03",
            }
        ),
        batch_id=7,
    )
    [event] = events_after(0, 10)
    assert receipt.status == "accepted"
    assert receipt.event_id == event.id
    assert (event.type, event.source, event.batch_id) == ("sale.made", "till", 7)
    assert (event.occurred_at, event.recorded_at) == (MAY, NOW)
    assert (event.amount, event.currency) == (Decimal("12.5"), "CNY")
    assert event.recorded_by == TESTER.key
    assert event.properties == {
        "sale_id": "S1",
        "channel": "web",
        "pieces": 3,
        "weight": 1.25,
        "gift": True,
        "deliver_on": "2025-05-03",
    }


def test_the_local_date_is_that_of_the_organisation() -> None:
    tell(sale(1, occurred_at=datetime(2025, 5, 1, 15, 59, 59, tzinfo=UTC)))
    tell(sale(2, occurred_at=datetime(2025, 5, 1, 16, 0, tzinfo=UTC)))
    assert [event.local_date for event in events_after(0, 10)] == [
        date(2025, 5, 1),
        date(2025, 5, 2),
    ]


def test_a_repeat_is_answered_with_the_first_event() -> None:
    first, second, twin = tell(sale(1), sale(2), sale(1, fields={"amount": "99"}))
    [again] = tell(sale(2))
    assert (twin.status, twin.event_id) == ("repeated", first.event_id)
    assert (again.status, again.event_id) == ("repeated", second.event_id)
    assert event_count() == 2


def test_the_same_key_of_another_source_is_another_event() -> None:
    tell(sale(1))
    assert tell(sale(1), source="web shop")[0].status == "accepted"


def test_without_a_key_equal_content_is_a_repeat() -> None:
    one, same, other = tell(
        sale(1, key=None), sale(1, key=None), sale(1, key=None, fields={"channel": "web"})
    )
    assert (one.status, same.status, other.status) == ("accepted", "repeated", "accepted")


def test_receipts_come_in_the_order_of_the_events() -> None:
    tell(sale(2))
    receipts = tell(sale(1), sale(2), sale(3, fields={"amount": "x"}), sale(4))
    assert [receipt.status for receipt in receipts] == [
        "accepted",
        "repeated",
        "refused",
        "accepted",
    ]
    numbers = {event.properties["sale_id"]: event.id for event in events_after(0, 10)}
    assert [receipt.event_id for receipt in receipts] == [
        numbers["S1"],
        numbers["S2"],
        None,
        numbers["S4"],
    ]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"occurred_at": MAY.replace(tzinfo=None)}, "no time zone"),
        ({"occurred_at": "2025-05-01"}, "no time zone"),
        ({"occurred_at": NOW + timedelta(days=1, seconds=1)}, "in the future"),
        ({"occurred_at": datetime(1899, 12, 30, tzinfo=UTC)}, "before 1900"),
        ({"type": ""}, "1 to 100 printable"),
        ({"type": "sale\nmade"}, "1 to 100 printable"),
        ({"type": None}, "malformed"),
        ({"identifiers": {"phone": "138\x0000000001"}}, "NUL"),
        ({"type": "identity.linked", "fields": {"left": 1, "right": 2}}, "by the system itself"),
        ({"fields": {"sale_id": ""}}, "'sale_id': is required"),
        ({"fields": {"sale_id": None}}, "'sale_id': is required"),
        ({"fields": {"amount": "1,234.50"}}, "'amount': must be an amount"),
        ({"fields": {"amount": "¥12"}}, "'amount': must be an amount"),
        ({"fields": {"amount": "0.00001"}}, "at most four decimals"),
        ({"fields": {"amount": "1e40"}}, "beyond what can be stored"),
        ({"fields": {"amount": True}}, "must be an amount"),
        ({"fields": {"pieces": "3.5"}}, "'pieces': must be a whole number"),
        ({"fields": {"pieces": str(2**63)}}, "beyond what can be stored"),
        ({"fields": {"weight": "nan"}}, "'weight': must be a number"),
        ({"fields": {"weight": float("inf")}}, "beyond what can be stored"),
        ({"fields": {"gift": "perhaps"}}, "'gift': must be true or false"),
        ({"fields": {"deliver_on": "2025-02-30"}}, "YYYY-MM-DD"),
        ({"fields": {"deliver_on": "03/05/2025"}}, "YYYY-MM-DD"),
        ({"fields": {"channel": ["web"]}}, "'channel': must be text"),
        ({"fields": {"channel": "w\x00b"}}, "'channel': contains a NUL"),
        ({"fields": {"remarks": "x" * 70_000}}, "more than 64 KB"),
        ({"fields": {"channel": "\ud800"}}, "half of a Unicode character"),
        ({"fields": {"odd": {"a": {"b": {"c": {"d": {"e": {"f": {"g": {"h": 1}}}}}}}}}}, "nested"),
        ({"fields": {"odd": list(range(2_000))}}, "more than 1000 values"),
        ({"fields": {"odd": float("nan")}}, "finite"),
        ({"fields": {"odd": object()}}, "not a value JSON can hold"),
        ({"fields": {f"odd{n}": n for n in range(300)}}, "at most 200 fields"),
        ({"fields": {"tenure:with": "x"}}, "start with tenure:"),
        ({"currency": "USD"}, "needs a positive exchange rate"),
        ({"currency": "dollars", "exchange_rate": Decimal(7)}, "three-letter code"),
        ({"currency": "USD", "exchange_rate": Decimal(-7)}, "needs a positive exchange rate"),
    ],
)
def test_bad_events_are_refused_with_a_reason_and_kept(changes: dict[str, Any], words: str) -> None:
    before, bad, after = tell(sale(1), sale(2, **changes), sale(3))
    assert (before.status, bad.status, after.status) == ("accepted", "refused", "accepted")
    assert words in bad.reasons[0].en
    assert bad.reasons[0].zh
    [letter] = dead_letters(with_body=True)
    assert letter.reasons == bad.reasons
    assert letter.body


def test_every_reason_is_told_at_once() -> None:
    [receipt] = tell(sale(fields={"amount": "x", "pieces": "y", "sale_id": None}))
    assert len(receipt.reasons) == 3


def test_what_no_definition_knows_is_kept_and_reported() -> None:
    tell(sale(1, fields={"colour": {"name": "red", "codes": [1, 2.5, None]}}))
    tell(sale(2, fields={"colour": "blue"}), sale(2, fields={"colour": "blue"}))
    [receipt] = tell(sale(3, type="parrot.bought"))
    known, _, unknown = events_after(0, 10)
    assert known.properties["colour"] == {"name": "red", "codes": [1, 2.5, None]}
    assert unknown.properties == {"sale_id": "S3", "amount": "12.50"}
    assert unknown.amount is None
    assert "unknown event type parrot.bought" in receipt.warnings[0].en
    assert {(odd.kind, odd.type, odd.detail): odd.count for odd in oddities()} == {
        ("unknown_field", "sale.made", "colour"): 2,
        ("unknown_type", "parrot.bought", ""): 1,
    }


def test_foreign_money_is_counted_in_the_base_currency() -> None:
    tell(sale(1, currency="USD", exchange_rate=Decimal("7.12345678"), fields={"amount": "10.01"}))
    tell(sale(2, currency="cny"))
    foreign, own = events_after(0, 10)
    assert (foreign.amount, foreign.currency) == (Decimal("71.3058"), "USD")
    assert foreign.properties["amount"] == "10.01"
    assert foreign.properties["tenure:exchange_rate"] == "7.12345678"
    assert (own.amount, own.currency) == (Decimal("12.5"), "CNY")


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("-3", "-3"),
        (" 7.5 ", "7.5"),
        (12, "12"),
        (0.1, "0.1"),
        (Decimal("1E+2"), "100"),
        ("", None),
    ],
)
def test_amounts_are_exact(told: object, kept: str | None) -> None:
    tell(sale(fields={"amount": told}))
    [event] = events_after(0, 10)
    assert event.amount == (None if kept is None else Decimal(kept))


def test_a_moment_in_any_zone_is_the_same_moment() -> None:
    there = datetime(2025, 5, 1, 16, 30, tzinfo=timezone(timedelta(hours=8)))
    assert [r.status for r in tell(sale(1), sale(1, occurred_at=there))] == ["accepted", "repeated"]


def test_numbers_of_new_events_follow_one_another() -> None:
    tell(*(sale(n) for n in range(3)))
    tell(*(sale(n) for n in range(6)))
    ids = [event.id for event in events_after(0, 10)]
    assert ids == sorted(ids)
    assert events_after(ids[2], 10)[0].id == ids[3]


def test_an_empty_batch_and_a_bad_call() -> None:
    assert tell() == []
    with pytest.raises(ValueError, match="source"):
        tell(sale(), source="")
    with pytest.raises(ValueError, match="time zone"):
        record_events([sale()], source="till", by=TESTER, at=NOW.replace(tzinfo=None))


def test_things_that_are_no_events_do_not_stop_the_others() -> None:
    broken = IncomingEvent("sale.made", MAY, ["C1"], 7)  # type: ignore[arg-type]
    assert [r.status for r in tell(broken, sale(1))] == ["refused", "accepted"]


@pytest.mark.parametrize(
    "event",
    [
        IncomingEvent("site.opened", MAY, fields={"price": "9"}),
        IncomingEvent("parrot.bought", MAY, fields={"price": "9"}),
        IncomingEvent("sale.made", MAY, fields={"sale_id": "S1"}),
    ],
)
def test_the_currency_of_what_has_no_amount_is_kept(event: IncomingEvent) -> None:
    event.currency, event.exchange_rate = "USD", Decimal("7.10")
    assert tell(event)[0].status == "accepted"
    [kept] = events_after(0, 10)
    assert kept.properties["tenure:currency"] == "USD"
    assert kept.properties["tenure:exchange_rate"] == "7.10"
    assert (kept.amount, kept.currency) == (None, None)


def test_a_currency_no_database_can_hold_is_refused() -> None:
    event = IncomingEvent("parrot.bought", MAY, currency="U\x00D")
    [receipt] = tell(event)
    assert "'currency'" in receipt.reasons[0].en


def test_a_long_text_is_no_identifier_to_be_remembered() -> None:
    tell(sale(1, identifiers={"customer_id": "C1", "cookie": "k" * 60_000}))
    remembered = {text for _, text in reading_shapes().of("sale.made")._found}
    assert "C1" in remembered
    assert max(map(len, remembered)) < 60_000
