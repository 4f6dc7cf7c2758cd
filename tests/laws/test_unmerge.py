"""Unmerging restores both sides and everything derived, whenever, whatever came between."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from tenure.definitions import PartyType, Survival, SurvivalRule, load_pack
from tenure.derive.customers.models import CustomerCard, SearchToken
from tenure.derive.customers.operations import merge_customers, unmerge_customers
from tenure.derive.customers.queries import customer_of, identifiers_of
from tenure.derive.customers.queries.consents import consents_in
from tenure.derive.customers.queries.profile import profile_of
from tenure.derive.customers.queries.profile_log import customer_log
from tenure.derive.lifecycles.operations import tick
from tenure.record.events.operations import (
    link_identifiers,
    reopen_identifiers,
    unlink_identifiers,
)
from tenure.record.library.operations import publish
from tenure.words import TenureError
from tests.derive.company import TESTER, Company, fresh_house, known
from tests.derive.derived import derived
from tests.derive.steps import PEOPLE, START, Happening, Record, happenings

COLUMNS = [field.name for field in CustomerCard._meta.fields if field.name != "changed_id"]
TWO = (PEOPLE[0], PEOPLE[1])
person = st.sampled_from(PEOPLE).map(lambda one: (one,))
told = st.one_of(
    st.builds(
        Happening,
        st.just("customer.profiled"),
        person,
        st.integers(0, 9).map(lambda days: timedelta(days=days)),
        st.sampled_from(
            [
                (("full_name", "王安"),),
                (("full_name", "李波"), ("city", "上海")),
                (("city", "杭州"),),
            ]
        ),
    ),
    st.builds(Happening, st.just("customer.tagged"), person, st.just(timedelta(0)),
              st.sampled_from([(("tag", "vip"),), (("tag", "old"),)])),
    st.builds(Happening, st.just("customer.assigned"), person, st.just(timedelta(0)),
              st.sampled_from([(("owner", "3"),), (("owner", "4"),)])),
    st.builds(Happening, st.sampled_from(["consent.given", "consent.withdrawn"]), person,
              st.just(timedelta(0)), st.just((("purpose", "marketing"), ("channel", "sms")))),
)  # fmt: skip
recorded = st.builds(
    Record, st.lists(st.one_of(told, happenings), min_size=2, max_size=5).map(tuple)
)
worlds = st.lists(recorded, min_size=1, max_size=3)
between = st.lists(
    st.one_of(
        recorded,
        st.just("publish"),
        st.just("tick"),
        st.tuples(
            st.sampled_from(["link", "unlink"]), st.sampled_from(PEOPLE), st.sampled_from(PEOPLE)
        ),
    ),
    max_size=4,
)


@pytest.mark.django_db
@settings(max_examples=6)
@given(world=worlds, later=between)
def test_an_unmerge_leaves_what_would_be_without_the_merge(
    world: list[Record], later: list[object]
) -> None:
    first = Record((Happening("visit.made", (TWO[0],), timedelta(0)),
                    Happening("visit.made", (TWO[1],), timedelta(0))))  # fmt: skip
    seen = [_lived([first, *world], later, merging=merging) for merging in (True, False)]
    if seen[0] is None or seen[1] is None:  # other links hold the two together
        return
    assert seen[0] == seen[1]


def _lived(world: list[Record], later: list[object], *, merging: bool) -> object:
    with fresh_house():
        _number_from_one()
        publish(load_pack("core"), note="core", by=TESTER, at=START)
        company = Company()
        company.live([*world], ticking=False)
        company.now += timedelta(minutes=1)
        tick(at=company.now)
        left, right = known(TWO[0]), known(TWO[1])
        company.now += timedelta(minutes=1)
        try:
            if merging:
                merge_customers(left, right, reason="same", by=TESTER, at=company.now)
            else:
                reopen_identifiers(left, right, reason="same", by=TESTER, at=company.now)
            tick(at=company.now)
            for step in later:
                company.now += timedelta(minutes=1)
                _take(company, step)
            company.now += timedelta(minutes=1)
            if merging:
                unmerge_customers(left, right, reason="no", by=TESTER, at=company.now)
            else:
                reopen_identifiers(left, right, reason="no", by=TESTER, at=company.now)
        except TenureError:
            return None
        tick(at=company.now)
        return _everything(company)


def _number_from_one() -> None:
    """Both lives give their events the same numbers: PostgreSQL's go on after a rollback."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT setval(pg_get_serial_sequence('events_event', 'id'), 1, false)")


def _take(company: Company, step: object) -> None:
    match step:
        case Record():
            company.live([step])
        case "publish":
            rule = SurvivalRule("oldest")
            changed = [
                replace(one, survival=Survival(rule))
                if isinstance(one, PartyType) and one.key == "person"
                else one
                for one in load_pack("core")
            ]
            publish(changed, note="oldest", by=TESTER, at=company.now)
        case "tick":
            tick(at=company.now)
        case (act, one, other) if one != other and {one, other} != {*TWO}:
            say = link_identifiers if act == "link" else unlink_identifiers
            try:
                ends = known(one), known(other)
            except LookupError:
                return
            say(*ends, reason="also", by=TESTER, at=company.now)


def _everything(company: Company) -> object:
    found = derived()
    people = {}
    for one in PEOPLE:
        try:
            number = known(one)
        except LookupError:
            continue
        customer = customer_of(number)
        log = customer_log(customer)
        people[one] = (
            profile_of(customer, viewer=TESTER),
            identifiers_of(customer),
            consents_in(log, as_of=company.now),
        )
    return (
        found.customers,
        found.refused,
        found.current,
        found.histories,
        sorted(CustomerCard.objects.values_list(*COLUMNS)),
        sorted(SearchToken.objects.values_list("blind", "subject_id")),
        people,
    )
