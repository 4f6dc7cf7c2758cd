"""What an address of a list of customers means: which figure it stands behind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

from django.http import HttpRequest

from tenure.definitions import Lifecycle
from tenure.derive.lifecycles.queries import (
    PARTS,
    Between,
    Entered,
    Figure,
    Left,
    Moved,
    OfCohort,
    OnPath,
    Standing,
    Stayed,
    check_stage,
)
from tenure.web.components.as_of import end_of_day
from tenure.web.language import zone_of
from tenure.web.lifecycle.asking import Asked, day_of

ANY = "-"
"""In an address, in the place of a stage: any."""
HORIZONS = (30, 60, 90, 180, 365)
COHORTS = (6, 12, 24, 36)
STEPS = (3, 4, 5, 6)


def figure_of(question: Asked, way: str, stage: str) -> Figure:
    """The figure behind which the list of a ``way`` of ``WAYS`` stands.

    Args:
        question: what the address says.
        way: a key of ``WAYS``.
        stage: code of a stage; empty for any where that makes sense.

    Raises:
        DayError: a day that is none.
        UnknownStageError: no such stage.
    """
    return WAYS[way](question, stage)


def conversion_asked(question: Asked, *, entered: str = "") -> OfCohort:
    """All cohorts whose conversion an address asks for; stages and days have defaults."""
    stages = question.lifecycle.stages
    get = question.request.GET
    entered = entered or get.get("entered") or stages[0].code
    reached = get.get("reached") or _goal(question.lifecycle)
    for code in (entered, reached):
        check_stage(question.lifecycle, code)
    last = question.moment.day
    months = one_of(question.request, "months", COHORTS, 12)
    return OfCohort(
        entered=entered,
        reached=reached,
        within=timedelta(days=one_of(question.request, "within", HORIZONS, 90)),
        first=months_before(last, months - 1),
        last=last,
        as_of=question.moment.at,
    )


def quarter(question: Asked, start: date) -> tuple[datetime, datetime]:
    """The moments between which stays of a quarter begin, from the day ``start`` on."""
    zone = zone_of(question.request)
    day = timedelta(days=1)
    end = end_of_day(months_before(start, -3) - day, zone)
    return end_of_day(start - day, zone), min(end, question.moment.at)


def one_of(request: HttpRequest, name: str, allowed: tuple[int, ...], otherwise: int) -> int:
    """A number of the address, if it is one of those allowed."""
    return {str(one): one for one in allowed}.get(request.GET.get(name, ""), otherwise)


def months_before(day: date, months: int) -> date:
    """The first day of the month so many months earlier."""
    whole = day.year * 12 + day.month - 1 - months
    return date(whole // 12, whole % 12 + 1, 1)


def _standing(question: Asked, stage: str) -> Figure:
    return Standing(stage, question.moment.at)


def _was(question: Asked, stage: str) -> Figure:
    return Standing(stage, question.since)


def _entered(question: Asked, stage: str) -> Figure:
    return Entered(stage, question.since, question.moment.at)


def _left(question: Asked, stage: str) -> Figure:
    return Left(stage, question.since, question.moment.at)


def _between(question: Asked, stage: str) -> Figure:
    came_from = question.request.GET.get("came_from", "")
    return Between(came_from, stage, question.since, question.moment.at)


def _moved(question: Asked, stage: str) -> Figure:
    came_from = question.request.GET.get("came_from", "")
    return Moved(came_from, stage, question.since, question.moment.at)


def _cohort(question: Asked, stage: str) -> Figure:
    get = question.request.GET
    whole = conversion_asked(question, entered=stage)
    part = next((one for one in PARTS if one == get.get("part")), PARTS[0])
    return OfCohort(
        entered=whole.entered,
        reached=whole.reached,
        within=whole.within,
        first=whole.first,
        last=whole.last,
        as_of=whole.as_of,
        part=part,
        cohort=get.get("month", ""),
    )


def _stayed(question: Asked, stage: str) -> Figure:
    get = question.request.GET
    start = day_of(get.get("quarter"))
    since, until = quarter(question, start) if start else (None, None)
    return Stayed(stage, question.moment.at, since, until, lasting=bool(get.get("lasting")))


def _path(question: Asked, stage: str) -> Figure:
    get = question.request.GET
    path = tuple(filter(None, get.get("path", stage).split(".")))
    steps = one_of(question.request, "steps", STEPS, 4)
    return OnPath(path, question.moment.at, steps, get.get("starting") or None)


def _goal(lifecycle: Lifecycle) -> str:
    """The stage most worth reaching: the first loyal, else active, else new, else the last."""
    for canonical in ("loyal", "active", "new"):
        for stage in lifecycle.stages[1:]:
            if stage.canonical == canonical:
                return stage.code
    return lifecycle.stages[-1].code


WAYS: Mapping[str, Callable[[Asked, str], Figure]] = {
    "in": _standing,
    "was": _was,
    "entered": _entered,
    "left": _left,
    "between": _between,
    "moved": _moved,
    "cohort": _cohort,
    "stayed": _stayed,
    "path": _path,
}
"""How the customers of a list came to be counted, as it stands in its address."""
WITH_ANY = frozenset({"in", "was", "entered", "left"})
"""Ways that can be of any stage."""
