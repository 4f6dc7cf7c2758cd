"""How long customers live and how often they buy: the latent truth of every industry."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenure.science.simulate.seasons import Calendar
from tenure.science.simulate.world import ALIVE, DAY_US, Floats, Integers

Spell = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Habits:
    """What a population is like.

    Attributes:
        growth: how many times as many people join at the end as at the beginning.
        shape: shape of the gamma distribution of rates (Fader and others: heterogeneity).
        every_days: mean time between two purchases at the mean rate.
        lifetime_days: mean time until the silent dropout.
        return_share: share of the lost who come back once.
        away_days: mean time away.
    """

    growth: float
    shape: float
    every_days: float
    lifetime_days: float
    return_share: float
    away_days: float


@dataclass(frozen=True, slots=True)
class Lives:
    """Latent truth, arrays of one length; ``ALIVE`` where something did not happen."""

    joined_us: Integers
    rate: Floats
    left_us: Integers
    returned_us: Integers
    ended_us: Integers

    def spells(self, person: int) -> list[Spell]:
        """When ``person`` was a living customer: one or two stretches, microseconds."""
        first_end = int(self.left_us[person])
        ended = int(self.ended_us[person])
        if first_end == ALIVE:
            return [(int(self.joined_us[person]), ended)]
        spells = [(int(self.joined_us[person]), first_end)]
        if self.returned_us[person] != ALIVE:
            spells.append((int(self.returned_us[person]), ended))
        return spells


def live(number: int, calendar: Calendar, habits: Habits, random: np.random.Generator) -> Lives:
    """Draw joining, rate, dropout and return of ``number`` people.

    Joining grows exponentially and follows the season; rates are gamma; lifetimes are
    exponential, as in the Pareto/NBD model (Schmittlein, Morrison, Colombo 1987).
    """
    end_us, growth = calendar.end_us, np.log(habits.growth)
    uniform = random.random(number)
    share = np.log1p(uniform * np.expm1(growth)) / growth if growth else uniform
    joined = np.sort(calendar.moments(share * calendar.cumulative[-1], random))
    rate = random.gamma(habits.shape, 1.0 / (habits.shape * habits.every_days), number)
    left = joined + _days(random.exponential(habits.lifetime_days, number))
    away = _days(60 + random.exponential(habits.away_days, number))
    second = _days(random.exponential(habits.lifetime_days / 2, number))
    comes_back = random.random(number) < habits.return_share
    gone = left < end_us
    returned = np.where(gone & comes_back & (left + away < end_us), left + away, ALIVE)
    ended = np.minimum(np.where(returned == ALIVE, left, returned + second), end_us)
    return Lives(joined, rate, np.where(gone, left, ALIVE), returned, ended)


def _days(values: Floats) -> Integers:
    return (values * DAY_US).astype(np.int64)
