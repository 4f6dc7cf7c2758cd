"""Words ``pin`` and ``unpin``: a person overrules the stage, or takes that back."""

from __future__ import annotations

from datetime import datetime

import click

from tenure.cli import screen
from tenure.cli.choosing import chosen_lifecycle, customer_number, lifecycle_option
from tenure.cli.customer import page_of, show_page
from tenure.cli.help import argument, command, json_option, option
from tenure.cli.house import House, open_house
from tenure.words import Words

_ID = Words(zh="任一标识或客户编号", en="Any identifier or the customer's number")
_REASON = Words(zh="原因，会保存下来", en="Why; it is kept")


@command(
    "pin",
    words=Words(
        zh="把客户固定在一个阶段，写明原因；固定优先于定义",
        en="Hold a customer in a stage, with a reason; it wins over the definition",
    ),
    examples=("tenure pin M100818 loyal --reason 董事长的朋友 --until 2027-01-01",),
)
@argument("typed", metavar="ID", words=_ID)
@argument("stage", words=Words(zh="阶段的代码", en="Code of the stage"))
@lifecycle_option
@option("--reason", required=True, words=_REASON)
@option(
    "--until",
    type=click.DateTime(formats=["%Y-%m-%d"]),
    words=Words(
        zh="到这一天零点（UTC）为止，默认一直",
        en="Until this day begins (00:00 UTC); for good if absent",
    ),
)
@json_option
def pin(
    *,
    typed: str,
    stage: str,
    lifecycle: str | None,
    reason: str,
    until: datetime | None,
    as_json: bool,
) -> None:
    """Pin."""
    house = open_house()
    key = chosen_lifecycle(house, lifecycle)
    from tenure.derive.lifecycles.operations import pin_stage

    number = customer_number(house, typed)
    day = until.date() if until else None
    event = pin_stage(number, key, stage, reason=reason, until=day, by=house.by, at=house.at)
    _follow(house, number, key, event, as_json=as_json)


@command(
    "unpin",
    words=Words(zh="取消固定，仍由定义决定阶段", en="Let the definition decide the stage again"),
)
@argument("typed", metavar="ID", words=_ID)
@lifecycle_option
@option("--reason", required=True, words=_REASON)
@json_option
def unpin(*, typed: str, lifecycle: str | None, reason: str, as_json: bool) -> None:
    """Unpin."""
    house = open_house()
    key = chosen_lifecycle(house, lifecycle)
    from tenure.derive.lifecycles.operations import unpin_stage

    number = customer_number(house, typed)
    event = unpin_stage(number, key, reason=reason, by=house.by, at=house.at)
    _follow(house, number, key, event, as_json=as_json)


def _follow(house: House, number: int, key: str, event: int, *, as_json: bool) -> None:
    """Bring stages up to date and show the customer as now."""
    from tenure.derive.lifecycles.operations import tick

    tick(at=house.at)
    if as_json:
        screen.print_json({"event_id": event, "customer_id": number})
        return
    show_page(page_of(house, number, [key], as_of=house.at, shown=3), house)
