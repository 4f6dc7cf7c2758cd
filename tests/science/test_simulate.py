"""Simulated worlds keep their promises: the same for a seed, and true to their own truth."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, date, datetime

import numpy as np
import pytest

from tenure.science.simulate import ALIVE, INDUSTRIES, Happening, World, simulate
from tenure.science.simulate.seasons import SPRING_FESTIVAL, office_calendar, retail_calendar

START, END = date(2023, 6, 1), date(2026, 6, 1)
DAY_US = 86_400_000_000


@pytest.fixture(scope="module")
def shop() -> World:
    return simulate("ecommerce", 1200, start=START, end=END, seed=11)


def person_of(world: World, happening: Happening) -> int | None:
    """The one person all identifiers of a happening belong to, where that is certain."""
    owners = [set(world.truth.owner[f"{k}:{v}"]) for k, v in happening.identifiers.items()]
    common = set.intersection(*owners) if owners else set()
    return common.pop() if len(common) == 1 else None


@pytest.mark.parametrize("industry", INDUSTRIES)
def test_the_same_seed_gives_the_same_world(industry: str) -> None:
    first, again = (simulate(industry, 60, start=START, end=END, seed=5) for _ in range(2))
    other = simulate(industry, 60, start=START, end=END, seed=6)
    assert first.happenings == again.happenings
    assert first.truth.as_columns() == again.truth.as_columns()
    assert first.happenings != other.happenings


@pytest.mark.parametrize("industry", INDUSTRIES)
def test_nothing_arrives_before_it_happens_or_after_the_end(industry: str) -> None:
    world = simulate(industry, 150, start=START, end=END, seed=5)
    arrivals = [happening.recorded_us for happening in world.happenings]
    assert arrivals == sorted(arrivals)
    assert all(
        world.start_us <= happening.occurred_us <= happening.recorded_us <= world.end_us
        for happening in world.happenings
    )
    assert len({happening.type for happening in world.happenings}) >= 10


def test_copies_are_exact_and_late_ones_are_rare(shop: World) -> None:
    copies: dict[str, list[Happening]] = defaultdict(list)
    for happening in shop.happenings:
        copies[happening.key].append(happening)
    twice = [found for found in copies.values() if len(found) == 2]
    late = [h for h in shop.happenings if h.recorded_us - h.occurred_us > 3 * DAY_US]
    assert max(map(len, copies.values())) == 2
    assert all(a.fields == b.fields and a.occurred_us == b.occurred_us for a, b in twice)
    assert 0.007 < len(twice) / len(copies) < 0.013
    assert 0.015 < len(late) / len(shop.happenings) < 0.025


def test_orders_come_at_the_latent_rates(shop: World) -> None:
    truth, calendar = shop.truth, retail_calendar(START, END)
    orders = Counter(
        person_of(shop, h)
        for h in {h.key: h for h in shop.happenings}.values()
        if h.type == "order.placed"
    )
    living = [p for p in range(len(truth.rate)) if truth.left_us[p] == ALIVE and orders[p] >= 1]
    clock = calendar.clock(np.array([truth.joined_us[p] for p in living]))
    expected = float(((calendar.cumulative[-1] - clock) * truth.rate[living]).sum()) + len(living)
    assert sum(orders[p] for p in living) == pytest.approx(expected, rel=0.06)


def test_nobody_orders_while_away(shop: World) -> None:
    truth = shop.truth
    for happening in shop.happenings:
        person = person_of(shop, happening)
        if happening.type != "order.placed" or person is None:
            continue
        left, back = truth.left_us[person], truth.returned_us[person]
        # The first order of a spell may come a little after its planned end.
        away = left != ALIVE and happening.occurred_us > left + 120 * DAY_US
        assert not away or (back != ALIVE and happening.occurred_us >= back)


def test_double_eleven_is_busy_and_spring_festival_is_quiet(shop: World) -> None:
    per_day = Counter(
        datetime.fromtimestamp(h.occurred_us / 1e6 + 8 * 3600, UTC).date()
        for h in shop.happenings
        if h.type == "order.placed"
    )
    ordinary = float(np.median([per_day[date(2025, 10, day)] for day in range(1, 32)]))
    festival = [per_day[date(2025, 1, day)] for day in range(28, 32)]
    assert per_day[date(2025, 11, 11)] > 2 * ordinary
    assert np.mean(festival) < ordinary


def test_identifiers_are_shared_as_in_real_life(shop: World) -> None:
    owner = shop.truth.owner
    per_person: dict[int, set[str]] = defaultdict(set)
    for identifier, people in owner.items():
        for person in people:
            per_person[person].add(identifier)
    assert len(owner["phone:13912340000"]) > 5
    assert any(len(people) == 2 for key, people in owner.items() if key.startswith("phone:"))
    assert any(
        sum(key.startswith("member_no:") for key in keys) == 2 for keys in per_person.values()
    )
    assert any(name.isascii() for name in shop.truth.name)
    assert any(not name.isascii() for name in shop.truth.name)


def test_calendars_know_the_festivals() -> None:
    assert all((1, 21) <= day <= (2, 20) for day in SPRING_FESTIVAL.values())
    office = office_calendar(date(2025, 1, 1), date(2026, 1, 1))
    weights = np.diff(office.cumulative)
    assert weights.mean() == pytest.approx(1.0)
    assert weights[(date(2025, 1, 29) - date(2025, 1, 1)).days] < 0.1
    assert office.end_us - office.start_us == 365 * DAY_US


def test_a_draw_follows_the_rate_and_stays_inside() -> None:
    calendar = retail_calendar(START, END)
    begin, end = calendar.start_us + 10 * DAY_US, calendar.end_us - 10 * DAY_US
    moments = calendar.draw(2.0, begin, end, np.random.default_rng(1))
    days = float(np.diff(calendar.clock(np.array([begin, end])))[0])
    assert len(moments) == pytest.approx(2 * days, rel=0.1)
    assert moments.min() >= begin
    assert moments.max() < end
    assert (np.diff(moments) >= 0).all()
