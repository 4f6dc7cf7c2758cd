"""The organisation: its name, language and working calendar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction

from tenure.actor import Actor
from tenure.guard.access.models import Organisation
from tenure.guard.access.queries import demand
from tenure.guard.access.queries.organisation import CalendarDay
from tenure.guard.trail.operations import note
from tenure.words import Language, TenureError, Words


@transaction.atomic
def change_organisation(
    *,
    name: str,
    language: Language,
    working_days: Sequence[int],
    exceptions: Mapping[date, CalendarDay],
    by: Actor,
    at: datetime,
) -> None:
    """Set the organisation's name, the language of new accounts and the working calendar.

    Args:
        name: as shown on the pages.
        language: in which new accounts see the pages.
        working_days: ISO weekdays, Monday is 1.
        exceptions: holidays, and days worked in their stead.
        by: who changes it.
        at: when, aware.

    Raises:
        TenureError: no day of the week is worked, or there is no such day.
    """
    demand(by, "organisation.manage")
    days = sorted(set(working_days))
    if not days or not set(days) <= set(range(1, 8)):
        raise TenureError(Words(zh="请至少选择一个工作日", en="choose at least one working day"))
    row = Organisation.objects.select_for_update().order_by("pk").first() or Organisation()
    row.name, row.language, row.working_days = name.strip()[:100], language, days
    row.exceptions = {
        day.isoformat(): {"name": said.name, "worked": said.worked}
        for day, said in sorted(exceptions.items())
    }
    row.save()
    note("organisation.changed", by=by, at=at, about="organisation")
