"""A viewer's boards count the viewer's customers, and all viewers' boards make up everybody's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tenure.actor import Actor
from tenure.derive.customers.models import CustomerCard
from tenure.derive.lifecycles.operations import tick
from tenure.derive.lifecycles.queries import (
    board,
    coming_changes,
    coming_counts,
    commonest_paths,
    conversion,
    customer_history,
    customers_in,
    flow_accounts,
    group_of,
    metrics_of,
    money_accounts,
    next_change,
    passages,
    stage_counts,
    time_in_stage,
    transitions,
)
from tenure.guard.access.models import Account, Role
from tenure.guard.access.queries import ForbiddenError, actor_of
from tests.derive.company import TESTER, Company, fresh_house, known
from tests.derive.steps import PHONES, START, Happening

WHO = [("phone", number) for number in PHONES]
STAGES = ("prospect", "new", "loyal", "active", "lost")


def order(*who: tuple[str, str]) -> Happening:
    return Happening("order.placed", who, timedelta(0), (("amount", "50"), ("channel", "web")))


def seller(name: str, scope: str = "own") -> tuple[Account, Actor]:
    account = Account.objects.create_user(f"{name}@example.com", created_at=START)
    grants = {"customer.view": scope}
    role = Role.objects.create(key=f"r_{name}", name_zh=name, name_en=name, grants=grants)
    account.roles.add(role)
    return account, actor_of(account)


def own(customer_id: int, account: Account | None) -> None:
    CustomerCard.objects.update_or_create(
        customer_id=customer_id,
        defaults={
            "party": "person",
            "owner_id": account.pk if account else None,
            "tags": "",
            "name_field": "",
            "first_us": 0,
            "last_us": 0,
            "changed_id": 0,
        },
    )


@pytest.fixture
def company(db: None) -> Iterator[Company]:
    with fresh_house():
        company = Company()
        for round_ in range(3):
            company.record(tuple(order(who) for who in WHO[: len(WHO) - round_]), imported=False)
            company.now += timedelta(days=17)
        tick(at=company.now)
        yield company


def everything(viewer: Actor, company: Company) -> dict[str, object]:
    """All that the queries count, in sums that add up over disjoint sets of customers."""
    at, begin = company.now, START + timedelta(days=18)
    flow = {"from_at": begin, "to_at": at, "viewer": viewer}
    counts: dict[str, object] = {}
    for known_at in (None, begin + timedelta(days=1)):
        kinds = stage_counts("buyers", as_of=at, viewer=viewer, known_at=known_at)
        counts |= {f"{known_at} {stage}": heads for stage, heads in kinds.items()}
    for account in flow_accounts("buyers", **flow):
        sides = (account.opening, account.entered, account.left, account.closing)
        counts |= {f"{account.stage} {side}": heads for side, heads in enumerate(sides)}
    for move in transitions("buyers", **flow):
        counts[f"move {move.from_stage} {move.to_stage}"] = move.customers
    for one in passages("buyers", **flow):
        counts[f"between {one.from_stage} {one.to_stage}"] = one.customers
    for soon in coming_counts("buyers", at=at, until=at + timedelta(days=90), viewer=viewer):
        counts[f"soon {soon.stage} {soon.next_stage}"] = soon.customers
    for path in commonest_paths("buyers", as_of=at, viewer=viewer):
        counts[f"path {path.stages}"] = path.customers
    for cohort in conversion(
        "buyers",
        entered="new",
        reached="active",
        within=timedelta(days=30),
        first=START.date(),
        last=at.date(),
        as_of=at,
        viewer=viewer,
    ):
        counts[f"cohort {cohort.cohort}"] = cohort.customers
    for stage in STAGES:
        listed = customers_in("buyers", stage, as_of=at, viewer=viewer)
        counts[f"listed {stage}"] = len(listed)
        curve = time_in_stage("buyers", stage, as_of=at, viewer=viewer)
        counts[f"stays {stage}"] = 0 if curve is None else int(curve.at_risk[0])
    return counts


@given(whose=st.lists(st.integers(0, 2), min_size=len(WHO), max_size=len(WHO)))
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_the_owners_see_makes_up_what_everybody_sees(
    company: Company, whose: list[int]
) -> None:
    Account.objects.all().delete()
    Role.objects.filter(key__startswith="r_").delete()
    sellers = [seller(f"s{number}") for number in range(3)]
    for who, index in zip(WHO, whose, strict=True):
        own(known(who), sellers[index][0])
    whole = everything(TESTER, company)
    parts = [everything(actor, company) for _, actor in sellers]
    for name in {*whole, *(name for part in parts for name in part)}:
        assert whole.get(name, 0) == sum(int(str(part.get(name, 0))) for part in parts), name


def test_a_scoped_viewer_sees_nobody_elses_customer(company: Company) -> None:
    account, viewer = seller("ann")
    other, _ = seller("bo")
    own(known(WHO[0]), account)
    own(known(WHO[1]), other)
    assert board("buyers", as_of=company.now, viewer=viewer).heads == 1
    at = company.now
    mine, theirs, nobodys = (known(who) for who in WHO[:3])
    listed = [
        one.customer_id
        for stage in STAGES
        for one in customers_in("buyers", stage, as_of=at, viewer=viewer)
    ]
    assert listed == [mine]
    until = at + timedelta(days=365)
    coming = coming_changes("buyers", at=at, until=until, viewer=viewer)
    assert {one.customer_id for one in coming} <= {mine}
    assert customer_history(mine, "buyers", as_of=at, viewer=viewer)
    for hidden in (theirs, nobodys):
        with pytest.raises(ForbiddenError):
            customer_history(hidden, "buyers", as_of=at, viewer=viewer)
        with pytest.raises(ForbiddenError):
            next_change(hidden, "buyers", as_of=at, viewer=viewer)
        with pytest.raises(ForbiddenError):
            metrics_of(hidden, as_of=at, viewer=viewer)


def test_a_viewer_without_the_right_counts_nobody(company: Company) -> None:
    _, viewer = seller("none", "nothing")
    own(known(WHO[0]), None)
    assert board("buyers", as_of=company.now, viewer=viewer).heads == 0


def test_a_group_is_counted_like_a_scope(company: Company) -> None:
    account, _ = seller("ann")
    for who in WHO[:2]:
        own(known(who), account)
    asked = {"at": company.now, "viewer": TESTER}
    assert group_of("buyers", **asked) is None
    owned = group_of("buyers", owner_id=account.pk, **asked)
    often = group_of("buyers", condition="orders >= 2", **asked)
    both = group_of("buyers", owner_id=account.pk, condition="orders >= 3", **asked)
    assert [len(group) for group in (owned, often, both) if group] == [2, 3, 2]
    whole = board("buyers", as_of=company.now, viewer=TESTER)
    assert (whole.heads, board("buyers", as_of=company.now, viewer=TESTER, among=often).heads) == (
        4,
        3,
    )


def test_coming_changes_say_when_and_why(company: Company) -> None:
    until = company.now + timedelta(days=60)
    found = coming_changes("buyers", at=company.now, until=until, viewer=TESTER)
    counted = coming_counts("buyers", at=company.now, until=until, viewer=TESTER)
    assert len(found) == sum(one.customers for one in counted) == 3
    assert [one.at for one in found] == sorted(one.at for one in found)
    for one in found:
        expected = next_change(one.customer_id, "buyers", as_of=company.now, viewer=TESTER)
        assert expected is not None
        assert (one.at, one.next_stage, one.cause) == (expected.at, expected.stage, expected.cause)
    pair = (found[0].stage, found[0].next_stage)
    some = coming_changes(
        "buyers", at=company.now, until=until, viewer=TESTER, stage=pair[0], next_stage=pair[1]
    )
    assert {(one.stage, one.next_stage) for one in some} == {pair}


def test_passages_add_up_to_both_boards(company: Company) -> None:
    begin = START + timedelta(days=1)
    found = passages("buyers", from_at=begin, to_at=company.now, viewer=TESTER)
    for moment, side in ((begin, "from_stage"), (company.now, "to_stage")):
        counts = stage_counts("buyers", as_of=moment, viewer=TESTER)
        for stage, heads in counts.items():
            assert heads == sum(one.customers for one in found if getattr(one, side) == stage)


def test_no_money_where_no_metric_is_a_years(company: Company) -> None:
    asked = {"from_at": START, "to_at": company.now, "viewer": TESTER}
    assert money_accounts("buyers", **asked) == []
