"""The organisation's calendar day of a moment, remembered by quarter of an hour."""

from __future__ import annotations

from functools import lru_cache
from zoneinfo import ZoneInfo

from tenure.clock import from_microseconds

_QUARTER_US = 900_000_000
_REMEMBERED = 100_000


class LocalDays:
    """Days of one time zone as ``YYYY-MM-DD``.

    A quarter of an hour whose two ends lie on one day lies on it whole: no zone's clock is
    turned twice within 15 minutes, and a day is never that short.
    """

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._by_quarter: dict[int, str] = {}

    def of(self, moment_us: int) -> str:
        """The day of a moment in microseconds since the epoch, UTC."""
        day = self._by_quarter.get(moment_us // _QUARTER_US)
        return self._found(moment_us) if day is None else day

    def _found(self, moment_us: int) -> str:
        start = moment_us - moment_us % _QUARTER_US
        day = self._day(moment_us)
        if self._day(start) == day == self._day(start + _QUARTER_US - 1):
            if len(self._by_quarter) >= _REMEMBERED:
                self._by_quarter.clear()
            self._by_quarter[moment_us // _QUARTER_US] = day
        return day

    def _day(self, moment_us: int) -> str:
        return from_microseconds(moment_us).astimezone(self._zone).date().isoformat()


@lru_cache(maxsize=16)
def local_days(zone: ZoneInfo) -> LocalDays:
    """The one instance per zone, so that what is remembered is shared."""
    return LocalDays(zone)
