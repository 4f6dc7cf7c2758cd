"""Words ``separate`` and ``merges``: identifiers taken out of a customer; who said what, why."""

from __future__ import annotations

from tenure.cli import screen
from tenure.cli.help import argument, command, json_option, option
from tenure.cli.house import open_house
from tenure.cli.identities import identifier_meant
from tenure.cli.language import say
from tenure.words import Words

_KINDS = {
    "merged": Words("合并", "merged"),
    "apart": Words("不是同一位", "kept apart"),
    "reopened": Words("收回说法", "taken back"),
}


@command(
    "separate",
    words=Words(
        zh="把一些标识从客户中分出去，成为另一位客户；网页上可以撤销",
        en="Take identifiers out of a customer, as a customer of their own; undone on the page",
    ),
    examples=("tenure separate 13800001111 an@example.com --reason 母女共用",),
)
@argument("identifiers", nargs=-1, required=True, words=Words("要分出去的标识", "Those that go"))
@option("--reason", required=True, words=Words("原因，会保存下来", "Why; it is kept"))
@option("--preview", is_flag=True, words=Words("只看会怎样，不执行", "Only say what would be"))
@json_option
def separate(*, identifiers: tuple[str, ...], reason: str, preview: bool, as_json: bool) -> None:
    """Separate."""
    house = open_house()
    from tenure.derive.customers.operations.separating import separate_customer
    from tenure.derive.customers.queries.separation import separation
    from tenure.derive.lifecycles.operations import tick

    leaving = [identifier_meant(house, typed) for typed in identifiers]
    found = separation(leaving[0], leaving, by=house.by, at=house.at)
    after = {str(one): [str(n) for n in own] for one, own in found.after.items()}
    action = None
    if not preview:
        done = separate_customer(leaving[0], leaving, reason=reason, by=house.by, at=house.at)
        action = done.action_id
        tick(at=house.at)
    if as_json:
        screen.print_json({"action": action, "links": len(found.pairs), "customers": after})
        return
    number = len(found.pairs)
    if preview:
        screen.line(Words(f"会有 {number} 条关联不再算数", f"{number} links would no longer count"))
    else:
        screen.line(Words(f"{number} 条关联不再算数", f"{number} links no longer count"))
    for customer, own in after.items():
        screen.line(Words(f"{customer}：{len(own)} 个标识", f"{customer}: {len(own)} identifiers"))


@command(
    "merges",
    words=Words(
        zh="谁在何时为何说过两位是或不是同一位客户，最新的在前",
        en="Who said when and why that two are, or are not, one customer; the newest first",
    ),
)
@option("--limit", type=int, default=20, words=Words(zh="最多显示几条", en="How many at most"))
@json_option
def merges(*, limit: int, as_json: bool) -> None:
    """The log of merges."""
    house = open_house()
    from tenure.derive.customers.queries.identity_log import WordAsked, words_said

    found, _ = words_said(WordAsked(), viewer=house.by, limit=limit)
    rows = []
    for one in found:
        said = one.said
        kind = "reopened" if said.taken_back else "merged" if said.merged else "apart"
        rows.append(
            {
                "event": said.event_id,
                "at": said.at,
                "said": kind,
                "left": one.left,
                "right": one.right,
                "by": said.by,
                "reason": said.reason,
                "stands": one.stands,
            }
        )
    if as_json:
        screen.print_json(rows)
        return
    if not rows:
        screen.line(Words("还没有人说过", "Nobody has said anything yet"))
    for row, one in zip(rows, found, strict=True):
        stands = "" if one.stands else say(Words("（后来另有说法）", " (said otherwise since)"))
        when = screen.short_moment(one.said.at, house.zone)
        kind = say(_KINDS[str(row["said"])])
        screen.line(f"{when}  {kind}{stands}  {one.left} · {one.right}  {one.said.reason}")
