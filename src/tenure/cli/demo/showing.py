"""The word ``demo``: finds or makes the company, then tells its story."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import click
import msgspec

from tenure.cli.demo.homes import DEFAULT_HOME, Mark, World, check_same, demo_home
from tenure.cli.help import command, option
from tenure.cli.house import House, open_house
from tenure.cli.moments import end_of
from tenure.cli.pages import free_port, open_pages
from tenure.cli.up import LOOPBACK
from tenure.clock import now
from tenure.words import Words

INDUSTRIES = ("ecommerce", "personal_loan", "hospital", "b2b")


@command(
    "demo",
    words=Words(
        zh="看一家模拟公司：生成数据，载入，展示生命周期\n\n"
        f"它有自己的数据目录（默认 ./{DEFAULT_HOME}），不碰你的数据；重复运行无害。",
        en="See a simulated company: make its data, load it, show its lifecycle\n\n"
        f"It has a data directory of its own (./{DEFAULT_HOME}), away from your data.\n"
        "Running it again does no harm.",
    ),
    examples=("tenure demo", "tenure demo --industry hospital --home hospital-demo"),
)
@option(
    "--industry",
    type=click.Choice(INDUSTRIES),
    default="ecommerce",
    show_default=True,
    words=Words(zh="行业", en="Industry"),
)
@option(
    "--customers",
    type=click.IntRange(20, 200_000),
    default=2_000,
    show_default=True,
    words=Words(zh="客户数", en="How many customers"),
)
@option(
    "--years",
    type=click.IntRange(2, 10),
    default=3,
    show_default=True,
    words=Words(zh="几年的数据", en="Years of data"),
)
@option(
    "--seed",
    type=click.IntRange(0),
    default=42,
    show_default=True,
    words=Words(zh="随机种子，相同则公司相同", en="Random seed; the same gives the same company"),
)
@option(
    "--until",
    type=click.DateTime(formats=["%Y-%m-%d"]),
    words=Words(zh="数据的最后一天，默认昨天", en="Last day of data; default yesterday"),
)
@option(
    "--home", words=Words(zh=f"放在哪里，默认 {DEFAULT_HOME}", en=f"Where; default {DEFAULT_HOME}")
)
@option(
    "--pages/--no-pages",
    default=None,
    words=Words(
        zh="最后打开网页；默认只在终端里打开",
        en="Open the pages at the end; by default in a terminal only",
    ),
)
@option("--fresh", is_flag=True, words=Words(zh="删掉旧的演示，重新生成", en="Make it anew"))
def demo(
    *,
    industry: str,
    customers: int,
    years: int,
    seed: int,
    until: datetime | None,
    home: str | None,
    pages: bool | None,
    fresh: bool,
) -> None:
    """Show the demo."""
    from tenure.cli.demo.making import make
    from tenure.cli.demo.story import tell_story

    place = demo_home(Path(home or DEFAULT_HOME), fresh=fresh)
    last = until.date() if until else _yesterday(now())
    world = World(industry, customers, seed, years, last)
    if place.mark is not None:
        # A demo made on an earlier day is still the same company.
        known = place.mark.world
        world = world if until else msgspec.structs.replace(world, until=known.until)
        check_same(known, world, place.root)
    mark = place.mark or Mark(world)
    place.write(mark)
    os.environ["TENURE_HOME"] = str(place.root)
    house = open_house() if until is None else _end_of_data(open_house(), world)
    if mark.counts is None:
        mark = make(world, place, house)
    tell_story(mark, place, house)
    if _in_a_terminal() if pages is None else pages:
        open_pages(house, host=LOOPBACK, port=free_port(LOOPBACK))


def _in_a_terminal() -> bool:
    """Whether somebody looks on, so that a program that runs us is not kept waiting."""
    return sys.stdout.isatty() and not os.environ.get("CI")


def _yesterday(at: datetime) -> date:
    """On this machine's calendar: a demo needs no exact midnight."""
    return at.astimezone().date() - timedelta(days=1)


def _end_of_data(house: House, world: World) -> House:
    """The house at the end of the last day of data."""
    last = world.until.isoformat()
    return replace(house, at=end_of(last, zone=house.zone, at=house.at, where="--until"))
