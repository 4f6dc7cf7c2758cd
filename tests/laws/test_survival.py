"""Survival: of several values the rule's is shown, the same in lists and on pages, at any time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenure.definitions import Definition, PartyType, Survival, SurvivalRule, load_pack
from tenure.derive.customers.models import CustomerCard
from tenure.derive.customers.operations import merge_customers
from tenure.derive.customers.operations.preferring import prefer_value, unprefer_value
from tenure.derive.customers.operations.profiling import FieldEdit, edit_profile
from tenure.derive.customers.queries.profile import Profile, field_story, profile_of
from tenure.derive.lifecycles.operations import rebuild, tick
from tenure.record.events.operations import IncomingEvent, record_events
from tenure.record.library.operations import publish
from tenure.words import TenureError
from tests.derive.company import TESTER, fresh_house, known
from tests.derive.steps import START

PHONES = ("13900001111", "13900002222")
SOURCES = ("crm", "shop", "web")
NAMES = ("王安", "王小安", "安")
RULES = (
    SurvivalRule(),
    SurvivalRule("oldest"),
    SurvivalRule("most_complete"),
    SurvivalRule("trusted", ("shop", "crm")),
)
Told = tuple[str, str, dict[str, str], int]
told = st.tuples(
    st.sampled_from(PHONES),
    st.sampled_from(SOURCES),
    st.fixed_dictionaries(
        {},
        optional={
            "full_name": st.sampled_from(NAMES),
            "city": st.sampled_from(["杭州", "上海", ""]),
            "education": st.just("本科"),
            "cleared": st.just("city"),
            "set_once": st.sampled_from(["full_name", "city", "full_name,city"]),
        },
    ).filter(
        lambda fields: bool({*fields} - {"set_once"}) and not {"city", "cleared"} <= {*fields}
    ),
    st.integers(0, 3),
)
by_hand = st.tuples(
    st.sampled_from(["edit", "empty", "prefer", "unprefer", "merge"]), st.sampled_from(PHONES)
)
lives = st.lists(told | by_hand, min_size=2, max_size=9)


def published(rule: SurvivalRule) -> None:
    definitions: list[Definition] = []
    for one in load_pack("core"):
        if isinstance(one, PartyType) and one.key == "person":
            city = SurvivalRule("longest") if rule.rule == "oldest" else rule
            one = replace(one, survival=Survival(rule, (("city", city),)))
        definitions.append(one)
    publish(definitions, note="rules", by=TESTER, at=START)


@pytest.mark.django_db
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.rule)
def test_lists_and_pages_choose_alike_at_any_time(rule: SurvivalRule) -> None:
    @settings(max_examples=6)
    @given(life=lives)
    def law(life: list[tuple[object, ...]]) -> None:
        with fresh_house():
            published(rule)
            now = START + timedelta(days=9)
            believed = []
            for number, step in enumerate(life):
                now += timedelta(minutes=1)
                try:
                    _take(step, number, now)
                except (TenureError, LookupError):
                    continue
                believed.append((now, _profiles(as_of=now)))
            now += timedelta(minutes=1)
            tick(at=now)
            assert _cards() == _named()
            ticked = _cards()
            rebuild(at=now)
            assert _cards() == ticked
            # a page of the past is asked of who is who today, so merges are left out
            for moment, profiles in [] if any("merge" in step for step in life) else believed:
                assert _profiles(as_of=moment, known_at=moment) == profiles

    law()


def _take(step: tuple[object, ...], number: int, now: object) -> None:
    at: object = now
    if len(step) == 4:
        phone, source, fields, days = step
        event = IncomingEvent(
            "customer.profiled",
            START + timedelta(days=days),  # type: ignore[arg-type]
            {"phone": phone},  # type: ignore[dict-item]
            dict(fields),  # type: ignore[call-overload]
            key=f"e{number}",
        )
        record_events([event], source=str(source), by=TESTER, at=at)  # type: ignore[arg-type]
        return
    act, phone = step
    one = known(("phone", f"+86{phone}"))
    story = field_story(one, "full_name", viewer=TESTER)
    base = story.entry.event_id
    match act:
        case "edit":
            edit_profile(one, [FieldEdit("full_name", "王手写", base)], by=TESTER, at=at)  # type: ignore[arg-type]
        case "empty":
            edit_profile(one, [FieldEdit("full_name", "", base)], by=TESTER, at=at)  # type: ignore[arg-type]
        case "prefer":
            last = [told for told in story.told if told.stands and not told.shown]
            prefer_value(one, "full_name", last[-1].entry.event_id if last else 0, by=TESTER, at=at)  # type: ignore[arg-type]
            again = field_story(one, "full_name", viewer=TESTER).entry
            assert (again.event_id, again.chosen) == (last[-1].entry.event_id, "preferred")
        case "unprefer":
            unprefer_value(one, "full_name", by=TESTER, at=at)  # type: ignore[arg-type]
        case _:
            other = known(("phone", f"+86{PHONES[0]}"))
            merge_customers(one, other, reason="same", by=TESTER, at=at)  # type: ignore[arg-type]


def _profiles(**ask: object) -> list[Profile]:
    found = []
    for phone in PHONES:
        try:
            one = known(("phone", f"+86{phone}"))
        except LookupError:
            continue
        profile = profile_of(one, viewer=TESTER, **ask)  # type: ignore[arg-type]
        if any(entry.event_id for entry in profile.fields):
            found.append(profile)
    return found


def _cards() -> dict[int, int]:
    rows = CustomerCard.objects.values_list("customer_id", "name_event_id")
    return {number: event or 0 for number, event in rows}


def _named() -> dict[int, int]:
    """The statement each page takes the name from; 0 where there is no name."""
    named = {}
    for profile in _profiles():
        entry = profile.field("full_name")
        assert entry is not None
        named[profile.customer_id] = entry.event_id if entry.value else 0
    return named
