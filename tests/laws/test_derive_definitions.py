"""Definitions: after a change the histories are those of a house that never knew the old ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenure.definitions import Definition, Lifecycle, load_files, load_text
from tenure.derive.lifecycles.operations import tick
from tenure.record.library.operations import publish
from tests.derive.company import LIBRARY, TESTER, Company, fresh_house
from tests.derive.derived import derived, without_events
from tests.derive.steps import START, Step, lives

WINDOW = """
kind: metric
key: orders_30d
name: {zh: 近期订单数, en: Recent orders}
of: [order.placed]
agg: count
window: {days}d
"""


@pytest.mark.django_db
@settings(max_examples=5)
@given(life=lives, days=st.integers(2, 90), swap=st.booleans(), at=st.integers(0, 20))
def test_a_changed_definition_gives_fresh_histories(
    life: list[Step], days: int, swap: bool, at: int
) -> None:
    results = []
    changed = _changed(days, swap)
    for before in (True, False):
        with fresh_house():
            company = Company()
            if not before:
                publish(changed, note="from the start", by=TESTER, at=START)
            company.live(life[:at], ticking=before)
            if before:
                tick(at=company.now)
                publish(changed, note="changed", by=TESTER, at=company.now)
            company.now += timedelta(minutes=1)
            company.live(life[at:], ticking=before)
            tick(at=company.now)
            found = derived()
            current = [(row[:3], row[4:7]) for row in found.current]
            results.append((found.customers, current, without_events(found.histories)))
    assert results[0][1:] == results[1][1:]


def _changed(days: int, swap: bool) -> list[Definition]:
    definitions: list[Definition] = list(load_text(WINDOW.replace("{days}", str(days)), "law"))
    if swap:
        for definition in load_files([LIBRARY]):
            if isinstance(definition, Lifecycle) and definition.key == "buyers":
                first, *others = definition.check
                check = (*others[:-1], first, others[-1])
                definitions.append(replace(definition, check=check))
    return definitions
