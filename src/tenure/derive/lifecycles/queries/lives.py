"""Lives by cohort: conversion, time in a stage with those still in it, commonest paths."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np

from tenure.actor import Actor
from tenure.clock import MICROSECOND, to_microseconds
from tenure.definitions import Lifecycle
from tenure.definitions.base import nearest_hint
from tenure.derive.lifecycles.queries.figures import Stayed
from tenure.derive.lifecycles.queries.reading import Group, history_of
from tenure.derive.lifecycles.queries.views import CohortConversion, PathTaken
from tenure.engine import cohorts, paths
from tenure.record.events.queries import basis
from tenure.science.survival import SurvivalCurve, kaplan_meier
from tenure.words import TenureError, Words


class UnknownStageError(TenureError):
    """A lifecycle has no stage of this code."""


def conversion(
    lifecycle: str,
    *,
    entered: str,
    reached: str,
    within: timedelta,
    first: date,
    last: date,
    as_of: datetime,
    viewer: Actor,
    known_at: datetime | None = None,
    among: Group | None = None,
) -> list[CohortConversion]:
    """Per month of entering one stage, the share that reached another in time.

    Args:
        lifecycle: its key.
        entered: code of the stage that begins the observation.
        reached: code of the stage to reach.
        within: how long a customer has.
        first: a day of the first month, in the organisation's zone.
        last: a day of the last month.
        as_of: up to which moment anything is known, aware.
        viewer: who asks.
        known_at: as it was believed at this moment (aware); as known now when ``None``.
        among: only these customers.

    Raises:
        UnknownLifecycleError: no such lifecycle.
        UnknownStageError: no such stage.
    """
    months = cohorts.monthly(first, last, basis().zone)
    with history_of(lifecycle, viewer=viewer, known_at=known_at, among=among) as reading:
        for code in (entered, reached):
            check_stage(reading.lifecycle, code)
        expression = cohorts.conversion(
            reading.intervals,
            entered=entered,
            reached=reached,
            within_us=within // MICROSECOND,
            as_of_us=to_microseconds(as_of),
            cohorts=months,
        )
        rows = reading.run(expression).to_pylist()
    return sorted((CohortConversion(**row) for row in rows), key=lambda row: row.cohort)


def time_in_stage(
    lifecycle: str,
    stage: str,
    *,
    as_of: datetime,
    viewer: Actor,
    since: datetime | None = None,
    until: datetime | None = None,
    known_at: datetime | None = None,
    among: Group | None = None,
) -> SurvivalCurve | None:
    """How long customers stay in a stage, in days; stays that go on are censored, not left out.

    Args:
        lifecycle: its key.
        stage: code of the stage.
        as_of: up to which moment anything is known, aware.
        viewer: who asks.
        since: only stays begun at or after this moment (aware).
        until: only stays begun before this moment (aware).
        known_at: as for :func:`conversion`.
        among: only these customers.

    Returns:
        The survival curve; ``None`` where nobody has been in the stage.

    Raises:
        UnknownLifecycleError: no such lifecycle.
        UnknownStageError: no such stage.
    """
    with history_of(lifecycle, viewer=viewer, known_at=known_at, among=among) as reading:
        check_stage(reading.lifecycle, stage)
        stays = Stayed(stage, as_of, since, until).stays(reading.intervals)
        table = reading.run(stays.select("days", "ended"))
    if not len(table):
        return None
    days, ended = table["days"].to_numpy(), table["ended"].to_numpy()
    return kaplan_meier(days.astype(np.float64), ended.astype(np.bool_))


def commonest_paths(
    lifecycle: str,
    *,
    as_of: datetime,
    viewer: Actor,
    steps: int = 4,
    starting: str | None = None,
    limit: int = 20,
    known_at: datetime | None = None,
    among: Group | None = None,
) -> list[PathTaken]:
    """The ways most customers take through the stages.

    Args:
        lifecycle: its key.
        as_of: up to which moment anything is known, aware.
        viewer: who asks.
        steps: the most stages of a way.
        starting: code of the stage to begin with; each customer's first when ``None``.
        limit: how many ways.
        known_at: as for :func:`conversion`.
        among: only these customers.

    Raises:
        UnknownLifecycleError: no such lifecycle.
        UnknownStageError: no such stage.
    """
    with history_of(lifecycle, viewer=viewer, known_at=known_at, among=among) as reading:
        if starting is not None:
            check_stage(reading.lifecycle, starting)
        expression = paths.commonest_paths(
            reading.intervals,
            as_of_us=to_microseconds(as_of),
            steps=steps,
            starting=starting,
            limit=limit,
        )
        rows = reading.run(expression).to_pylist()
        names = {stage.code: stage.name for stage in reading.lifecycle.stages}
    rows.sort(key=lambda row: (-row["customers"], row["path"]))
    return [
        PathTaken(
            stages=(codes := tuple(row["path"].split(paths.STEP))),
            names=tuple(names[code] for code in codes),
            customers=int(row["customers"]),
            share=float(row["share"]),
            median_days=float(row["median_days"]),
        )
        for row in rows
    ]


def check_stage(lifecycle: Lifecycle, code: str) -> None:
    """Refuse a code that no stage of ``lifecycle`` has.

    Raises:
        UnknownStageError: no such stage.
    """
    codes = [stage.code for stage in lifecycle.stages]
    if code in codes:
        return
    hint = nearest_hint(code, codes)
    raise UnknownStageError(
        Words(
            zh=f"“{lifecycle.name.zh}”没有阶段 {code}{hint.zh}（可选：{'、'.join(codes)}）",
            en=f"{lifecycle.name.en} has no stage {code}{hint.en} (it has {', '.join(codes)})",
        )
    )
