"""Words that bring what is derived up to date: rebuild, tick, compact."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from tenure.cli import screen
from tenure.cli.choosing import NO_LIFECYCLES
from tenure.cli.help import command, json_option, option
from tenure.cli.house import open_house
from tenure.cli.progress import progress_by_share
from tenure.words import Words

if TYPE_CHECKING:
    from tenure.derive.lifecycles.operations import TickReport

_LIFECYCLES = Words(
    zh="只算这个生命周期，可多次给出", en="Only this lifecycle; may be given several times"
)


@command(
    "rebuild",
    words=Words(
        zh="从事件日志重新计算客户、阶段与历史\n\n结果与逐次 tick 相同；发布新定义之后用它。",
        en="Derive customers, stages and histories anew from the log\n\n"
        "Gives what ticks would give; use it after publishing definitions.",
    ),
    examples=("tenure rebuild", "tenure rebuild --lifecycle ecommerce_five_groups"),
)
@option("--lifecycle", "lifecycles", metavar="KEY", multiple=True, words=_LIFECYCLES)
@json_option
def rebuild(*, lifecycles: tuple[str, ...], as_json: bool) -> None:
    """Rebuild."""
    house = open_house()
    report = rebuild_with_progress(at=house.at, lifecycles=lifecycles)
    if as_json:
        screen.print_json(report)
        return
    if not report.computed:
        screen.line(NO_LIFECYCLES)
        return
    intervals = sum(report.computed.values())
    screen.line(
        Words(
            zh=f"已计算 {len(report.computed):,} 个生命周期，共 {intervals:,} 段阶段历史",
            en=f"Computed {len(report.computed):,} lifecycles: {intervals:,} intervals of stages",
        ),
        style="green",
    )


def rebuild_with_progress(*, at: datetime, lifecycles: tuple[str, ...] = ()) -> TickReport:
    """Rebuild while a bar shows how far it is; all lifecycles where none is named."""
    from tenure.derive.lifecycles.operations import rebuild as rebuild_all

    with progress_by_share(Words(zh="重新计算", en="Rebuilding")) as report:
        return rebuild_all(at=at, lifecycles=lifecycles or None, progress=report)


@command(
    "tick",
    words=Words(
        zh="补算：新事件、迟到事件、合并，以及到期的静默变化",
        en="Catch up: new and late events, merges, and changes that time alone brought",
    ),
)
@json_option
def tick(*, as_json: bool) -> None:
    """Tick."""
    house = open_house()
    from tenure.derive.lifecycles.operations import tick as tick_all

    report = tick_all(at=house.at)
    if as_json:
        screen.print_json(report)
        return
    screen.line(
        Words(
            zh=f"新事件 {report.events:,}，重算客户 {report.customers:,}，"
            f"因时间变化 {report.passed:,}，身份变动 {report.moved:,}",
            en=f"New events {report.events:,}, customers recomputed {report.customers:,}, "
            f"moved by time {report.passed:,}, identifiers moved {report.moved:,}",
        )
    )
    if report.computed:
        screen.line(_computed_words(report))
    if report.waiting:
        screen.line(_waiting_words(report), style="yellow")


def _waiting_words(report: TickReport) -> Words:
    keys = ", ".join(report.waiting)
    words = " ".join(f"--lifecycle {key}" for key in report.waiting)
    return Words(
        zh=f"定义已更改、客户很多，尚未重算：{keys}。"
        f"后台进程会重算；也可以运行 tenure rebuild {words}",
        en=f"Changed, and not yet computed since there are so many customers: {keys}. "
        f"The worker computes them; or run tenure rebuild {words}",
    )


def _computed_words(report: TickReport) -> Words:
    lifecycles, intervals = len(report.computed), sum(report.computed.values())
    some = "1 lifecycle" if lifecycles == 1 else f"{lifecycles:,} lifecycles"
    return Words(
        zh=f"从头计算了 {lifecycles:,} 个生命周期的全部客户，共 {intervals:,} 段阶段历史",
        en=f"All customers of {some} computed from the beginning: "
        f"{intervals:,} intervals of stages",
    )


@command(
    "compact",
    words=Words(
        zh="合并数据湖里的小文件，让查询更快；可随时运行",
        en="Merge small files of the lake so that queries are faster; safe at any time",
    ),
)
@json_option
def compact(*, as_json: bool) -> None:
    """Compact."""
    open_house()
    from tenure.derive.lifecycles.projection.places import house_histories, house_lake

    histories = house_histories()
    parts = house_lake().compact()
    rows = sum(histories.compact(key) for key in histories.lifecycles())
    if as_json:
        screen.print_json({"parts": parts, "intervals": rows})
        return
    screen.line(
        Words(
            zh=f"合并了 {parts:,} 个事件文件，整理了 {rows:,} 段阶段历史",
            en=f"Merged {parts:,} event files and put {rows:,} intervals of stages in order",
        ),
        style="green",
    )
