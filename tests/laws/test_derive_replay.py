"""Replay: what the ticks built is what one rebuild makes of the log, whatever happened."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from tenure.derive.lifecycles.operations import rebuild, tick
from tests.derive.company import Company, fresh_house
from tests.derive.derived import derived, derived_by_build
from tests.derive.steps import Step, lives


@pytest.mark.django_db
@settings(max_examples=8)
@given(life=lives)
def test_ticks_equal_one_rebuild(life: list[Step]) -> None:
    with fresh_house():
        company = Company()
        company.live(life)
        tick(at=company.now)
        ticked = derived()
        assert derived_by_build() == ticked.histories
        rebuild(at=company.now)
        assert derived() == ticked
