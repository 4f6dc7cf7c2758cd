"""Identity: merges in any order give the same customers, and taking them back restores all."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tenure.derive.customers.operations import MergeError, merge_customers, unmerge_customers
from tenure.derive.lifecycles.operations import tick
from tests.derive.company import TESTER, Company, fresh_house, known
from tests.derive.derived import Derived, derived, without_events
from tests.derive.steps import PEOPLE, Happening, Record, Step, records

Pair = tuple[tuple[str, str], tuple[str, str]]
pairs = st.lists(
    st.tuples(st.sampled_from(PEOPLE), st.sampled_from(PEOPLE)).filter(lambda p: p[0] != p[1]),
    min_size=1,
    max_size=5,
)


@pytest.mark.django_db
@settings(max_examples=5)
@given(data=st.data(), life=records, wanted=pairs)
def test_any_order_of_merges_gives_the_same_customers(
    data: st.DataObject, life: list[Step], wanted: list[Pair]
) -> None:
    results = []
    for order in (wanted, data.draw(st.permutations(wanted))):
        with fresh_house():
            company = _lived(life)
            for pair in order:
                _merge(company, pair)
                company.now += timedelta(minutes=1)
                if data.draw(st.booleans()):
                    tick(at=company.now)
            company.now = company.now.replace(minute=59)
            tick(at=company.now)
            found = derived()
            results.append((found.customers, found.current, without_events(found.histories)))
    assert results[0] == results[1]


PHONES = (("phone", "13900000001"), ("phone", "13900000002"))
# An order dated hours ahead, as a wrong clock sends it: the merge is then the earlier event.
AHEAD = [
    Record((Happening("order.placed", (phone,), late, (("amount", "20"),)),), False)
    for phone, late in zip(PHONES, (timedelta(0), timedelta(hours=-12)), strict=True)
]


@pytest.mark.django_db
@settings(max_examples=5)
@given(life=records, wanted=pairs)
@example(life=AHEAD, wanted=[PHONES])
@example(life=AHEAD, wanted=[PHONES[::-1]])
def test_taking_merges_back_restores_everything(life: list[Step], wanted: list[Pair]) -> None:
    with fresh_house():
        company = _lived(life)
        tick(at=company.now)
        before = derived()
        done = [pair for pair in wanted if _merge(company, pair)]
        tick(at=company.now)
        if done:
            assert _customers(derived()) != _customers(before)
        for left, right in reversed(done):
            company.now += timedelta(minutes=1)
            unmerge_customers(known(left), known(right), reason="no", by=TESTER, at=company.now)
            tick(at=company.now)
        after = derived()
        assert (after.customers, after.histories) == (before.customers, before.histories)
        assert after.refused == before.refused


def _lived(life: list[Step]) -> Company:
    company = Company()
    company.live([step for step in life if isinstance(step, Record)], ticking=False)
    return company


def _merge(company: Company, pair: Pair) -> bool:
    company.now += timedelta(seconds=1)
    left, right = pair
    try:
        merge_customers(known(left), known(right), reason="same", by=TESTER, at=company.now)
    except (MergeError, LookupError):
        return False
    return True


def _customers(found: Derived) -> object:
    return found.customers
