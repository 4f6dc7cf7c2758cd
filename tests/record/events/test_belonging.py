"""Identifiers that belong to one customer, and of which a customer has one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from tenure.definitions import Definition, PartyType, load_pack
from tenure.record.events.operations import IncomingEvent, Receipt, record_events
from tenure.record.library.operations import publish
from tests.derive.company import TESTER, fresh_house
from tests.derive.steps import START


@pytest.fixture
def shop(db: None) -> Iterator[None]:
    with fresh_house():
        definitions: list[Definition] = []
        for one in load_pack("core"):
            if isinstance(one, PartyType) and one.key == "person":
                kinds = {
                    "member_no": {"unique": True},
                    "id_number": {"unique": True, "single": True},
                    "patient_no": {"single": True},
                }
                changed = tuple(
                    replace(kind, **kinds.get(kind.key, {})) for kind in one.identifiers
                )
                one = replace(one, identifiers=changed)
            definitions.append(one)
        publish(definitions, note="unique", by=TESTER, at=START)
        yield


def tell(*people: dict[str, str]) -> list[Receipt]:
    events = [
        IncomingEvent("customer.recognised", START + timedelta(minutes=1), dict(one))
        for one in people
    ]
    return record_events(events, source="shop", by=TESTER, at=START + timedelta(minutes=2))


ANN, BO = {"member_no": "M1", "phone": "13900000001"}, {"member_no": "M2", "phone": "13900000002"}


def statuses(receipts: list[Receipt]) -> list[str]:
    return [one.status for one in receipts]


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize("apart", [True, False])
def test_a_number_of_another_member_is_refused(apart: bool) -> None:
    mixed = {"member_no": "M1", "phone": "13900000002"}
    if apart:
        assert statuses(tell(ANN)) == statuses(tell(BO)) == ["accepted"]
        [receipt] = tell(mixed)
    else:
        *others, receipt = tell(ANN, BO, mixed)
        assert statuses(others) == ["accepted", "accepted"]
    assert receipt.status == "refused"
    assert "会员号" in receipt.reasons[0].zh
    assert "another customer" in receipt.reasons[0].en


@pytest.mark.usefixtures("shop")
def test_somebody_without_a_number_gets_one_and_a_second_card_is_no_conflict() -> None:
    assert statuses(tell({"phone": "13900000003"}, {"email": "cy@example.com"})) == ["accepted"] * 2
    assert statuses(tell({"member_no": "M3", "phone": "13900000003"})) == ["accepted"]
    assert statuses(tell({"member_no": "M3", "email": "cy@example.com"})) == ["accepted"]
    assert statuses(tell({"member_no": "M4", "phone": "13900000003"})) == ["accepted"]


@pytest.mark.usefixtures("shop")
def test_a_second_value_of_a_single_type_is_refused() -> None:
    first = {"patient_no": "P1", "phone": "13900000001"}
    assert statuses(tell(first, first)) == ["accepted", "repeated"]
    assert statuses(tell(first)) == ["repeated"]
    [receipt] = tell({"patient_no": "P2", "phone": "13900000001"})
    assert receipt.status == "refused"
    assert "has one already" in receipt.reasons[0].en
    assert statuses(tell({"patient_no": "P2", "phone": "13900000009"})) == ["accepted"]
    [receipt] = tell({"phone": "13900000001", "email": "an@example.com"})
    assert receipt.status == "accepted"
    [receipt] = tell({"phone": "13900000009", "email": "an@example.com"})
    assert receipt.status == "refused"
