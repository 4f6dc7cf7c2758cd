from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import numpy as np
import pytest

from tenure.derive.customers.models import CustomerCard
from tenure.derive.customers.operations import (
    UndoneError,
    assign_customers,
    merge_customers,
    tag_customers,
    undo_action,
    unmerge_customers,
    untag_customers,
)
from tenure.derive.customers.projection import customers_of
from tenure.derive.customers.queries import (
    cards,
    customers_found,
    identifier_views_of,
    masked,
    merges,
    visible,
)
from tenure.derive.lifecycles.operations import rebuild, tick
from tenure.guard.access.queries import ForbiddenError
from tenure.record.events.operations import IncomingEvent, record_about
from tests.derive.company import TESTER
from tests.derive.staff import PEOPLE, START, account, actor, meet, shop

A_MINUTE = timedelta(minutes=1)
SEE_ALL = {"customer.view": "all", "customer.assign": "all", "customer.edit": "all"}
SEE_OWN = {"customer.view": "own", "customer.assign": "own", "customer.edit": "own"}


@pytest.fixture
def people(db: None) -> Iterator[list[int]]:
    """The shop's customers, by number, with their cards."""
    with shop():
        known = meet()
        tick(at=START)
        yield customers_of(np.array(known)).tolist()


def rows() -> list[tuple[object, ...]]:
    columns = [field.name for field in CustomerCard._meta.fields if field.name != "changed_id"]
    return sorted(CustomerCard.objects.values_list(*columns))


def test_a_card_says_who_whose_and_since_when(people: list[int]) -> None:
    found = cards(people, TESTER)
    assert [card.name for card in found.values()] == [one.name for one in PEOPLE]
    first = found[people[0]]
    assert first.party == "person"
    assert first.channel == "store"
    assert first.first_seen == START
    assert first.owner_id is None
    assert first.tags == ()


def test_ticks_keep_cards_as_a_rebuild_makes_them(people: list[int]) -> None:
    boss = account("boss@example.com", SEE_ALL)
    at = START + A_MINUTE
    assign_customers(people[:3], boss.pk, by=TESTER, at=at)
    tag_customers(people[1:4], " VIP  客户 ", by=TESTER, at=at)
    untag_customers(people[1:2], "VIP 客户", by=TESTER, at=at + A_MINUTE)
    tag_customers(people[:2], "a", by=TESTER, at=at + A_MINUTE)
    merge_customers(people[0], people[2], reason="same", by=TESTER, at=at + 2 * A_MINUTE)
    before = rows()
    tick(at=at + 3 * A_MINUTE)
    ticked = rows()
    assert len(ticked) == len(before) - 1
    rebuild(at=at + 3 * A_MINUTE)
    assert rows() == ticked


def test_an_edit_shows_at_once_and_stays_after_the_tick(people: list[int]) -> None:
    boss = account("boss@example.com", SEE_ALL)
    assign_customers(people[:2], boss.pk, by=TESTER, at=START + A_MINUTE)
    tag_customers(people[:1], "b", by=TESTER, at=START + A_MINUTE)
    tag_customers(people[:1], "a", by=TESTER, at=START + A_MINUTE)
    at_once = cards(people, TESTER)
    tick(at=START + 2 * A_MINUTE)
    assert cards(people, TESTER) == at_once
    assert at_once[people[0]].owner_id == boss.pk
    assert at_once[people[0]].tags == ("a", "b")


def test_of_two_owners_the_latest_assigned_has_the_merged_customer(people: list[int]) -> None:
    one, other = account("one@example.com", SEE_ALL), account("other@example.com", SEE_ALL)
    assign_customers(people[:1], one.pk, by=TESTER, at=START + 2 * A_MINUTE)
    assign_customers(people[1:2], other.pk, by=TESTER, at=START + A_MINUTE)
    merge_customers(people[0], people[1], reason="same", by=TESTER, at=START + 3 * A_MINUTE)
    tick(at=START + 4 * A_MINUTE)
    [merged] = set(customers_of(np.array(people[:2])).tolist())
    assert cards([merged], TESTER)[merged].owner_id == one.pk
    unmerge_customers(people[0], people[1], reason="no", by=TESTER, at=START + 5 * A_MINUTE)
    tick(at=START + 6 * A_MINUTE)
    owners = [card.owner_id for card in cards(people[:2], TESTER).values()]
    assert owners == [one.pk, other.pk]


