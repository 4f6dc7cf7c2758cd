"""A preview tells what then is so: of merging, of taking back, of taking identifiers out."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenure.derive.customers.models import CustomerCard
from tenure.derive.customers.operations import MergeError, merge_customers, undo_action
from tenure.derive.customers.operations.separating import separate_customer
from tenure.derive.customers.queries import customer_of, identifiers_of
from tenure.derive.customers.queries.profile import profile_of
from tenure.derive.customers.queries.separation import SeparationError
from tenure.derive.lifecycles.operations import tick
from tenure.derive.lifecycles.queries import metrics_of
from tenure.derive.lifecycles.queries.preview import (
    CustomerSeen,
    merge_preview,
    separation_preview,
)
from tenure.record.library.queries import current_library
from tests.derive.company import TESTER, Company, fresh_house, known
from tests.derive.derived import current_stands, derived
from tests.derive.steps import PEOPLE, Merge, Step, lives


@pytest.mark.django_db
@settings(max_examples=6)
@given(life=lives, left=st.sampled_from(PEOPLE), right=st.sampled_from(PEOPLE))
def test_what_a_preview_shows_is_so_after_the_merge(
    life: list[Step], left: tuple[str, str], right: tuple[str, str]
) -> None:
    with fresh_house():
        company = Company()
        company.live(life)
        company.now += timedelta(minutes=1)
        tick(at=company.now)
        try:
            one, other = known(left), known(right)
            at = company.now + timedelta(minutes=1)
            preview = merge_preview(one, other, viewer=TESTER, at=at)
            for seen in preview.before:
                _check(seen, at)
            merge_customers(one, other, reason="same", by=TESTER, at=at)
        except (MergeError, LookupError):
            return
        tick(at=at)
        for seen in preview.after:
            _check(seen, at)


@pytest.mark.django_db
@settings(max_examples=6)
@given(
    life=lives,
    joined=st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(PEOPLE)), max_size=3),
    who=st.sampled_from(PEOPLE),
    data=st.data(),
)
def test_a_separation_is_as_previewed_and_taken_back_exactly(
    life: list[Step],
    joined: list[tuple[tuple[str, str], tuple[str, str]]],
    who: tuple[str, str],
    data: st.DataObject,
) -> None:
    with fresh_house():
        company = Company()
        company.live(life)
        company.now += timedelta(minutes=1)
        for left, right in joined:
            company.take(Merge(left, right))
        company.now += timedelta(minutes=1)
        tick(at=company.now)
        before = derived()
        try:
            own = identifiers_of(customer_of(known(who)))
            leaving = data.draw(st.sets(st.sampled_from(own), max_size=len(own) - 1))
            at = company.now + timedelta(minutes=1)
            preview = separation_preview(own[0], leaving, viewer=TESTER, at=at)
            done = separate_customer(own[0], leaving, reason="two", by=TESTER, at=at)
        except (SeparationError, LookupError):
            return
        tick(at=at)
        assert {customer_of(one) for one in leaving}.isdisjoint(
            {customer_of(one) for one in own if one not in leaving}
        )
        for seen in preview.after:
            _check(seen, at)
        assert done.action_id is not None
        undo_action(done.action_id, by=TESTER, at=at + timedelta(seconds=1))
        tick(at=at + timedelta(seconds=1))
        after = derived()
        assert (after.customers, after.refused) == (before.customers, before.refused)
        assert after.histories == before.histories


def _check(seen: CustomerSeen, at: datetime) -> None:
    """What the tick stored of the customer is what was shown."""
    number = seen.customer_id
    assert customer_of(number) == number
    assert set(seen.own) == set(identifiers_of(number))
    assert {one.id for one in seen.identifiers} == set(seen.own)
    stands = current_stands().get(number, {})
    stages = {key: stand.stage for key, stand in stands.items() if stand.stage}
    assert stages == {key: one.stage.code for key, one in seen.stages.items()}
    card = CustomerCard.objects.filter(customer_id=number).first()
    if card is not None:
        assert card.owner_id == seen.owner_id
        assert tuple(card.tags.split("\n") if card.tags else ()) == seen.tags
    assert profile_of(number, viewer=TESTER) == seen.profile
    keys = list(current_library()[0].metrics)
    found = {one.key: one.value for one in metrics_of(number, as_of=at, viewer=TESTER)}
    assert {key: found.get(key) for key in keys} == {key: seen.metrics.get(key) for key in keys}
