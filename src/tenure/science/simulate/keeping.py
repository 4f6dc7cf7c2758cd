"""A world of people, told by whoever keeps the business: the shop, the clinic, the lender."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np

from tenure.science.simulate.diary import Diary
from tenure.science.simulate.lives import Habits, Lives, live
from tenure.science.simulate.people import People, people
from tenure.science.simulate.seasons import Calendar
from tenure.science.simulate.world import Truth, World, arrive


class Keeper(Protocol):
    """One who writes into the diary what a person does with the company."""

    def life(self, person: int) -> None:
        """Everything one person does, from the first contact on."""


Open = Callable[[Calendar, People, Lives, Diary, np.random.Generator], Keeper]


def world_of_people(
    industry: str,
    number: int,
    calendar: Calendar,
    habits: Habits,
    open_business: Open,
    *,
    seed: int,
    office_hours: bool,
) -> World:
    """A company with ``number`` people known to it, over the whole of ``calendar``.

    Args:
        industry: the world's name.
        number: how many people.
        calendar: from when to when, and what the seasons do.
        habits: how often people come, how long they stay, whether they come back.
        open_business: makes the keeper.
        seed: the same seed gives the same world.
        office_hours: whether things happen only when the office is open.
    """
    random = np.random.default_rng(seed)
    crowd = people(number, random)
    lives = live(number, calendar, habits, random)
    truth = Truth(lives.joined_us, lives.rate, lives.left_us, lives.returned_us, crowd.name)
    diary = Diary(calendar.end_us, truth, office=calendar if office_hours else None)
    keeper = open_business(calendar, crowd, lives, diary, random)
    for person in range(number):
        keeper.life(person)
    happenings = arrive(diary.happenings, end_us=calendar.end_us, random=random)
    return World(industry, calendar.start_us, calendar.end_us, happenings, truth)
