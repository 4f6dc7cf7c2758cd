"""What is set once counts only while nothing else is told, in whatever order it all arrives."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenure.definitions import load_pack
from tenure.derive.customers.queries.profile import profile_of
from tenure.record.events.operations import IncomingEvent, record_events
from tenure.record.library.operations import publish
from tests.derive.company import TESTER, fresh_house, known
from tests.derive.steps import START

PHONE = "13900001111"
steps = st.lists(st.sampled_from(["set", "once", "clear"]), min_size=1, max_size=6).flatmap(
    lambda kinds: st.tuples(st.just(kinds), st.permutations(range(len(kinds))))
)


def told(kind: str, hour: int) -> IncomingEvent:
    city = f"city {hour}"
    fields: dict[str, object] = {
        "set": {"city": city},
        "once": {"city": city, "set_once": "city"},
        "clear": {"cleared": "city"},
    }[kind]  # type: ignore[assignment]
    at = START + timedelta(hours=hour)
    return IncomingEvent("customer.profiled", at, {"phone": PHONE}, fields, key=f"k{hour}")


def expected(kinds: list[str]) -> str | None:
    """PostHog's and Sensors' rule: a set takes the last word, a set-once an empty field only."""
    value = None
    for hour, kind in enumerate(kinds):
        if kind == "set" or (kind == "once" and value is None):
            value = f"city {hour}"
        elif kind == "clear":
            value = None
    return value


@pytest.mark.django_db
def test_order_of_arrival_changes_nothing() -> None:
    @settings(max_examples=25)
    @given(life=steps)
    def law(life: tuple[list[str], list[int]]) -> None:
        kinds, order = life
        with fresh_house():
            publish(load_pack("core"), note="t", by=TESTER, at=START)
            for hour in order:
                at = START + timedelta(days=1)
                record_events([told(kinds[hour], hour)], source="web", by=TESTER, at=at)
            one = known(("phone", f"+86{PHONE}"))
            for until in range(len(kinds)):
                moment = START + timedelta(hours=until, minutes=1)
                field = profile_of(one, viewer=TESTER, as_of=moment).field("city")
                assert (field.value if field else None) == expected(kinds[: until + 1])

    law()
