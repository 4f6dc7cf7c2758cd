"""Words ``stages`` and ``flows``: how many customers stand where, and who moved."""

from __future__ import annotations

from datetime import datetime, timedelta

from tenure.cli import screen
from tenure.cli.boards import show_board, show_flows
from tenure.cli.choosing import (
    chosen_lifecycle,
    known_at_option,
    lifecycle_keys,
    lifecycle_option,
    moment_options,
    moments,
    names_of,
    unseen_events,
)
from tenure.cli.help import command, json_option, option
from tenure.cli.house import House, open_house
from tenure.cli.moments import end_of, start_of
from tenure.cli.preferences import prefer_lifecycle
from tenure.words import TenureError, Words

_REMEMBER = Words(zh="以后默认看这个生命周期", en="Show this lifecycle from now on")
_FORECAST = Words(
    zh="这是将来：假定从现在起什么都不发生",
    en="This is the future, supposing that nothing happens from now on",
)
_FROM = Words(zh="从哪天起，默认 30 天前", en="From this day on; default 30 days ago")
_TO = Words(zh="到哪天止，默认今天", en="Up to this day; default today")


class PeriodError(TenureError):
    """A period that ends before it begins."""


@command(
    "stages",
    words=Words(
        zh="各阶段有多少客户，与 30 天前相比\n\n可以看任意一天（--as-of），也可以看那天所知的"
        "（--known-at）。",
        en="How many customers per stage, compared with 30 days before\n\n"
        "As of any day (--as-of), also as it was known on a day (--known-at).",
    ),
    examples=(
        "tenure stages",
        "tenure stages --lifecycle ecommerce_five_groups --as-of 2025-11-11",
    ),
)
@lifecycle_option
@moment_options
@option("--remember", is_flag=True, words=_REMEMBER)
@json_option
def stages(
    *, lifecycle: str | None, as_of: str | None, known_at: str | None, remember: bool, as_json: bool
) -> None:
    """Show a board."""
    house = open_house()
    key = chosen_lifecycle(house, lifecycle)
    from tenure.derive.lifecycles.queries import board

    world, known = moments(house, as_of, known_at)
    found = board(key, as_of=world, viewer=house.by, known_at=known)
    if remember:
        prefer_lifecycle(house.home, key)
    if as_json:
        screen.print_json(found)
        return
    show_board(found, house.zone)
    if world > house.at:
        screen.line(_FORECAST, style="yellow")
    _tell_more(house, key)


def _tell_more(house: House, key: str) -> None:
    """What the board does not show: events not followed yet, and the other lifecycles."""
    unseen = unseen_events()
    if unseen:
        screen.line(
            Words(
                zh=f"还有 {unseen:,} 个新事件没有计入：tenure tick",
                en=f"{unseen:,} new events are not counted yet: tenure tick",
            ),
            style="yellow",
        )
    others = [other for other in lifecycle_keys(house) if other != key]
    if others:
        shown = ", ".join(others)
        screen.line(
            Words(
                zh=f"其他生命周期（--lifecycle）：{shown}",
                en=f"Other lifecycles (--lifecycle): {shown}",
            ),
            style="dim",
        )


@command(
    "flows",
    words=Words(
        zh="一段时间里谁进了、谁出了每个阶段：期初＋进入－离开＝期末",
        en="Who entered and left each stage in a period: opening + entered − left = closing",
    ),
    examples=("tenure flows --from 2025-11-01 --to 2025-11-30",),
)
@lifecycle_option
@option("--from", "begin", metavar="DATE", words=_FROM)
@option("--to", "end", metavar="DATE", words=_TO)
@known_at_option
@json_option
def flows(
    *,
    lifecycle: str | None,
    begin: str | None,
    end: str | None,
    known_at: str | None,
    as_json: bool,
) -> None:
    """Show the accounts of a period."""
    house = open_house()
    key = chosen_lifecycle(house, lifecycle)
    from tenure.derive.lifecycles.queries import flow_accounts, transitions

    first, last = _period(house, begin, end)
    _, known = moments(house, None, known_at)
    accounts = flow_accounts(key, from_at=first, to_at=last, viewer=house.by, known_at=known)
    moves = transitions(key, from_at=first, to_at=last, viewer=house.by, known_at=known)
    if as_json:
        screen.print_json(
            {
                "lifecycle": key,
                "from": first,
                "to": last,
                "accounts": accounts,
                "transitions": moves,
            }
        )
        return
    days = [screen.long_date(moment.astimezone(house.zone).date()) for moment in (first, last)]
    name, _ = names_of(key)
    screen.heading(
        Words(zh=f"{name.zh}：{days[0]} 至 {days[1]}", en=f"{name.en}: {days[0]} to {days[1]}")
    )
    show_flows(accounts, moves)


def _period(house: House, begin: str | None, end: str | None) -> tuple[datetime, datetime]:
    last = end_of(end, zone=house.zone, at=house.at, where="--to") if end else house.at
    first = last - timedelta(days=30)
    if begin:
        first = start_of(begin, zone=house.zone, at=house.at, where="--from")
    if first >= last:
        raise PeriodError(Words(zh="--from 要早于 --to", en="--from must be earlier than --to"))
    return first, last
