"""When things happen: weekdays, festivals, sales days, growth, and the hour of the day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np

from tenure.science.simulate.world import DAY_US, Floats, Integers

# First day of the lunar year (Hong Kong Observatory, Gregorian-lunar calendar tables).
SPRING_FESTIVAL = {
    2015: (2, 19), 2016: (2, 8), 2017: (1, 28), 2018: (2, 16), 2019: (2, 5), 2020: (1, 25),
    2021: (2, 12), 2022: (2, 1), 2023: (1, 22), 2024: (2, 10), 2025: (1, 29), 2026: (2, 17),
    2027: (2, 6), 2028: (1, 26), 2029: (2, 13), 2030: (2, 3), 2031: (1, 23), 2032: (2, 11),
    2033: (1, 31), 2034: (2, 19), 2035: (2, 8),
}  # fmt: skip

# Share of a day's events per hour of local time; quiet nights, a lunch and an evening peak.
_SHOPPING = [3, 2, 1, 1, 1, 1, 2, 3, 4, 5, 6, 6, 7, 6, 5, 5, 5, 5, 6, 8, 10, 11, 9, 6]
_OFFICE = [0, 0, 0, 0, 0, 0, 0, 1, 6, 12, 13, 10, 4, 6, 11, 12, 10, 8, 4, 2, 1, 0, 0, 0]
_HOURS = np.arange(25) / 24.0
_UTC_OFFSET_US = 8 * 3_600_000_000


@dataclass(frozen=True, slots=True)
class Calendar:
    """A run of days with a weight each; times are drawn so that weight is intensity.

    Attributes:
        start_us: midnight (UTC+8) of the first day.
        cumulative: cumulative weight at the beginning of each day, and of the end.
        hours: cumulative share of the day per hour.
    """

    start_us: int
    cumulative: Floats
    hours: Floats

    @property
    def end_us(self) -> int:
        """The moment after the last day."""
        return self.start_us + (len(self.cumulative) - 1) * DAY_US

    def clock(self, moments_us: Integers | int) -> Floats:
        """Weighted days since the start: the clock at which intensities are constant."""
        day = (np.asarray(moments_us, dtype=np.float64) - self.start_us) / DAY_US
        return np.interp(day, np.arange(len(self.cumulative)), self.cumulative)

    def moments(self, clock: Floats, random: np.random.Generator) -> Integers:
        """The days at which the weighted clock shows ``clock``, each at a likely hour."""
        day = np.interp(clock, self.cumulative, np.arange(len(self.cumulative)))
        whole = np.minimum(np.floor(day), len(self.cumulative) - 2)
        share = np.interp(random.random(len(day)), self.hours, _HOURS)
        return (self.start_us + (whole + share) * DAY_US).astype(np.int64)

    def draw(
        self, rate: float, begin_us: int, end_us: int, random: np.random.Generator
    ) -> Integers:
        """Moments of a Poisson process of ``rate`` per weighted day in ``[begin, end)``."""
        first, last = self.clock(np.array([begin_us, end_us], dtype=np.int64))
        number = random.poisson(max(0.0, rate * (last - first)))
        found = self.moments(np.sort(random.uniform(first, last, number)), random)
        return np.sort(found[(found >= begin_us) & (found < end_us)])

    def likely_hour(self, moment_us: int) -> int:
        """``moment_us`` moved within its day to a likely hour; the order of moments stays."""
        day, rest = divmod(moment_us - self.start_us, DAY_US)
        share = float(np.interp(rest / DAY_US, self.hours, _HOURS))
        return self.start_us + day * DAY_US + int(share * DAY_US)


def retail_calendar(start: date, end: date) -> Calendar:
    """Shopping: weekends, 618, Double 11 and 12, year-end goods, and a quiet Spring Festival."""
    return _calendar(start, end, _retail_weight, _SHOPPING)


def office_calendar(start: date, end: date) -> Calendar:
    """Offices and clinics: working days, nothing at Spring Festival and National Day."""
    return _calendar(start, end, _office_weight, _OFFICE)


def _calendar(
    start: date, end: date, weight: Callable[[date], float], hours: list[int]
) -> Calendar:
    days = [start + timedelta(days=index) for index in range((end - start).days)]
    weights = np.array([weight(day) for day in days])
    midnight = datetime(start.year, start.month, start.day, tzinfo=UTC)
    start_us = int(midnight.timestamp()) * 1_000_000 - _UTC_OFFSET_US
    cumulative = np.concatenate([[0.0], np.cumsum(weights / weights.mean())])
    return Calendar(start_us, cumulative, np.concatenate([[0.0], np.cumsum(hours) / sum(hours)]))


def _festival_distance(day: date) -> int | None:
    """Days since the nearest Spring Festival, negative before it; None outside the table."""
    if day.year not in SPRING_FESTIVAL:
        return None
    return (day - date(day.year, *SPRING_FESTIVAL[day.year])).days


def _retail_weight(day: date) -> float:
    weight = 1.2 if day.weekday() >= 5 else 0.95
    distance = _festival_distance(day)
    if distance is not None and -25 <= distance <= -8:
        weight *= 1.5
    elif distance is not None and -4 <= distance <= 7:
        weight *= 0.35
    if (day.month, day.day) in {(6, 18), (11, 11)}:
        weight *= 5.0
    elif (day.month == 6 and 10 <= day.day <= 20) or (day.month == 11 and 1 <= day.day <= 12):
        weight *= 1.8
    elif (day.month, day.day) == (12, 12):
        weight *= 2.0
    return weight


def _office_weight(day: date) -> float:
    distance = _festival_distance(day)
    away = distance is not None and -1 <= distance <= 6
    if away or (day.month == 10 and day.day <= 7):
        return 0.05
    return 0.1 if day.weekday() >= 5 else 1.0
