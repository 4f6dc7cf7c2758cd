from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import numpy as np
import pytest

from tenure.definitions import load_files
from tenure.definitions.base import DefinitionError
from tenure.derive.customers.operations import assign_customers, merge_customers, tag_customers
from tenure.derive.customers.projection import customers_of
from tenure.derive.customers.projection.roster import roster
from tenure.derive.lifecycles.operations import rebuild, tick
from tenure.derive.lifecycles.operations.roster import refresh_roster
from tenure.derive.lifecycles.queries.roster import (
    customer_ids,
    customer_page,
    customers_in_parts,
    list_vocabulary,
)
from tenure.derive.lifecycles.queries.roster_asked import BEST_FIRST
from tenure.derive.lifecycles.queries.roster_tags import tags_listed
from tenure.record.events.operations import IncomingEvent, record_events
from tenure.record.library.operations import publish
from tests.derive.company import TESTER
from tests.derive.staff import PEOPLE, START, account, actor, meet, shop

A_MINUTE = timedelta(minutes=1)
ALL = {"customer.view": "all", "customer.assign": "all", "customer.edit": "all"}
LISTING = """
kind: event_type
key: order.placed
name: {zh: 下单, en: Order placed}
fields:
  amount: {type: money}
---
kind: metric
key: orders
name: {zh: 订单数, en: Orders}
of: [order.placed]
agg: count
---
kind: metric
key: revenue
name: {zh: 消费额, en: Revenue}
of: [order.placed]
agg: sum
field: amount
unit: money
---
kind: metric
key: mean_order
name: {zh: 客单价, en: Mean order}
expression: revenue / orders
---
kind: expression
key: big
name: {zh: 大客户, en: Big customer}
is: revenue >= 100
---
kind: lifecycle
key: buyers
name: {zh: 买家, en: Buyers}
party: person
check: [loyal, buyer, lead]
stages:
  - {code: loyal, name: {zh: 忠诚, en: Loyal}, canonical: loyal, when: orders >= 2}
  - {code: buyer, name: {zh: 买家, en: Buyer}, canonical: active, when: orders >= 1}
  - {code: lead, name: {zh: 潜在, en: Lead}, canonical: prospect}
"""


@pytest.fixture
def people(db: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[int]]:
    """The shop's customers by number: the n-th has placed n orders of 30."""
    path = tmp_path_factory.mktemp("definitions") / "listing.yaml"
    path.write_text(LISTING)
    with shop():
        publish(load_files([path]), note="list", by=TESTER, at=START)
        known = meet()
        buy({one.member_no: count for count, one in enumerate(PEOPLE)})
        rebuild(at=START + A_MINUTE)
        yield customers_of(np.array(known)).tolist()


def buy(orders: dict[str, int], minute: int = 0) -> None:
    at = START + minute * A_MINUTE
    events = [
        IncomingEvent(
            "order.placed", at, {"member_no": who}, {"amount": "30"}, f"{who}-{n}-{minute}"
        )
        for who, count in orders.items()
        for n in range(count)
    ]
    record_events(events, source="shop", by=TESTER, at=at)


def found(condition: str, **also: object) -> set[int]:
    page = customer_page(condition, viewer=TESTER, **also)  # type: ignore[arg-type]
    assert page is not None
    assert page.total == len(page.rows)
    return {row.card.customer_id for row in page.rows}


@pytest.mark.parametrize(
    ("condition", "who"),
    [
        ("", {0, 1, 2, 3, 4}),
        ("orders >= 3", {3, 4}),
        ("big", {4}),
        ("mean_order = 30 and orders < 2", {1}),
        ("stage_buyers = 'loyal'", {2, 3, 4}),
        ("stage_buyers in ('lead', 'buyer')", {0, 1}),
        ("channel = 'store' or channel = 'web'", {0, 3}),
        ("party = 'person' and first_seen = date '2026-03-01'", {0, 1, 2, 3, 4}),
        ("last_seen > date '2026-03-01'", set()),
        ("tag = 'vip'", {1, 2}),
        ("tag <> 'vip' and tag is not null", {3}),
        ("tag in ('vip', 'new')", {1, 2, 3}),
        ("tag is null", {0, 4}),
        ("owner = 'boss'", {0, 1}),
        ("owner is null", {2, 3, 4}),
        ("not (owner = 'BOSS' or orders > 3)", {2, 3}),
    ],
)
@pytest.mark.parametrize("fresh", [False, True])
def test_conditions(people: list[int], condition: str, who: set[int], fresh: bool) -> None:
    boss = account("boss@example.com", ALL)
    assign_customers(people[:2], boss.pk, by=TESTER, at=START + 2 * A_MINUTE)
    tag_customers(people[1:3], "vip", by=TESTER, at=START + 2 * A_MINUTE)
    tag_customers(people[3:4], "new", by=TESTER, at=START + 2 * A_MINUTE)
    if fresh:
        rebuild(at=START + 3 * A_MINUTE)
    assert found(condition) == {people[n] for n in who}


