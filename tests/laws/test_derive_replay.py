"""Replay: what the ticks built is what one rebuild makes of the log, whatever happened."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given, settings

from tenure.derive.lifecycles.operations import beside, rebuild, tick
from tenure.derive.lifecycles.operations.computing import build_histories
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


@pytest.mark.django_db
@settings(max_examples=8)
@given(before=lives, during=lives)
def test_what_happens_during_a_rebuild_is_in_it(before: list[Step], during: list[Step]) -> None:
    with fresh_house():
        company = Company()
        company.live(before)
        tick(at=company.now)

        def build(*all_of_it: object) -> dict[str, Path]:
            built = build_histories(*all_of_it)  # type: ignore[arg-type]
            company.live(during)
            return built

        with patch.object(beside, "build_histories", build):
            rebuild(at=company.now)
        tick(at=company.now)
        switched = derived()
        assert derived_by_build() == switched.histories
        rebuild(at=company.now)
        assert derived() == switched
