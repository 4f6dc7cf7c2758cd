"""Deliveries: listed, sent again; and tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tenure.cli import screen
from tenure.cli.help import argument, command, json_option, option
from tenure.cli.house import House, open_house
from tenure.cli.language import say
from tenure.cli.webhooks.keeping import NUMBER
from tenure.words import TenureError, Words

if TYPE_CHECKING:
    from tenure.act.webhooks.queries import DeliveryView


class NoEndpointError(TenureError):
    """No endpoint has this number."""


@command(
    "deliveries", words=Words(zh="投递记录，最新在前", en="Deliveries, newest first"), lists=True
)
@argument("number", type=int, words=NUMBER)
@option(
    "--status",
    type=click.Choice(["pending", "delivered", "failed", "skipped"]),
    words=Words(zh="只看这种状态", en="Only of this status"),
)
@option("--type", "type_", default="", words=Words(zh="只看这种事件", en="Only of this event type"))
@option(
    "--limit",
    type=click.IntRange(1, 1_000),
    default=20,
    words=Words(zh="最多显示几行", en="Rows at most"),
)
@json_option
def list_deliveries(
    *, number: int, status: str | None, type_: str, limit: int, as_json: bool
) -> None:
    """List deliveries."""
    house = open_house()
    from tenure.act.webhooks.queries import deliveries, endpoint

    if endpoint(number, house.by, at=house.at) is None:
        raise NoEndpointError(
            Words(zh=f"没有推送地址 {number}", en=f"There is no endpoint {number}")
        )
    found = deliveries(
        number, house.by, status=status or "", type_=type_, limit=limit, with_answers=True
    )
    if as_json:
        screen.print_json(found.deliveries)
    elif found.deliveries:
        _show(found.deliveries, house)
    else:
        screen.line(Words(zh="没有这样的投递", en="No such deliveries"))


@command(
    "test",
    words=Words(
        zh="发送一个测试\n\n后台进程随即发送；用 deliveries 看结果。",
        en="Send a test\n\nThe worker sends it at once; see deliveries for what became of it.",
    ),
)
@argument("number", type=int, words=NUMBER)
@json_option
def send_a_test(*, number: int, as_json: bool) -> None:
    """Send a test."""
    house = open_house()
    from tenure.act.webhooks.operations import send_test

    made = send_test(number, by=house.by, at=house.at)
    if as_json:
        screen.print_json({"delivery_id": made})
    else:
        screen.line(Words(zh=f"测试是投递 {made}", en=f"The test is delivery {made}"))


@command(
    "resend",
    words=Words(
        zh="重新发送一条投递；不写编号就是全部失败的",
        en="Send a delivery again; all that failed where none is named",
    ),
    examples=("tenure webhooks resend 1", "tenure webhooks resend 1 --delivery 17"),
)
@argument("number", type=int, words=NUMBER)
@option("--delivery", type=int, words=Words(zh="投递的编号", en="Number of the delivery"))
@json_option
def resend(*, number: int, delivery: int | None, as_json: bool) -> None:
    """Send again."""
    house = open_house()
    from tenure.act.webhooks.operations import send_again

    count = send_again(number, delivery_id=delivery, by=house.by, at=house.at)
    if as_json:
        screen.print_json({"deliveries": count})
    else:
        screen.line(Words(zh=f"{count:,} 条将重新发送", en=f"{count:,} will be sent again"))


def _show(rows: tuple[DeliveryView, ...], house: House) -> None:
    from tenure.act.webhooks.queries.naming import PROBLEM_NAMES, STATUS_NAMES

    columns: list[screen.Column] = [
        (Words(zh="编号", en="No."), "right"),
        (Words(zh="事件", en="Event"), "left"),
        (Words(zh="状态", en="Status"), "left"),
        (Words(zh="次数", en="Attempts"), "right"),
        (Words(zh="毫秒", en="ms"), "right"),
        (Words(zh="发送", en="Sent"), "left"),
        (Words(zh="答复", en="Answer"), "left"),
    ]
    cells = [
        [
            str(row.id),
            row.type if row.event_id is None else f"{row.type} {row.event_id}",
            say(STATUS_NAMES[row.status]),
            screen.count(row.attempts),
            screen.count(row.millis),
            screen.short_moment(row.attempted_at, house.zone),
            str(row.code or say(PROBLEM_NAMES.get(row.problem, Words("–", "–")))),
        ]
        for row in rows
    ]
    screen.table(columns, cells)
