"""Scope: no door of the list shows a customer whom the rules deny, and each shows all others."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pytest
from django.db import transaction
from django.test import Client
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tenure.derive.customers.operations import assign_customers, merge_customers
from tenure.derive.customers.projection import customers_of
from tenure.derive.customers.queries import cards, customers_found, search_customers, visible
from tenure.derive.lifecycles.operations import rebuild, tick
from tenure.derive.lifecycles.queries.roster import customer_ids, customer_page, customers_in_parts
from tenure.guard.access.models import Account, Department, Role, Team
from tenure.guard.access.queries import actor_of
from tests.derive.company import TESTER
from tests.derive.staff import PEOPLE, START, meet, shop

A_MINUTE = timedelta(minutes=1)
STAFF = 5
SCOPES = ["", "own", "team", "department", "all"]
DEPARTMENTS = ["", "/1/", "/1/2/", "/3/"]


@dataclass(frozen=True)
class Member:
    """An account: its roles' scopes (to see, to export), its department and team."""

    see: tuple[str, ...]
    export: str
    department: int
    team: int


members = st.builds(
    Member,
    see=st.lists(st.sampled_from(SCOPES), min_size=1, max_size=2).map(tuple),
    export=st.sampled_from(SCOPES),
    department=st.integers(0, len(DEPARTMENTS) - 1),
    team=st.integers(0, 2),
)
owners = st.lists(
    st.one_of(st.none(), st.integers(0, STAFF - 1)), min_size=len(PEOPLE), max_size=len(PEOPLE)
)


@contextmanager
def company() -> Iterator[None]:
    with shop(), transaction.atomic():
        yield
        transaction.set_rollback(True)


def hire(staff: list[Member]) -> list[Account]:
    places = {
        index: Department.objects.create(name=path, path=path)
        for index, path in enumerate(DEPARTMENTS)
        if path
    }
    teams = {index: Team.objects.create(name=f"team {index}") for index in (1, 2)}
    found = []
    for number, member in enumerate(staff):
        one = Account.objects.create_user(
            f"a{number}@example.com", name=f"a{number}", department=places.get(member.department),
            created_at=START,
        )  # fmt: skip
        for place, scope in enumerate(member.see):
            grants = {"customer.view": scope} if scope else {}
            if place == 0 and member.export:
                grants["customer.export"] = member.export
            key = f"r{number}-{place}"
            one.roles.add(Role.objects.create(key=key, name_zh=key, name_en=key, grants=grants))
        if member.team:
            one.teams.add(teams[member.team])
        found.append(one)
    return found


def allowed(staff: list[Member], viewer: int, owner: int | None, scopes: list[str]) -> bool:
    """The rules said once more, in the plainest way."""
    me = staff[viewer]
    if "all" in scopes:
        return True
    if owner is None:
        return False
    other = staff[owner]
    if "own" in scopes and owner == viewer:
        return True
    if "team" in scopes and (owner == viewer or (me.team and other.team == me.team)):
        return True
    above, below = DEPARTMENTS[me.department], DEPARTMENTS[other.department]
    inside = bool(above) and below.startswith(above)
    return "department" in scopes and (owner == viewer or inside)


TOGETHER = [Member(("team", "department"), "", 0, 1), *[Member(("",), "", 0, 1)] * (STAFF - 1)]
"""Two roles, of which the one that reaches further does not reach all that the other does."""


@pytest.mark.django_db
@settings(max_examples=8)
@example(staff=TOGETHER, of=[None] * len(PEOPLE), later=[1] * len(PEOPLE), merging=False)
@given(
    staff=st.lists(members, min_size=STAFF, max_size=STAFF),
    of=owners,
    later=owners,
    merging=st.booleans(),
)
def test_every_door_shows_whom_the_rules_allow(
    staff: list[Member], of: list[int | None], later: list[int | None], merging: bool
) -> None:
    with company():
        accounts = hire(staff)
        known = meet()
        tick(at=START)
        numbers = customers_of(np.array(known)).tolist()
        _assign(numbers, of, accounts, minute=1)
        rebuild(at=START + 2 * A_MINUTE)
        _assign(numbers, later, accounts, minute=3)  # the roster does not know these
        if merging:
            merge_customers(numbers[0], numbers[1], reason="m", by=TESTER, at=START + 4 * A_MINUTE)
            tick(at=START + 5 * A_MINUTE)
        whose = _owners(customers_of(np.array(known)).tolist(), later, merging)
        for viewer in range(STAFF):
            _check(staff, accounts, viewer, whose)


