"""Endpoints: listed, added, changed, switched, removed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import click

from tenure.cli import screen
from tenure.cli.help import argument, command, json_option, option
from tenure.cli.house import House, open_house
from tenure.cli.language import say
from tenure.words import Words

if TYPE_CHECKING:
    from tenure.act.webhooks.queries import EndpointView

NUMBER = Words(zh="推送地址的编号", en="Number of the endpoint")
_ONCE = Words(
    zh="签名密钥只显示这一次，请交给接收方保存：",
    en="The signing secret, shown this once; give it to the receiver to keep:",
)
_NAME = Words(zh="给人看的名称", en="Its name, for people")
_URL = Words(zh="HTTPS 地址", en="Its HTTPS address")
_TYPE = Words(zh="事件类型，可多次", en="An event type; repeat")
_EVERY = Words(zh="全部事件类型", en="All event types")
_READS = Words(
    zh="随事件发出的个人信息组，可多次", en="A group of personal fields sent along; repeat"
)
_KEEP = Words(zh="投递记录保留几天", en="Days its deliveries are kept")


@command("list", words=Words(zh="全部推送地址", en="All endpoints"), lists=True)
@json_option
def list_endpoints(*, as_json: bool) -> None:
    """List endpoints."""
    house = open_house()
    from tenure.act.webhooks.queries import endpoints

    rows = endpoints(house.by, at=house.at)
    if as_json:
        screen.print_json(rows)
    elif rows:
        _show(rows, house)
    else:
        screen.line(
            Words(
                zh="还没有推送地址。新增：tenure webhooks add ERP "
                "https://erp.example.com/hook --all",
                en="No endpoints yet. Add one: tenure webhooks add ERP "
                "https://erp.example.com/hook --all",
            )
        )


@command(
    "add",
    words=Words(
        zh="新增推送地址，得到签名密钥\n\n只推送此后记录的事件。",
        en="Add an endpoint and get its signing secret\n\nIt is told of events recorded from now "
        "on.",
    ),
    examples=(
        "tenure webhooks add ERP https://erp.example.com/hook --type order.placed",
        "tenure webhooks add Warehouse https://dw.example.com/in --all",
    ),
)
@argument("name", words=_NAME)
@argument("url", words=_URL)
@option("--type", "types", multiple=True, words=_TYPE)
@option("--all", "every", is_flag=True, words=_EVERY)
@option("--reads", multiple=True, words=_READS)
@option("--keep-days", type=int, words=_KEEP)
@json_option
def add(
    *,
    name: str,
    url: str,
    types: tuple[str, ...],
    every: bool,
    reads: tuple[str, ...],
    keep_days: int | None,
    as_json: bool,
) -> None:
    """Add an endpoint."""
    house = open_house()
    from tenure.act.webhooks.operations import Wanted, add_endpoint

    wanted = Wanted(name, url, every, types, reads, keep_days)
    added = add_endpoint(wanted, by=house.by, at=house.at)
    if as_json:
        screen.print_json({"endpoint_id": added.endpoint_id, "secret": added.secret})
        return
    number = added.endpoint_id
    screen.line(Words(zh=f"已新增推送地址 {number}", en=f"Added endpoint {number}"))
    screen.line(_ONCE)
    click.echo(added.secret)


@command(
    "change",
    words=Words(zh="修改推送地址；没写的不变", en="Change an endpoint; what is not given stays"),
    examples=("tenure webhooks change 1 --type order.placed --type order.paid",),
)
@argument("number", type=int, words=NUMBER)
@option("--name", words=_NAME)
@option("--url", words=_URL)
@option("--type", "types", multiple=True, words=_TYPE)
@option("--all", "every", is_flag=True, words=_EVERY)
@option("--reads", multiple=True, words=_READS)
@option("--no-personal", is_flag=True, words=Words(zh="不发个人信息", en="No personal fields"))
@option("--keep-days", type=int, words=_KEEP)
def change(
    *,
    number: int,
    name: str | None,
    url: str | None,
    types: tuple[str, ...],
    every: bool,
    reads: tuple[str, ...],
    no_personal: bool,
    keep_days: int | None,
) -> None:
    """Change an endpoint."""
    house = open_house()
    from tenure.act.webhooks.operations import Wanted, change_endpoint

    wanted = Wanted(
        name=name,
        url=url,
        every_type=every if every or types else None,
        types=types or None,
        reads=reads if reads or no_personal else None,
        keep_days=keep_days,
    )
    change_endpoint(number, wanted, by=house.by, at=house.at)
    screen.line(Words(zh=f"已修改推送地址 {number}", en=f"Changed endpoint {number}"))


@command(
    "rotate",
    words=Words(
        zh="换一个签名密钥；重叠期内新旧都签名",
        en="Make a new signing secret; both sign during the overlap",
    ),
    examples=("tenure webhooks rotate 1 --overlap 24",),
)
@argument("number", type=int, words=NUMBER)
@option(
    "--overlap",
    type=click.FloatRange(min=0, max=720),
    required=True,
    words=Words(zh="旧密钥再签名几小时；0 为立即停用", en="Hours the old one signs; 0: none"),
)
@json_option
def rotate(*, number: int, overlap: float, as_json: bool) -> None:
    """Rotate the secret of an endpoint."""
    house = open_house()
    from tenure.act.webhooks.operations import rotate_secret

    made = rotate_secret(number, overlap=timedelta(hours=overlap), by=house.by, at=house.at)
    if as_json:
        screen.print_json({"secret": made})
        return
    screen.line(_ONCE)
    click.echo(made)


@command("off", words=Words(zh="停用：事件先等着", en="Switch off: events wait"))
@argument("number", type=int, words=NUMBER)
def off(*, number: int) -> None:
    """Switch an endpoint off."""
    house = open_house()
    from tenure.act.webhooks.operations import switch_endpoint_off

    switch_endpoint_off(number, by=house.by, at=house.at)
    screen.line(Words(zh=f"已停用推送地址 {number}", en=f"Endpoint {number} is off"))


@command("on", words=Words(zh="启用，并补发等着的", en="Switch on, and send what waits"))
@argument("number", type=int, words=NUMBER)
@option("--skip", is_flag=True, words=Words(zh="只发以后的", en="Leave out what waits"))
def on(*, number: int, skip: bool) -> None:
    """Switch an endpoint on."""
    house = open_house()
    from tenure.act.webhooks.operations import switch_endpoint_on

    switch_endpoint_on(number, skip=skip, by=house.by, at=house.at)
    screen.line(Words(zh=f"已启用推送地址 {number}", en=f"Endpoint {number} is on"))


@command(
    "remove",
    words=Words(zh="删除推送地址与它的投递记录", en="Remove an endpoint and its deliveries"),
)
@argument("number", type=int, words=NUMBER)
def remove(*, number: int) -> None:
    """Remove an endpoint."""
    house = open_house()
    from tenure.act.webhooks.operations import remove_endpoint

    remove_endpoint(number, by=house.by, at=house.at)
    screen.line(Words(zh=f"已删除推送地址 {number}", en=f"Removed endpoint {number}"))


def _show(rows: list[EndpointView], house: House) -> None:
    from tenure.act.webhooks.queries.naming import STATE_NAMES

    every = say(Words(zh="全部", en="all"))
    columns: list[screen.Column] = [
        (Words(zh="编号", en="No."), "right"),
        (Words(zh="名称", en="Name"), "left"),
        (Words(zh="状态", en="State"), "left"),
        (Words(zh="待发送", en="Pending"), "right"),
        (Words(zh="失败", en="Failed"), "right"),
        (Words(zh="最近发送", en="Last sent"), "left"),
        (Words(zh="地址", en="Address"), "left"),
        (Words(zh="事件", en="Events"), "left"),
    ]
    cells = [
        [
            str(row.id),
            row.name,
            say(STATE_NAMES[row.state]),
            screen.count(row.counts.pending),
            screen.count(row.counts.failed),
            screen.short_moment(row.last_at, house.zone),
            row.address,
            every if row.every_type else " ".join(row.types),
        ]
        for row in rows
    ]
    screen.table(columns, cells)
