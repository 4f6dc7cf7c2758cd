"""Word ``suggestions``: who may be one customer, when that was last checked, checking it now."""

from __future__ import annotations

from datetime import datetime

from tenure.cli import screen
from tenure.cli.help import command, json_option, option
from tenure.cli.house import open_house
from tenure.cli.progress import progress_by_share
from tenure.words import Words

_CHECK = Words(zh="现在比对所有客户", en="Compare all customers now")
_NEW = Words(
    zh="现在只把新录入、新导入的客户与全部比对",
    en="Compare only customers entered or imported since with all others, now",
)
_NAMES = {"person": Words("个人", "Persons"), "organisation": Words("组织", "Organisations")}


@command(
    "suggestions",
    words=Words(
        zh="可能是同一位客户的建议：何时比对、门槛、待处理多少\n\n"
        "比对不合并任何人；按 Ctrl+C 停止，原有建议不变。",
        en="Who may be one customer: when that was checked, the threshold, how many wait\n\n"
        "Checking merges nobody; Ctrl+C ends it, and the suggestions stay as they were.",
    ),
    examples=("tenure suggestions", "tenure suggestions --check"),
)
@option("--check", is_flag=True, words=_CHECK)
@option("--new", is_flag=True, words=_NEW)
@json_option
def suggestions(*, check: bool, new: bool, as_json: bool) -> None:
    """Tell, and check first where asked."""
    house = open_house()
    if check or new:
        _check(house.at, everybody=check)
    from tenure.derive.customers.operations.checking import PARTIES, open_count
    from tenure.derive.customers.queries.suggestions import suggestion_runs

    waiting: dict[str, int] = {party: open_count(party) for party in PARTIES}
    runs = suggestion_runs()
    if as_json:
        screen.print_json({"waiting": waiting, "runs": runs})
        return
    if not runs:
        screen.line(Words("还没有比对过：加 --check", "Never checked: add --check"))
    for run in runs:
        name = _NAMES[run.party]
        screen.heading(name)
        when = screen.short_moment(run.ran_at, house.zone)
        screen.line(
            Words(
                f"{when} 比对 {run.compared:,} 位客户、{run.looked_at:,} 对；"
                f"待处理 {waiting.get(run.party, 0):,} 条",
                f"{when}: {run.compared:,} customers, {run.looked_at:,} pairs compared; "
                f"{waiting.get(run.party, 0):,} wait for a decision",
            )
        )
        screen.note(run.threshold.explained())


def _check(at: datetime, *, everybody: bool) -> None:
    """Compare, telling how far it is."""
    from tenure.derive.customers.operations.checking import (
        PARTIES,
        refresh_new_suggestions,
        refresh_suggestions,
    )

    compare = refresh_suggestions if everybody else refresh_new_suggestions
    with progress_by_share(Words("比对客户", "Comparing customers")) as report:
        for place, party in enumerate(PARTIES):
            name = _NAMES[party]

            def tell(share: float, place: int = place, name: Words = name) -> None:
                report((place + share) / len(PARTIES), name)

            compare(party, at=at, tell=tell)
