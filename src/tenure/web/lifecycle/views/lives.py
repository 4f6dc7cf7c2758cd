"""Lives by cohort: conversion, time in a stage, commonest paths."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse

from tenure.derive.lifecycles.queries import (
    PARTS,
    CohortConversion,
    OfCohort,
    Part,
    check_stage,
    commonest_paths,
    conversion,
    time_in_stage,
)
from tenure.science.survival import SurvivalCurve
from tenure.web.language import told
from tenure.web.lifecycle.asking import Asked, asked
from tenure.web.lifecycle.behind import (
    COHORTS,
    HORIZONS,
    STEPS,
    conversion_asked,
    months_before,
    one_of,
    quarter,
)
from tenure.web.lifecycle.charts import conversions, survival
from tenure.web.lifecycle.frame import show_tab
from tenure.web.viewer import page

_CHECKED = (7, 30, 90, 180, 365)
_QUARTERS = 4


@dataclass(frozen=True, slots=True)
class Stay:
    """How long customers stay in a stage, or in it of one cohort.

    Attributes:
        address: of the stage's cohorts; empty where these are shown.
        customers: address of the list of those who stayed; ``still`` of those who still do.
    """

    name: str
    canonical: str
    curve: SurvivalCurve
    address: str
    customers: str
    still: str

    @property
    def lasting(self) -> list[float]:
        """The share still there after each of the days the table shows."""
        return [self.curve.at(float(days)) for days in _CHECKED]


@page("customer.view")
def conversion_tab(request: HttpRequest, key: str) -> HttpResponse:
    """Per month of entering a stage, how many reached another in time."""
    question = asked(request, key)
    cohorts = conversion_asked(question)
    rows = conversion(
        key,
        entered=cohorts.entered,
        reached=cohorts.reached,
        within=cohorts.within,
        first=cohorts.first,
        last=cohorts.last,
        as_of=cohorts.as_of,
        viewer=question.viewer,
        known_at=question.moment.known_at,
        among=question.group(),
    )
    total = {part: sum(getattr(row, part) for row in rows) for part in PARTS}
    context = {
        "entered": question.lifecycle.stage(cohorts.entered),
        "reached": question.lifecycle.stage(cohorts.reached),
        "within": cohorts.within.days,
        "months": one_of(request, "months", COHORTS, 12),
        "horizons": HORIZONS,
        "spans": COHORTS,
        "rows": [(row, _counted(question, cohorts, row)) for row in rows],
        "total": total,
        "total_counted": _parts(question, cohorts, "", total),
        "share": total["converted"] / total["observed"] if total["observed"] else None,
        "chart": conversions(rows),
    }
    return show_tab(request, question, "conversion", context)


@page("customer.view")
def time_tab(request: HttpRequest, key: str) -> HttpResponse:
    """How long customers stay: stages beside each other, or one stage by cohort with its band."""
    question = asked(request, key)
    chosen = request.GET.get("stage", "")
    if chosen:
        check_stage(question.lifecycle, chosen)
    stays = _cohorts(question, chosen) if chosen else _stages(question)
    shown = [
        (one.name, _colour(one, index, by_cohort=bool(chosen)), one.curve)
        for index, one in enumerate(stays)
    ]
    context = {
        "chosen": question.lifecycle.stage(chosen) if chosen else None,
        "stays": stays,
        "checked": _CHECKED,
        "chart": survival(shown, band=bool(chosen)) if shown else None,
    }
    return show_tab(request, question, "time", context)


@page("customer.view")
def paths_tab(request: HttpRequest, key: str) -> HttpResponse:
    """The ways most customers take."""
    question = asked(request, key)
    steps = one_of(request, "steps", STEPS, 4)
    starting = request.GET.get("starting", "")
    found = commonest_paths(
        key,
        as_of=question.moment.at,
        viewer=question.viewer,
        steps=steps,
        starting=starting or None,
        limit=20,
        known_at=question.moment.known_at,
        among=question.group(),
    )
    stages = {stage.code: stage for stage in question.lifecycle.stages}
    context = {
        "steps": steps,
        "choices": STEPS,
        "starting": starting,
        "paths": [
            (
                one,
                [stages[code] for code in one.stages],
                question.customers(
                    "path",
                    one.stages[0],
                    path=".".join(one.stages),
                    steps=steps,
                    starting=starting,
                ),
            )
            for one in found
        ],
        "covered": sum(one.share for one in found),
    }
    return show_tab(request, question, "paths", context)


def _stages(question: Asked) -> list[Stay]:
    stays = []
    for stage in question.lifecycle.stages:
        curve = _curve(question, stage.code)
        if curve is not None:
            stays.append(
                Stay(
                    name=told(stage.name),
                    canonical=stage.canonical,
                    curve=curve,
                    address=question.address("time", stage=stage.code),
                    customers=question.customers("stayed", stage.code),
                    still=question.customers("stayed", stage.code, lasting=1),
                )
            )
    return stays


def _cohorts(question: Asked, code: str) -> list[Stay]:
    """The whole, and the stays begun in each of the last quarters of the year."""
    stage = question.lifecycle.stage(code)
    day = question.moment.day
    starts = [months_before(day, 3 * back + (day.month - 1) % 3) for back in range(_QUARTERS)]
    stays = []
    for start in (None, *reversed(starts)):
        since, until = (None, None) if start is None else quarter(question, start)
        curve = _curve(question, code, since, until)
        if curve is None:
            continue
        quarter_name = "" if start is None else f"{start.year} Q{(start.month - 1) // 3 + 1}"
        stays.append(
            Stay(
                name=quarter_name or told(stage.name),
                canonical=stage.canonical,
                curve=curve,
                address="",
                customers=question.customers("stayed", code, quarter=start),
                still=question.customers("stayed", code, quarter=start, lasting=1),
            )
        )
    return stays


def _counted(
    question: Asked, cohorts: OfCohort, row: CohortConversion
) -> dict[str, tuple[int, str]]:
    return _parts(question, cohorts, row.cohort, {part: getattr(row, part) for part in PARTS})


def _parts(
    question: Asked, cohorts: OfCohort, month: str, counts: Mapping[Part, int]
) -> dict[str, tuple[int, str]]:
    """Each count of a month (of all where empty) with the address of its customers."""
    kept = {
        "reached": cohorts.reached,
        "within": cohorts.within.days,
        "months": one_of(question.request, "months", COHORTS, 12),
        "month": month,
    }
    return {
        part: (count, question.customers("cohort", cohorts.entered, part=part, **kept))
        for part, count in counts.items()
    }


def _curve(
    question: Asked, code: str, since: datetime | None = None, until: datetime | None = None
) -> SurvivalCurve | None:
    return time_in_stage(
        question.lifecycle.key,
        code,
        as_of=question.moment.at,
        viewer=question.viewer,
        since=since,
        until=until,
        known_at=question.moment.known_at,
        among=question.group(),
    )


def _colour(stay: Stay, index: int, *, by_cohort: bool) -> str:
    return f"var(--series-{index % 8 + 1})" if by_cohort else f"var(--stage-{stay.canonical})"