def test_the_newest_name_is_shown_until_it_is_emptied(people: list[int]) -> None:
    def profile(minutes: int, **fields: object) -> None:
        at = START + minutes * A_MINUTE
        event = IncomingEvent("customer.profiled", at, fields=fields)
        record_about(people[0], event, by=TESTER, at=at)
        tick(at=at)

    profile(1, full_name="王大明")
    assert cards(people, TESTER)[people[0]].name == "王大明"
    profile(2, city="上海")
    assert cards(people, TESTER)[people[0]].name == "王大明"
    profile(3, cleared="city,full_name")
    card = cards(people, TESTER)[people[0]]
    assert (card.name, card.named) == ("M001", False)


def test_names_are_masked_for_those_who_may_not_read_them(people: list[int]) -> None:
    seller = actor(account("seller@example.com", {"customer.view": "all"}))
    reader = actor(account("reader@example.com", {"customer.view": "all"}, reads=["name"]))
    assert [card.name for card in cards(people, seller).values()] == [
        "王**", "曾**", "单**", "J*** S***", "陳**",
    ]  # fmt: skip
    assert all(card.masked for card in cards(people, seller).values())
    assert [card.name for card in cards(people, reader).values()] == [one.name for one in PEOPLE]
    values = {
        one.type: one.value
        for one in identifier_views_of(people[0], viewer=seller, with_personal=True)
    }
    assert values == {
        "member_no": "M001", "phone": "138****8001", "email": "x***@example.com",
    }  # fmt: skip


def test_only_the_own_customers_are_seen(people: list[int]) -> None:
    seller = account("seller@example.com", SEE_OWN)
    assign_customers(people[:2], seller.pk, by=TESTER, at=START + A_MINUTE)
    merge_customers(people[2], people[3], reason="same", by=TESTER, at=START + 2 * A_MINUTE)
    mine = visible(actor(seller))
    assert not mine.everybody
    assert [mine.allows(one) for one in people] == [True, True, False, False, False]
    assert set(mine.ids().to_pylist()) == set(people[:2])  # type: ignore[union-attr]
    assert list(cards(people, actor(seller))) == people[:2]
    assert customers_found(PEOPLE[0].phone, viewer=actor(seller))
    assert not customers_found(PEOPLE[2].phone, viewer=actor(seller))
    assert not identifier_views_of(people[2], viewer=actor(seller))
    assert not merges(viewer=actor(seller))
    assert len(merges(viewer=TESTER)) == 1
    nobody = visible(actor(account("nobody@example.com", {})))
    assert not nobody.allows(people[0])
    assert nobody.ids().to_pylist() == []  # type: ignore[union-attr]


def test_an_action_leaves_out_whom_one_may_not_change(people: list[int]) -> None:
    seller = account("seller@example.com", SEE_OWN)
    assign_customers(people[:2], seller.pk, by=TESTER, at=START + A_MINUTE)
    done = tag_customers(people, "vip", by=actor(seller), at=START + 2 * A_MINUTE)
    assert (done.changed, done.left_out) == (2, 3)
    with pytest.raises(ForbiddenError):
        tag_customers(people[2:], "vip", by=actor(seller), at=START + 2 * A_MINUTE)


def test_an_action_is_taken_back_once_by_whoever_did_it(people: list[int]) -> None:
    one, other = account("one@example.com", SEE_ALL), account("other@example.com", SEE_ALL)
    assign_customers(people[:2], one.pk, by=actor(one), at=START + A_MINUTE)
    before = rows()
    done = assign_customers(people, other.pk, by=actor(one), at=START + 2 * A_MINUTE)
    assert done.action_id is not None
    assert done.changed == 5
    with pytest.raises(UndoneError):
        undo_action(done.action_id, by=actor(other), at=START + 3 * A_MINUTE)
    assert undo_action(done.action_id, by=actor(one), at=START + 3 * A_MINUTE) == 5
    assert rows() == before
    with pytest.raises(UndoneError):
        undo_action(done.action_id, by=actor(one), at=START + 4 * A_MINUTE)
    tick(at=START + 5 * A_MINUTE)
    assert rows() == before


@pytest.mark.parametrize(
    ("group", "value", "seen"),
    [
        ("name", "王小明", "王**"),
        ("name", "李四", "李*"),
        ("name", "John Smith", "J*** S***"),
        ("phone", "+8613800138000", "138****8000"),
        ("phone", "1234567", "****67"),
        ("email", "zhang@example.com", "z***@example.com"),
        ("identity", "310101199001011234", "3****4"),
        ("address", "南京东路1号", "***"),
        ("other", "x", "***"),
        ("name", "", ""),
    ],
)
def test_masks(group: str, value: str, seen: str) -> None:
    assert masked(group, value) == seen
