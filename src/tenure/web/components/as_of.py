"""The moment a page is about: today, or the end of a day in the past, and what was known then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.http import HttpRequest

from tenure.web.language import zone_of
from tenure.words import TenureError, Words

EARLIEST = date(1900, 1, 1)


class DayError(TenureError):
    """A day in an address that is no day."""

    def __init__(self, text: str) -> None:
        super().__init__(
            Words(
                zh=f"“{text[:40]}”不是日期，请写成 2026-05-01 的样子",
                en=f"“{text[:40]}” is no date; write it like 2026-05-01",
            )
        )


@dataclass(frozen=True, slots=True)
class AsOf:
    """What an address says about time.

    Attributes:
        at: the moment the page is about, aware.
        known_at: only what was known by then counts; ``None``: all that is known now.
        day: the day of ``at`` by the reader's clock.
        known_day: the day of ``known_at``.
        today: the reader's today.
        first: the first day worth going back to, where it is known: there is a slider then.
    """

    at: datetime
    known_at: datetime | None
    day: date
    known_day: date | None
    today: date
    first: date | None = None

    @property
    def is_past(self) -> bool:
        """Whether this is not the present."""
        return self.day < self.today or self.known_at is not None

    @property
    def span(self) -> int:
        """Days from the first to today; 0 without a first one."""
        return max(0, (self.today - self.first).days) if self.first else 0

    @property
    def offset(self) -> int:
        """Days from the first to the one shown."""
        return max(0, (self.day - self.first).days) if self.first else 0


def as_of_from(request: HttpRequest, *, now: datetime, first: date | None = None) -> AsOf:
    """Read ``as_of`` and ``known_at`` of the address.

    Args:
        request: whose query parameters count.
        now: the moment of the request, aware.
        first: the first day of data, for the slider.

    Raises:
        DayError: a parameter is no day.
    """
    zone = zone_of(request)
    today = now.astimezone(zone).date()
    chosen, known = _day(request.GET.get("as_of")), _day(request.GET.get("known_at"))
    day = min(chosen or today, today)
    return AsOf(
        at=now if day >= today else end_of_day(day, zone),
        known_at=None if known is None or known >= today else end_of_day(known, zone),
        day=day,
        known_day=None if known is None or known >= today else known,
        today=today,
        first=first,
    )


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The last microsecond of ``day`` by the clock of ``zone``."""
    return datetime.combine(day + timedelta(days=1), time(), zone) - timedelta(microseconds=1)


def _day(text: str | None) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError as failure:
        raise DayError(text) from failure
    if day < EARLIEST:
        raise DayError(text)
    return day
