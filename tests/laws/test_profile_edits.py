"""No edit is lost unseen, and a profile as of a moment is the profile of the log cut there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tenure.definitions import load_pack
from tenure.derive.customers.operations.profiling import (
    FieldEdit,
    ProfileConflictError,
    edit_profile,
)
from tenure.derive.customers.queries.profile import profile_of
from tenure.record.events.operations import IncomingEvent, record_events
from tenure.record.library.operations import publish
from tests.derive.company import TESTER, fresh_house, known
from tests.derive.steps import START

FIELDS = ("city", "birth_year", "full_name")
VALUES = {
    "city": ("", "杭州", "上海"),
    "birth_year": ("", "1990", "1991"),
    "full_name": ("", "王", "李"),
}
WHO = {"phone": "+8613900001111"}
Values = dict[str, object]
Seen = dict[str, tuple[object, int]]


@dataclass(frozen=True)
class Look:
    """A person opens the page."""

    person: int


@dataclass(frozen=True)
class Save:
    """A person saves what they typed into the page they have open."""

    person: int
    typed: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Told:
    """A source tells something, of so many minutes ago."""

    minutes: int
    typed: tuple[tuple[str, int], ...]


typed = st.dictionaries(st.sampled_from(FIELDS), st.integers(0, 2), min_size=1).map(
    lambda chosen: tuple(sorted(chosen.items()))
)
steps = st.lists(
    st.one_of(
        st.builds(Look, st.integers(0, 1)),
        st.builds(Save, st.integers(0, 1), typed),
        st.builds(Told, st.integers(0, 6), typed),
    ),
    min_size=1,
    max_size=12,
)


def seen_now(customer: int) -> Seen:
    entries = profile_of(customer, viewer=TESTER).fields
    return {e.field.key: (e.value, e.event_id) for e in entries if e.field.key in FIELDS}


def as_typed(value: object) -> str:
    return "" if value is None else str(value)


def tell(step: Told, at: datetime, key: str) -> None:
    fields: Values = {name: VALUES[name][index] for name, index in step.typed}
    event = IncomingEvent(
        "customer.profiled", at - timedelta(minutes=step.minutes), WHO, fields, key
    )
    record_events([event], source="shop", by=TESTER, at=at)


def conflicts_of(customer: int, edits: list[FieldEdit], at: datetime) -> set[str]:
    """Save; the fields in which a conflict is shown."""
    try:
        edit_profile(customer, edits, by=TESTER, at=at)
    except ProfileConflictError as conflict:
        return {one.current.field.key for one in conflict.conflicts}
    return set()


def save(step: Save, customer: int, page: Seen, at: datetime) -> None:
    """Save, and hold the outcome against what the person had seen."""
    before = seen_now(customer)
    wanted = {name: VALUES[name][index] for name, index in step.typed}
    edits = [FieldEdit(name, text, page[name][1]) for name, text in wanted.items()]
    mine = {n for n, text in wanted.items() if text != as_typed(page[n][0])}
    taken = {n for n in mine if before[n][1] != page[n][1] and wanted[n] != as_typed(before[n][0])}
    told = conflicts_of(customer, edits, at)
    assert told == taken
    if told:
        assert seen_now(customer) == before
        return
    after = seen_now(customer)
    for name in FIELDS:
        expected = wanted[name] if name in mine else as_typed(before[name][0])
        assert as_typed(after[name][0]) == expected


@pytest.mark.django_db
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(steps)
def test_no_edit_is_lost_without_a_conflict_being_shown(taken: list[object]) -> None:
    with fresh_house():
        publish(load_pack("core"), note="n", by=TESTER, at=START)
        now = START
        tell(Told(0, (("city", 1),)), now, "first")
        customer = known(("phone", WHO["phone"]))
        pages = [seen_now(customer)] * 2
        believed = []
        for count, step in enumerate(taken):
            now += timedelta(minutes=1)
            match step:
                case Look(person):
                    pages[person] = seen_now(customer)
                case Save(person):
                    save(step, customer, pages[person], now)
                case Told():
                    tell(step, now, f"k{count}")
            believed.append((now, profile_of(customer, viewer=TESTER, as_of=now)))
        for moment, profile in believed:
            again = profile_of(customer, viewer=TESTER, as_of=moment, known_at=moment)
            assert again.fields == profile.fields


stories = st.lists(st.builds(Told, st.integers(0, 30), typed), min_size=1, max_size=8)


@pytest.mark.django_db
@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(stories, st.integers(0, 40))
def test_a_profile_as_of_a_moment_is_that_of_the_log_cut_there(told: list[Told], cut: int) -> None:
    end = START + timedelta(minutes=40)
    moment = START + timedelta(minutes=cut)

    def lived(upto: datetime | None, asked: datetime | None) -> dict[str, object]:
        with fresh_house():
            publish(load_pack("core"), note="n", by=TESTER, at=START)
            tell(Told(0, (("city", 1),)), START, "first")
            for count, step in enumerate(told):
                if upto is None or end - timedelta(minutes=step.minutes) <= upto:
                    tell(step, end, f"k{count}")
            customer = known(("phone", WHO["phone"]))
            fields = profile_of(customer, viewer=TESTER, as_of=asked).fields
            return {one.field.key: one.value for one in fields}

    assert lived(None, moment) == lived(moment, None)
