"""Words ``merge`` and ``unmerge``: two identifiers are, or are not, one customer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenure.cli import screen
from tenure.cli.choosing import UnknownCustomerError
from tenure.cli.help import argument, command, json_option, option
from tenure.cli.house import House, open_house
from tenure.words import Words

if TYPE_CHECKING:
    from tenure.derive.customers.queries import CustomerFound

_ONE = Words(zh="一侧的标识", en="An identifier on one side")
_OTHER = Words(zh="另一侧的标识", en="An identifier on the other side")
_REASON = Words(zh="原因，会保存下来", en="Why; it is kept")


@command(
    "merge",
    words=Words(
        zh="说明两个标识属于同一位客户；随时可以撤销",
        en="State that two identifiers are one customer; it can be undone at any time",
    ),
    examples=("tenure merge M100818 M204411 --reason 同一身份证",),
)
@argument("one", words=_ONE)
@argument("other", words=_OTHER)
@option("--reason", required=True, words=_REASON)
@json_option
def merge(*, one: str, other: str, reason: str, as_json: bool) -> None:
    """Merge."""
    house = open_house()
    from tenure.derive.customers.operations import merge_customers

    left, right = identifier_meant(house, one), identifier_meant(house, other)
    event = merge_customers(left, right, reason=reason, by=house.by, at=house.at)
    _follow(house, (left, right), event, as_json=as_json)


@command(
    "unmerge",
    words=Words(
        zh="说明两个标识不是同一位客户；两边恢复成合并之前的样子",
        en="State that two identifiers are not one customer; both sides are as before",
    ),
)
@argument("one", words=_ONE)
@argument("other", words=_OTHER)
@option("--reason", required=True, words=_REASON)
@json_option
def unmerge(*, one: str, other: str, reason: str, as_json: bool) -> None:
    """Unmerge."""
    house = open_house()
    from tenure.derive.customers.operations import unmerge_customers

    left, right = identifier_meant(house, one), identifier_meant(house, other)
    event = unmerge_customers(left, right, reason=reason, by=house.by, at=house.at)
    _follow(house, (left, right), event, as_json=as_json)


def identifier_meant(house: House, typed: str) -> int:
    """The identifier a value means, of whichever type; or its own number.

    Raises:
        UnknownCustomerError: none, or those of several customers: which one is not guessed.
    """
    from tenure.derive.customers.queries import customers_found
    from tenure.record.events.queries import identifiers

    found: list[CustomerFound] = customers_found(typed, viewer=house.by)
    if len({one.customer_id for one in found}) > 1:
        several = "\n".join(f"  {one.identifier.id}  {one.identifier.type}" for one in found)
        raise UnknownCustomerError(
            Words(
                zh=f"“{typed}”是几位客户的标识，请用标识的编号：\n{several}",
                en=f"“{typed}” is an identifier of several customers; use the identifier's "
                f"number:\n{several}",
            )
        )
    if found:
        return found[0].identifier.id
    if typed.isdigit() and int(typed) < 2**63 and identifiers([int(typed)]):
        return int(typed)
    raise UnknownCustomerError(
        Words(zh=f"没有标识“{typed}”", en=f"No identifier “{typed}” is on record")
    )


def _follow(house: House, sides: tuple[int, int], event: int, *, as_json: bool) -> None:
    """Bring customers and stages up to date and say who is who now."""
    from tenure.derive.customers.queries import customer_of
    from tenure.derive.lifecycles.operations import tick

    tick(at=house.at)
    left, right = customer_of(sides[0]), customer_of(sides[1])
    if as_json:
        screen.print_json({"event_id": event, "customers": sorted({left, right})})
    elif left == right:
        screen.line(Words(zh=f"现在是同一位客户：{left}", en=f"One customer now: {left}"))
    else:
        screen.line(
            Words(zh=f"现在是两位客户：{left} 与 {right}", en=f"Two customers now: {left}, {right}")
        )
