from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from tenure.record.events.models import Identifier
from tenure.record.events.operations.identifying import is_blocked, normal_value
from tenure.record.events.queries import (
    events_after,
    events_of,
    find_identifiers,
    identifiers,
    oddities,
    sharing_limits,
)
from tenure.record.events.queries.neighbours import all_edges
from tests.record.shop import open_shop, sale, tell


@pytest.mark.parametrize(
    ("how", "raw", "normal"),
    [
        ("none", " A ", " A "),
        ("trim", " A ", "A"),
        ("lower", " Straße ", "strasse"),
        ("digits", "No. 12-34", "1234"),
        ("digits", "none", None),
        ("email", " Li.Lei@Example.COM ", "li.lei@example.com"),
        ("email", "li.lei", None),
        ("email", "a@b", None),
        ("phone", "138 0013 8001", "+8613800138001"),
        ("phone", "+86-138-0013-8001", "+8613800138001"),
        ("phone", "１３８００１３８００１", "+8613800138001"),
        ("phone", "010-62345678", "+861062345678"),
        ("phone", "+44 20 7946 0958", "+442079460958"),
        ("phone", "call me", None),
        ("phone", "12", None),
    ],
)
def test_normal_forms(how: str, raw: str, normal: str | None) -> None:
    assert normal_value(how, "CN", raw) == normal


@pytest.mark.parametrize(
    "value", ["", "null", "N/A", "无", "未知", "0000", "anonymous", "88888888"]
)
def test_values_that_stand_for_nobody(value: str) -> None:
    assert is_blocked("trim", value)


@pytest.mark.parametrize("value", ["7777", "1", "C0", "testa", "12345678"])
def test_values_that_stand_for_somebody(value: str) -> None:
    assert not is_blocked("trim", value)


@pytest.mark.django_db
class TestArrival:
    @pytest.fixture(autouse=True)
    def _shop(self, db: None) -> None:
        open_shop()

    def test_the_first_strong_identifier_is_the_events_own(self) -> None:
        tell(sale(identifiers={"cookie": "k1", "phone": "13800138001", "member_no": "M1"}))
        [event] = events_after(0, 10)
        [member] = find_identifiers("M1", types=["member_no"])
        assert event.identifier_id == member.id
        others = {int(number) for number in event.properties["tenure:with"]}
        assert {view.type for view in identifiers(others).values()} == {"phone", "cookie"}

    def test_a_weak_identifier_alone_is_the_events_own(self) -> None:
        tell(sale(identifiers={"cookie": "k1"}))
        [cookie] = find_identifiers("k1")
        assert events_after(0, 1)[0].identifier_id == cookie.id

    def test_only_strong_identifiers_are_linked(self) -> None:
        tell(sale(1, identifiers={"customer_id": "1", "cookie": "k1"}))
        assert all_edges().num_rows == 0
        tell(sale(2, identifiers={"customer_id": "1", "phone": "13800138001", "email": "a@b.cn"}))
        table = all_edges()
        assert table.num_rows == 3
        assert set(table.column("kind").to_pylist()) == {"automatic"}
        assert all(row["left_id"] < row["right_id"] for row in table.to_pylist())

    def test_blocked_values_are_never_identifiers(self) -> None:
        [receipt] = tell(sale(1, identifiers={"phone": "138 0000 0000", "member_no": " NULL "}))
        [event] = events_after(0, 10)
        assert event.identifier_id is None
        assert len(receipt.warnings) == 2
        assert {(odd.kind, odd.detail) for odd in oddities()} == {
            ("blocked_identifier", "phone"),
            ("blocked_identifier", "member_no"),
        }

    def test_what_cannot_be_read_is_set_aside_but_not_lost(self) -> None:
        [receipt] = tell(sale(1, identifiers={"customer_id": "1", "email": "lilei at home"}))
        assert "cannot be read" in receipt.warnings[0].en
        [customer] = find_identifiers("1", types=["customer_id"])
        [event] = events_of([customer.id], with_personal=True)
        assert event.personal == {"tenure:identifier.email": "lilei at home"}

    def test_an_unknown_type_is_weak_and_personal(self) -> None:
        [receipt] = tell(sale(1, identifiers={"passport": "E123", "customer_id": "1"}))
        assert "unknown identifier type passport" in receipt.warnings[0].en
        assert all_edges().num_rows == 0
        [found] = find_identifiers("E123")
        assert (found.type, found.value) == ("passport", None)
        assert identifiers([found.id], with_personal=True)[found.id].value == "E123"

    def test_found_as_people_type_it(self) -> None:
        tell(sale(1, identifiers={"phone": "+8613800138001"}))
        tell(sale(2, identifiers={"customer_id": "13800138001"}))
        assert [view.type for view in find_identifiers("138-0013-8001")] == ["phone"]
        assert [view.type for view in find_identifiers("13800138001")] == ["customer_id", "phone"]
        assert find_identifiers("13800138002") == []

    def test_a_number_and_no_value_are_understood(self) -> None:
        tell(sale(1, identifiers={"customer_id": 17, "phone": None}))
        [found] = find_identifiers("17")
        assert (found.type, found.value) == ("customer_id", "17")

    def test_limits_come_from_the_definitions(self) -> None:
        assert sharing_limits()["phone"] == 5
        assert "cookie" not in sharing_limits()

    def test_the_same_value_has_the_same_number_under_every_party(self) -> None:
        tell(sale(1, identifiers={"phone": "13800138001"}))
        tell(sale(2, type="site.opened", identifiers={"phone": "138 0013 8001"}))
        one, two = events_after(0, 10)
        assert one.identifier_id == two.identifier_id

    def test_a_table_emptied_under_the_process_is_noticed(
        self, django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[object]]
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            tell(sale(1, identifiers={"customer_id": "remembered"}))
        Identifier.objects.all().delete()  # as a restored backup may do
        tell(sale(2, identifiers={"customer_id": "remembered"}))
        assert [view.value for view in find_identifiers("remembered")] == ["remembered"]

    def test_two_values_of_one_number_are_never_taken_for_one(self) -> None:
        tell(sale(1, identifiers={"customer_id": "one"}))
        Identifier.objects.update(digest=b"another value...")
        good, bad = tell(
            sale(2, identifiers={"customer_id": "two"}), sale(3, identifiers={"customer_id": "one"})
        )
        assert good.status == "accepted"
        assert "have the same number" in bad.reasons[0].en
