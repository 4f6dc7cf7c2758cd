"""Words ``conversion``, ``time-in-stage`` and ``paths``: how customers move over their lives."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from tenure.cli import screen
from tenure.cli.choosing import (
    as_of_option,
    chosen_lifecycle,
    lifecycle_option,
    moments,
    names_of,
)
from tenure.cli.curves import curve_data, show_curves
from tenure.cli.help import argument, command, json_option, option
from tenure.cli.house import open_house
from tenure.cli.language import say
from tenure.cli.moments import start_of
from tenure.words import Words

if TYPE_CHECKING:
    from tenure.derive.lifecycles.queries import CohortConversion, PathTaken

_CUSTOMERS = Words(zh="客户", en="Customers")
_MOST_STEPS = 12
_SHARE = Words(zh="占比", en="Share")


@command(
    "conversion",
    words=Words(
        zh="按进入月份分批：多少客户在期限内到达另一阶段\n\n只对观察满期限的客户计算比例；"
        "未满期限的单列。",
        en="Per month of entering a stage: how many reached another in time\n\n"
        "The share is taken of customers observed for the whole time; the others stand apart.",
    ),
    examples=("tenure conversion potential new --within 90",),
    lists=True,
)
@argument("entered", words=Words(zh="起始阶段的代码", en="Code of the stage entered"))
@argument("reached", words=Words(zh="目标阶段的代码", en="Code of the stage to reach"))
@lifecycle_option
@option(
    "--within",
    type=click.IntRange(1),
    default=90,
    show_default=True,
    words=Words(zh="期限（天）", en="Days a customer has"),
)
@option(
    "--months",
    type=click.IntRange(1, 240),
    default=12,
    show_default=True,
    words=Words(zh="看最近几个月的批次", en="How many monthly cohorts"),
)
@as_of_option
@json_option
def conversion(
    *,
    entered: str,
    reached: str,
    lifecycle: str | None,
    within: int,
    months: int,
    as_of: str | None,
    as_json: bool,
) -> None:
    """Show conversion per cohort."""
    house = open_house()
    key = chosen_lifecycle(house, lifecycle)
    from tenure.derive.lifecycles.queries import conversion as converted

    world, _ = moments(house, as_of, None)
    last = world.astimezone(house.zone).date()
    first = (last.replace(day=1) - timedelta(days=30 * (months - 1))).replace(day=1)
    rows = converted(
        key,
        entered=entered,
        reached=reached,
        within=timedelta(days=within),
        first=first,
        last=last,
        as_of=world,
        viewer=house.by,
    )
    if as_json:
        screen.print_json(rows)
        return
    name, stages = names_of(key)
    one, other = stages[entered], stages[reached]
    screen.heading(
        Words(
            zh=f"{name.zh}：进入“{one.zh}”后 {within} 天内到达“{other.zh}”",
            en=f"{name.en}: from {one.en} to {other.en} within {within} days",
        )
    )
    _show_conversion(rows)


def _show_conversion(rows: Sequence[CohortConversion]) -> None:
    columns: list[screen.Column] = [
        (Words(zh="进入月份", en="Entered in"), "left"),
        (_CUSTOMERS, "right"),
        (Words(zh="观察满期", en="Observed"), "right"),
        (Words(zh="已到达", en="Reached"), "right"),
        (_SHARE, "right"),
        ("", "left"),
        (Words(zh="未满期", en="Too early"), "right"),
    ]
    cells: list[list[screen.Cell]] = [
        [
            row.cohort,
            screen.count(row.customers),
            screen.count(row.observed),
            screen.count(row.converted),
            screen.percent(row.share),
            screen.bar(row.share or 0.0, 12),
            screen.count(row.waiting + row.early),
        ]
        for row in rows
    ]
    screen.table(columns, cells)


@command(
    "time-in-stage",
    words=Words(
        zh="在各阶段停留多久（Kaplan–Meier，含 95% 区间）\n\n还没结束的停留按“至今”计入，不丢掉。",
        en="How long customers stay in each stage (Kaplan-Meier, 95% limits)\n\n"
        "Stays that go on count as lasting so far; they are not left out.",
    ),
    examples=("tenure time-in-stage", "tenure time-in-stage --since 2025-01-01"),
)
@lifecycle_option
@option(
    "--since",
    metavar="DATE",
    words=Words(zh="只看这天之后开始的停留", en="Only stays begun from this day on"),
)
@as_of_option
@json_option
def time_in_stage(
    *, lifecycle: str | None, since: str | None, as_of: str | None, as_json: bool
) -> None:
    """Show how long customers stay."""
    house = open_house()
    key = chosen_lifecycle(house, lifecycle)
    from tenure.derive.lifecycles.queries import time_in_stage as curve_of
    from tenure.record.library.queries import current_library

    world, _ = moments(house, as_of, None)
    begun = start_of(since, zone=house.zone, at=house.at, where="--since") if since else None
    stages = current_library()[0].lifecycles[key].stages
    curves = {
        stage.code: curve_of(key, stage.code, as_of=world, viewer=house.by, since=begun)
        for stage in stages
    }
    if as_json:
        screen.print_json({code: curve_data(curve) for code, curve in curves.items()})
        return
    name, _ = names_of(key)
    screen.heading(Words(zh=f"{name.zh}：停留时间", en=f"{name.en}: time in stage"))
    show_curves({say(stage.name): curves[stage.code] for stage in stages})


@command(
    "paths",
    words=Words(
        zh="客户最常走的阶段路径", en="The commonest ways customers take through the stages"
    ),
    examples=("tenure paths --starting new --steps 4",),
    lists=True,
)
@lifecycle_option
@option("--starting", metavar="STAGE", words=Words(zh="从这个阶段开始", en="Begin with this stage"))
@option(
    "--steps",
    type=click.IntRange(1, _MOST_STEPS),
    default=4,
    show_default=True,
    words=Words(zh="最多几步", en="At most so many stages"),
)
@option(
    "--limit",
    type=click.IntRange(1),
    default=15,
    show_default=True,
    words=Words(zh="显示几条", en="How many paths"),
)
@as_of_option
@json_option
def paths(
    *,
    lifecycle: str | None,
    starting: str | None,
    steps: int,
    limit: int,
    as_of: str | None,
    as_json: bool,
) -> None:
    """Show the commonest paths."""
    house = open_house()
    key = chosen_lifecycle(house, lifecycle)
    from tenure.derive.lifecycles.queries import commonest_paths

    world, _ = moments(house, as_of, None)
    rows = commonest_paths(
        key, as_of=world, viewer=house.by, steps=steps, starting=starting, limit=limit
    )
    if as_json:
        screen.print_json(rows)
        return
    name, _ = names_of(key)
    screen.heading(Words(zh=f"{name.zh}：阶段路径", en=f"{name.en}: paths"))
    _show_paths(rows)
    cut = cut_words(rows, steps)
    if cut is not None:
        screen.line(cut, style="dim")


def cut_words(rows: Sequence[PathTaken], steps: int) -> Words | None:
    """That some paths may go on beyond the ``steps`` stages shown; None where none does."""
    if all(len(row.names) < steps for row in rows):
        return None
    more = min(steps * 2, _MOST_STEPS)
    hint = Words("", "")
    if more > steps:
        hint = Words(zh=f"；要看更长的，用 --steps {more}", en=f"; longer ones: --steps {more}")
    return Words(
        zh=f"路径只看前 {steps} 个阶段{hint.zh}", en=f"Paths are cut after {steps} stages{hint.en}"
    )


def _show_paths(rows: Sequence[PathTaken]) -> None:
    columns: list[screen.Column] = [
        (_CUSTOMERS, "right"),
        (_SHARE, "right"),
        (Words(zh="历时中位数", en="Median time"), "right"),
        (Words(zh="路径", en="Path"), "left"),
    ]
    cells = [
        [
            screen.count(row.customers),
            screen.percent(row.share),
            screen.days(row.median_days),
            " → ".join(say(name) for name in row.names),
        ]
        for row in rows
    ]
    screen.table(columns, cells)
