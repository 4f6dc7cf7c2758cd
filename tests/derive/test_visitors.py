"""Visitors: their history joins the one who logs in; a shared browser joins nobody."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenure.definitions import load_pack
from tenure.derive.customers.projection.resolving import identity_known_at
from tenure.derive.customers.projection.trying import together
from tenure.engine.identity.affected import customers_in
from tenure.record.events.operations import IncomingEvent, record_events
from tenure.record.events.queries import find_identifiers
from tenure.record.library.operations import publish
from tests.record.shop import MAY, NOW, TESTER

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _house(db: None) -> None:
    publish(load_pack("core"), note="test", by=TESTER, at=MAY)


def seen(*events: dict[str, str]) -> None:
    for number, identifiers in enumerate(events):
        event = IncomingEvent(
            type="customer.recognised",
            occurred_at=MAY + timedelta(minutes=number),
            identifiers=dict(identifiers),
        )
        [receipt] = record_events([event], source="site", by=TESTER, at=_at(number))
        assert receipt.status == "accepted"


def _at(number: int) -> datetime:
    return NOW + timedelta(seconds=number)


def customer(kind: str, value: str) -> int:
    [found] = find_identifiers(value, types=[kind])
    whole = identity_known_at(None).map
    return int(customers_in(whole, np.array([found.id], np.int64))[0])


def same(*whose: tuple[str, str]) -> bool:
    """Whether all are one customer, by all links and by those around them alike."""
    whole = len({customer(*one) for one in whose}) == 1
    numbers = [find_identifiers(value, types=[kind])[0].id for kind, value in whose]
    assert together(numbers[0], numbers[1]) == (customer(*whose[0]) == customer(*whose[1]))
    return whole


V, U, W = ("anonymous_id", "v1"), ("app_user_id", "u1"), ("app_user_id", "u2")
MAIL, OTHER = ("email", "ann@example.org"), ("email", "bob@example.org")


def test_who_logs_in_was_the_visitor() -> None:
    seen(dict([V]), dict([V, U]))
    assert same(V, U)


def test_a_browser_in_which_two_log_in_joins_nobody() -> None:
    seen(dict([V]), dict([V, U]), dict([V, W]))
    assert not same(U, W)
    assert not same(V, U)


def test_a_lead_who_logs_in_later_keeps_the_history() -> None:
    seen(dict([V, MAIL]), dict([V, U]))
    assert same(V, U, MAIL)


def test_traits_of_the_account_do_not_make_a_browser_shared() -> None:
    seen(dict([V, U, MAIL]), dict([V, U, OTHER]), {"phone": "13912345678", **dict([V, U])})
    assert same(V, U, MAIL, OTHER, ("phone", "13912345678"))


def test_two_leads_at_one_counter_stay_two() -> None:
    seen(dict([V, MAIL]), dict([V, OTHER]))
    assert not same(MAIL, OTHER)


def test_an_account_may_come_with_any_number_of_browsers() -> None:
    seen(*({"anonymous_id": f"v{n}", "app_user_id": "u1"} for n in range(60)))
    assert same(("anonymous_id", "v0"), ("anonymous_id", "v59"), U)


NAMES = st.fixed_dictionaries(
    {},
    optional={
        "anonymous_id": st.sampled_from(["v1", "v2"]),
        "app_user_id": st.sampled_from(["u1", "u2"]),
    },
).filter(bool)
_examples = count()


@settings(max_examples=8, deadline=None)
@given(events=st.lists(NAMES, min_size=1, max_size=6))
def test_two_accounts_are_never_joined_by_browsers(events: list[dict[str, str]]) -> None:
    mark = next(_examples)  # each example in a world of its own
    seen(*({kind: f"{value}-{mark}" for kind, value in one.items()} for one in events))
    accounts = [("app_user_id", f"{name}-{mark}") for name in ("u1", "u2")]
    there = [one for one in accounts if find_identifiers(one[1], types=[one[0]])]
    assert len(there) < 2 or not same(*there)
