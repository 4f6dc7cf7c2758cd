"""Times that recur, in the five fields of cron."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

_RANGES = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
_YEARS_AHEAD = 5


@dataclass(frozen=True, slots=True)
class Cron:
    """``minute hour day month weekday``: numbers, ``*``, ``a-b``, ``a,b``, ``*/n``."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    any_day: bool
    any_weekday: bool

    @classmethod
    def parse(cls, text: str) -> Cron:
        """The schedule ``text`` says.

        Raises:
            ValueError: it says none.
        """
        parts = text.split()
        if len(parts) != len(_RANGES):
            raise ValueError(f"cron needs five fields: {text}")
        minutes, hours, days, months, weekdays = (
            _field(part, *span) for part, span in zip(parts, _RANGES, strict=True)
        )
        sunday_twice = frozenset(day % 7 for day in weekdays)
        any_day, any_weekday = parts[2] == "*", parts[4] == "*"
        return cls(minutes, hours, days, months, sunday_twice, any_day, any_weekday)

    def after(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """The first moment later than ``moment`` by the wall clock of ``zone``.

        Raises:
            ValueError: there is none within five years.
        """
        local = moment.astimezone(zone).replace(second=0, microsecond=0, tzinfo=None)
        local += timedelta(minutes=1)
        last = local + timedelta(days=366 * _YEARS_AHEAD)
        while local < last:
            if not self._on(local):
                local = local.replace(hour=0, minute=0) + timedelta(days=1)
            elif local.hour not in self.hours:
                local = local.replace(minute=0) + timedelta(hours=1)
            elif local.minute not in self.minutes:
                local += timedelta(minutes=1)
            else:
                found = local.replace(tzinfo=zone).astimezone(moment.tzinfo)
                if found > moment:
                    return found
                local += timedelta(minutes=1)  # the hour that a clock put back repeats
        raise ValueError("this schedule never comes")

    def _on(self, local: datetime) -> bool:
        if local.month not in self.months:
            return False
        by_day, by_weekday = local.day in self.days, local.isoweekday() % 7 in self.weekdays
        if self.any_day or self.any_weekday:
            return by_day and by_weekday
        return by_day or by_weekday  # as cron has it


def _field(text: str, low: int, high: int) -> frozenset[int]:
    found: set[int] = set()
    for part in text.split(","):
        span, _, step = part.partition("/")
        first, _, last = (f"{low}-{high}" if span == "*" else span).partition("-")
        until = int(last) if last else (high if step else int(first))
        numbers = range(int(first), until + 1, int(step or 1))
        if not numbers or numbers[0] < low or numbers[-1] > high:
            raise ValueError(f"not between {low} and {high}: {text}")
        found.update(numbers)
    return frozenset(found)
