"""Replay, for cards: what the ticks kept is what one rebuild makes, whatever happened."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from tenure.derive.customers.models import CustomerCard
from tenure.derive.lifecycles.operations import rebuild, tick
from tests.derive.company import Company, fresh_house
from tests.derive.steps import Step, lives

COLUMNS = [field.name for field in CustomerCard._meta.fields if field.name != "changed_id"]


@pytest.mark.django_db
@settings(max_examples=6)
@given(life=lives)
def test_cards_of_ticks_equal_those_of_a_rebuild(life: list[Step]) -> None:
    with fresh_house():
        company = Company()
        company.live(life)
        tick(at=company.now)
        ticked = sorted(CustomerCard.objects.values_list(*COLUMNS))
        rebuild(at=company.now)
        assert sorted(CustomerCard.objects.values_list(*COLUMNS)) == ticked
