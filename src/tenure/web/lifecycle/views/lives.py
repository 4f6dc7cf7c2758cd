"""Lives by cohort: conversion, time in a stage, commonest paths."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.http import HttpRequest, HttpResponse

from tenure.definitions import Lifecycle
from tenure.derive.lifecycles.queries import (
    check_stage,
    commonest_paths,
    conversion,
    time_in_stage,
)
from tenure.science.survival import SurvivalCurve
from tenure.web.components.as_of import end_of_day
from tenure.web.language import told, zone_of
from tenure.web.lifecycle.asking import Asked, asked
from tenure.web.lifecycle.charts import conversions, survival
from tenure.web.lifecycle.frame import show_tab
from tenure.web.viewer import page

HORIZONS = (30, 60, 90, 180, 365)
COHORTS = (6, 12, 24, 36)
STEPS = (3, 4, 5, 6)
_CHECKED = (7, 30, 90, 180, 365)
_QUARTERS = 4


@dataclass(frozen=True, slots=True)
class Stay:
    """How long customers stay in a stage, or in it of one cohort."""

    name: str
    canonical: str
    curve: SurvivalCurve
    address: str

    @property
    def lasting(self) -> list[float]:
        """The share still there after each of the days the table shows."""
        return [self.curve.at(float(days)) for days in _CHECKED]


@page("customer.view")
def conversion_tab(request: HttpRequest, key: str) -> HttpResponse:
    """Per month of entering a stage, how many reached another in time."""
    question = asked(request, key)
    stages = question.lifecycle.stages
    entered = _stage(question, "entered", stages[0].code)
    reached = _stage(question, "reached", _goal(question.lifecycle))
    within = _one_of(request, "within", HORIZONS, 90)
    months = _one_of(request, "months", COHORTS, 12)
    last = question.moment.day
    rows = conversion(
        key,
        entered=entered,
        reached=reached,
        within=timedelta(days=within),
        first=_months_before(last, months - 1),
        last=last,
        as_of=question.moment.at,
        viewer=question.viewer,
        among=question.group(),
    )
    observed = sum(row.observed for row in rows)
    converted = sum(row.converted for row in rows)
    context = {
        "entered": question.lifecycle.stage(entered),
        "reached": question.lifecycle.stage(reached),
        "within": within,
        "months": months,
        "horizons": HORIZONS,
        "spans": COHORTS,
        "rows": rows,
        "observed": observed,
        "converted": converted,
        "share": converted / observed if observed else None,
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
    steps = _one_of(request, "steps", STEPS, 4)
    starting = request.GET.get("starting", "")
    found = commonest_paths(
        key,
        as_of=question.moment.at,
        viewer=question.viewer,
        steps=steps,
        starting=starting or None,
        limit=20,
        among=question.group(),
    )
    stages = {stage.code: stage for stage in question.lifecycle.stages}
    context = {
        "steps": steps,
        "choices": STEPS,
        "starting": starting,
        "paths": [(one, [stages[code] for code in one.stages]) for one in found],
        "covered": sum(one.share for one in found),
    }
    return show_tab(request, question, "paths", context)


def _stages(question: Asked) -> list[Stay]:
    stays = []
    for stage in question.lifecycle.stages:
        curve = _curve(question, stage.code)
        if curve is not None:
            address = question.address("time", stage=stage.code)
            stays.append(Stay(told(stage.name), stage.canonical, curve, address))
    return stays


def _cohorts(question: Asked, code: str) -> list[Stay]:
    """The whole, and the stays begun in each of the last quarters of the year."""
    stage = question.lifecycle.stage(code)
    zone, day = zone_of(question.request), question.moment.day
    starts = [_months_before(day, 3 * back + (day.month - 1) % 3) for back in range(_QUARTERS)]
    edges = [end_of_day(start - timedelta(days=1), zone) for start in reversed(starts)]
    everyone = _curve(question, code)
    stays = []
    if everyone is not None:
        stays.append(Stay(told(stage.name), stage.canonical, everyone, ""))
    for start, since, until in zip(
        reversed(starts), edges, [*edges[1:], question.moment.at], strict=True
    ):
        curve = _curve(question, code, since, until)
        if curve is not None:
            name = f"{start.year} Q{(start.month - 1) // 3 + 1}"
            stays.append(Stay(name, stage.canonical, curve, ""))
    return stays


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
        among=question.group(),
    )


def _colour(stay: Stay, index: int, *, by_cohort: bool) -> str:
    return f"var(--series-{index % 8 + 1})" if by_cohort else f"var(--stage-{stay.canonical})"


def _goal(lifecycle: Lifecycle) -> str:
    """The stage most worth reaching: the first loyal, else active, else new, else the last."""
    for canonical in ("loyal", "active", "new"):
        for stage in lifecycle.stages[1:]:
            if stage.canonical == canonical:
                return stage.code
    return lifecycle.stages[-1].code


def _stage(question: Asked, name: str, otherwise: str) -> str:
    code = question.request.GET.get(name) or otherwise
    check_stage(question.lifecycle, code)
    return code


def _one_of(request: HttpRequest, name: str, allowed: tuple[int, ...], otherwise: int) -> int:
    return {str(one): one for one in allowed}.get(request.GET.get(name, ""), otherwise)


def _months_before(day: date, months: int) -> date:
    whole = day.year * 12 + day.month - 1 - months
    return date(whole // 12, whole % 12 + 1, 1)