def test_columns_sort_and_pages(people: list[int]) -> None:
    page = customer_page(
        "", viewer=TESTER, columns=["mean_order", "orders", "stage_buyers", "nothing"],
        sort="-orders", offset=1, limit=2,
    )  # fmt: skip
    assert page is not None
    assert [row.card.name for row in page.rows] == ["John Smith", "单晓燕"]
    assert page.rows[0].values == {"mean_order": 30.0, "orders": 3.0, "stage_buyers": "loyal"}
    assert (page.total, page.bounded, page.at) == (5, False, START + A_MINUTE)
    last = customer_page("", viewer=TESTER, sort="mean_order", limit=9)
    assert last is not None
    assert last.rows[-1].card.customer_id == people[0]  # without a value, last


def test_ticks_and_merges_show_before_the_roster_is_written_anew(people: list[int]) -> None:
    buy({"M001": 2}, minute=5)
    merge_customers(people[3], people[4], reason="same", by=TESTER, at=START + 5 * A_MINUTE)
    tick(at=START + 6 * A_MINUTE)
    [merged] = set(customers_of(np.array(people[3:])).tolist())
    assert found("stage_buyers = 'loyal'") == {people[0], people[2], merged}
    assert found("") == {*people[:3], merged}
    assert refresh_roster(at=START + 7 * A_MINUTE) is None
    assert refresh_roster(at=START + 30 * A_MINUTE) == 4
    assert found("orders = 7") == {merged}
    assert roster().at == START + 30 * A_MINUTE  # type: ignore[union-attr]


def test_only_the_own_customers_are_listed(people: list[int]) -> None:
    seller = account("seller@example.com", {"customer.view": "own", "customer.export": "own"})
    assign_customers(people[:2], seller.pk, by=TESTER, at=START + 2 * A_MINUTE)
    for _ in range(2):
        page = customer_page("", viewer=actor(seller))
        assert page is not None
        assert {row.card.customer_id for row in page.rows} == set(people[:2])
        assert page.total == 2
        assert found("owner = 'seller'") == set(people[:2])
        mine = customer_ids("owner = 'me'", viewer=actor(seller), limit=9)
        assert set(mine) == set(people[:2])
        parts = customers_in_parts(
            "", viewer=actor(seller), columns=["orders"], sort="orders", right="customer.export"
        )
        assert [row.values["orders"] for part in parts for row in part] == [0, 1]
        rebuild(at=START + 3 * A_MINUTE)
    nobody = actor(account("nobody@example.com", {}))
    assert customer_page("", viewer=nobody).total == 0  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ("ordres > 1", "orders"),
        ("owner = 'boos'", "boss"),
        ("tag > 'a'", "tag in"),
        ("orders", "condition"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(
    people: list[int], condition: str, told: str
) -> None:
    account("boss@example.com", ALL)
    with pytest.raises(DefinitionError) as error:
        customer_page(condition, viewer=TESTER)
    assert told in error.value.words.en


def test_without_a_roster_there_is_no_list(db: None) -> None:
    with shop():
        assert customer_page("", viewer=TESTER) is None
        assert list_vocabulary() is None
        assert refresh_roster(at=START) is None
        tick(at=START)
        assert refresh_roster(at=START) == 0
        assert customer_page("", viewer=TESTER).total == 0  # type: ignore[union-attr]


def test_tags_to_choose_from_are_those_of_the_own_customers(people: list[int]) -> None:
    seller = account("seller@example.com", {"customer.view": "own"})
    assign_customers(people[:1], seller.pk, by=TESTER, at=START + 2 * A_MINUTE)
    tag_customers(people[:2], "old", by=TESTER, at=START + 2 * A_MINUTE)
    tag_customers(people[2:], "theirs", by=TESTER, at=START + 2 * A_MINUTE)
    rebuild(at=START + 3 * A_MINUTE)
    tag_customers(people[:1], "new", by=TESTER, at=START + 4 * A_MINUTE)
    assert set(tags_listed(actor(seller))) == {"old", "new"}
    assert set(tags_listed(TESTER)) == {"old", "new", "theirs"}


def test_a_search_is_one_more_condition(people: list[int]) -> None:
    def sought(text: str, condition: str = "", **asked: str) -> list[int]:
        page = customer_page(condition, viewer=TESTER, sought=text, **asked)  # type: ignore[arg-type]
        assert page is not None
        assert page.total == len(page.rows)
        return [row.card.customer_id for row in page.rows]

    wang = people[0]
    assert sought("wxm") == [wang]
    assert sought("wxm", "orders > 0") == []
    assert sought("nobody") == []
    assert sought("wxm", sort=BEST_FIRST) == [wang]
    assert customer_ids("", viewer=TESTER, sought="wxm", limit=9) == [wang]
    seller = account("seller@example.com", {"customer.view": "own"})
    page = customer_page("", viewer=actor(seller), sought="138 0013 8001")
    assert page is not None
    assert (page.total, page.cut) == (0, False)
