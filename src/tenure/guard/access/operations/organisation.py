"""The organisation: its name, language, working calendar, and what its log is kept in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from tenure.actor import Actor
from tenure.guard.access.models import Organisation
from tenure.guard.access.queries import demand
from tenure.guard.access.queries.organisation import OrganisationView
from tenure.guard.trail.operations import note
from tenure.record.events.operations import set_basis
from tenure.record.events.queries import basis
from tenure.words import TenureError, Words

_MOST_DAYS = 3650
_WEEK = frozenset(range(1, 8))
_NOTED = ("name", "language", "working_days", "first_weekday", "exceptions")


@transaction.atomic
def change_organisation(known: OrganisationView, *, by: Actor, at: datetime) -> None:
    """Set the organisation's name, the language of new accounts and the working calendar.

    The audit keeps what was before and what is after.

    Args:
        known: as it shall be.
        by: who changes it.
        at: when, aware.

    Raises:
        TenureError: no day of the week is worked, there is no such day, or work ends before it
            begins.
    """
    demand(by, "organisation.manage")
    _check(known)
    row = _row()
    before = _told(row)
    row.name, row.language = known.name.strip()[:100], known.language
    row.working_days = sorted(set(known.working_days))
    row.opens, row.closes, row.first_weekday = known.opens, known.closes, known.first_weekday
    row.exceptions = {
        day.isoformat(): {"name": said.name, "worked": said.worked}
        for day, said in sorted(known.exceptions.items())
    }
    row.save()
    _note(before, _told(row), by=by, at=at)


@transaction.atomic
def change_basis(*, currency: str, zone: str, by: Actor, at: datetime) -> None:
    """Set the base currency and the time zone, while there are no events.

    Args:
        currency: ISO 4217.
        zone: name in the time zone database.
        by: who changes it.
        at: when, aware.

    Raises:
        TenureError: there is no such currency or zone, or there are events.
    """
    demand(by, "organisation.manage")
    before = basis()
    set_basis(currency=currency.strip().upper(), zone=zone.strip())
    _note(asdict(before), asdict(basis()), by=by, at=at)


@transaction.atomic
def set_fresh_days(days: int, *, by: Actor, at: datetime) -> None:
    """Set after how many days what is known of a customer counts as outdated.

    Args:
        days: at least one, at most ten years.
        by: who sets it.
        at: when, aware.

    Raises:
        TenureError: outside these bounds.
    """
    demand(by, "organisation.manage")
    if not 1 <= days <= _MOST_DAYS:
        raise TenureError(
            Words(zh=f"请填写 1 到 {_MOST_DAYS} 天", en=f"give 1 to {_MOST_DAYS} days")
        )
    row = _row()
    row.fresh_days = days
    row.save()
    note("organisation.changed", by=by, at=at, about="organisation", detail={"fresh_days": days})


def _row() -> Organisation:
    return Organisation.objects.select_for_update().order_by("pk").first() or Organisation()


def _check(known: OrganisationView) -> None:
    days = set(known.working_days)
    if not days or not days <= _WEEK:
        raise TenureError(Words(zh="请至少选择一个工作日", en="choose at least one working day"))
    if known.first_weekday not in _WEEK:
        raise TenureError(Words(zh="请选择每周从哪天开始", en="choose the day a week begins with"))
    if known.opens >= known.closes:
        raise TenureError(
            Words(zh="下班时间应晚于上班时间", en="work must end later in the day than it begins")
        )


def _told(row: Organisation) -> dict[str, object]:
    told = {name: getattr(row, name) for name in _NOTED}
    return {**told, "opens": f"{row.opens:%H:%M}", "closes": f"{row.closes:%H:%M}"}


def _note(
    before: Mapping[str, object], after: Mapping[str, object], *, by: Actor, at: datetime
) -> None:
    """What differs, as it was and as it is; nothing where nothing does."""
    changed = [name for name, value in after.items() if before[name] != value]
    if changed:
        detail = {
            "before": {name: before[name] for name in changed},
            "after": {name: after[name] for name in changed},
        }
        note("organisation.changed", by=by, at=at, about="organisation", detail=detail)
