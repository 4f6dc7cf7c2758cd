"""The organisation that runs this installation, and which days it works."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time

from tenure.guard.access.models import Organisation
from tenure.words import Language

_MONDAY_TO_FRIDAY = (1, 2, 3, 4, 5)


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day that is not as its weekday says: its name, and whether it is worked."""

    name: str
    worked: bool


@dataclass(frozen=True, slots=True)
class OrganisationView:
    """Name, language of new accounts, working calendar.

    Attributes:
        name: empty until somebody gave it one.
        language: in which new accounts see the pages.
        working_days: ISO weekdays, Monday is 1.
        exceptions: holidays, and days worked in their stead.
        opens: when work begins on a working day, by the organisation's clock.
        closes: when it ends.
        first_weekday: the ISO weekday a week begins with.
        fresh_days: days after which what is known of a customer is outdated.
    """

    name: str
    language: Language
    working_days: tuple[int, ...]
    exceptions: Mapping[date, CalendarDay]
    opens: time = time(9)
    closes: time = time(18)
    first_weekday: int = 1
    fresh_days: int = 365

    @property
    def week(self) -> tuple[int, ...]:
        """ISO weekdays in the order of this organisation's week."""
        return tuple((self.first_weekday - 1 + n) % 7 + 1 for n in range(7))

    def is_worked(self, day: date) -> bool:
        """Whether ``day`` is a working day."""
        exception = self.exceptions.get(day)
        return exception.worked if exception else day.isoweekday() in self.working_days


def organisation() -> OrganisationView:
    """The organisation as it is set; everyone who is logged in may know."""
    row = Organisation.objects.order_by("pk").first() or Organisation()
    return OrganisationView(
        name=row.name,
        language="en" if row.language == "en" else "zh",
        working_days=tuple(row.working_days or _MONDAY_TO_FRIDAY),
        exceptions={
            date.fromisoformat(day): CalendarDay(said["name"], said["worked"])
            for day, said in row.exceptions.items()
        },
        opens=row.opens,
        closes=row.closes,
        first_weekday=row.first_weekday,
        fresh_days=row.fresh_days,
    )