def _owners(
    now: list[int], later: list[int | None], merging: bool
) -> dict[int, tuple[int | None, int]]:
    """Customer to owner and to the person whose contacts lead there; the last assigned wins."""
    found: dict[int, tuple[int | None, int]] = {}
    for place, customer in enumerate(now):
        if customer in found and merging:
            continue
        found[customer] = (later[place], place)
    if merging:  # both were assigned at one moment: the later event is the second one's
        found[now[0]] = (later[1], 0)
    return found


def _assign(
    numbers: list[int], of: list[int | None], accounts: list[Account], *, minute: int
) -> None:
    for place, owner in enumerate(of):
        at = START + minute * A_MINUTE + timedelta(seconds=place)
        number = None if owner is None else accounts[owner].pk
        # first somebody else, so that every customer has a statement of this moment
        other = accounts[0].pk if owner != 0 else accounts[1].pk
        assign_customers([numbers[place]], other, by=TESTER, at=at - timedelta(seconds=30))
        assign_customers([numbers[place]], number, by=TESTER, at=at)


def _check(
    staff: list[Member],
    accounts: list[Account],
    viewer: int,
    whose: dict[int, tuple[int | None, int]],
) -> None:
    me, account = staff[viewer], accounts[viewer]
    asker = actor_of(account)
    see = {c for c, (owner, _) in whose.items() if allowed(staff, viewer, owner, list(me.see))}
    export = {c for c, (owner, _) in whose.items() if allowed(staff, viewer, owner, [me.export])}
    numbers = list(whose)
    assert set(cards(numbers, asker)) == see
    seen = visible(asker)
    assert {one for one in numbers if seen.allows(one)} == see
    listed = seen.ids()
    assert listed is None or set(listed.to_pylist()) == see
    for condition in ("", "owner = 'a1' or not owner = 'a1' or owner is null"):
        page = customer_page(condition, viewer=asker)
        assert page is not None
        assert {row.card.customer_id for row in page.rows} == see
        assert page.total == len(see)
        assert set(customer_ids(condition, viewer=asker, limit=99)) == see
    parts = customers_in_parts(
        "", viewer=asker, columns=["owner"], sort="owner", right="customer.export"
    )
    assert {row.card.customer_id for part in parts for row in part} == export
    for customer, (_, place) in whose.items():
        person = PEOPLE[place]
        for text in (person.name, person.phone, person.phone[-5:], person.member_no, person.email):
            found = {one.card.customer_id for one in search_customers(text, viewer=asker)}
            assert found == ({customer} & see), text
        hit = {one.customer_id for one in customers_found(person.phone, viewer=asker)}
        assert hit == ({customer} & see)
    _check_pages(account, see, export, me)


def _check_pages(account: Account, see: set[int], export: set[int], me: Member) -> None:
    client = Client()
    client.force_login(account)
    page = client.get("/customers/?q=")
    if not any(me.see):
        assert page.status_code == 403
    else:
        links = set(map(int, re.findall(r"/customers/(\d+)/\"", page.content.decode())))
        assert links == see
        for person in PEOPLE:
            found = client.get("/customers/palette/", {"q": person.member_no}).content.decode()
            assert set(map(int, re.findall(r"/customers/(\d+)/\"", found))) <= see
    file = client.get("/customers/export.csv?q=")
    if not me.export:
        assert file.status_code == 403
    else:
        rows = list(csv.reader(io.StringIO(file.getvalue().decode())))[1:]
        assert {int(row[0]) for row in rows} == export
