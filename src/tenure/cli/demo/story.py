"""What the demo shows: the board, what changes next, one customer against the known truth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec

from tenure.cli import screen
from tenure.cli.boards import show_board
from tenure.cli.choosing import lifecycle_keys
from tenure.cli.customer import CustomerPage, page_of, show_page
from tenure.cli.demo.homes import DemoHome, Mark
from tenure.cli.everywhere import program
from tenure.cli.house import House
from tenure.cli.preferences import prefer_lifecycle
from tenure.clock import DAY_US, from_microseconds, to_microseconds
from tenure.words import Words

if TYPE_CHECKING:
    from tenure.derive.lifecycles.queries import Board

FIRST_LIFECYCLE = {
    "ecommerce": "ecommerce_five_periods",
    "personal_loan": "personal_loans",
    "hospital": "patients",
    "b2b": "b2b_macro",
}
"""The one of each pack's lifecycles that its people would look at first."""
_NOT_YET = -1
_TRIED = 200
_STAGES = 3
"""So many stages make a life worth telling."""
_QUIET_US = 45 * DAY_US
"""A shorter absence is not seen as one."""
_SOON_US = 14 * DAY_US


class _Truth(msgspec.Struct):
    """The parts of ``truth.json`` the story needs."""

    rate_per_day: list[float]
    left_us: list[int]
    returned_us: list[int]
    name: list[str]
    owner: dict[str, list[int]]


def tell_story(mark: Mark, demo: DemoHome, house: House) -> None:
    """Print what there is to see in a finished demo, and what to try next."""
    from tenure.derive.lifecycles.queries import board

    key = _first_lifecycle(mark, house)
    prefer_lifecycle(house.home, key)
    found = board(key, as_of=house.at, viewer=house.by)
    show_board(found, house.zone)
    _show_coming(found, house)
    _show_customer(demo, house, key)
    _show_counts(mark, found, house)
    _show_next_words(mark, demo, key)


def _first_lifecycle(mark: Mark, house: House) -> str:
    wanted, known = FIRST_LIFECYCLE[mark.world.industry], lifecycle_keys(house)
    return wanted if wanted in known else known[0]


def _show_coming(found: Board, house: House) -> None:
    """Who will change stage within seven days if nothing happens."""
    from tenure.derive.lifecycles.queries import customers_in

    limit = house.at + timedelta(days=7)
    names = {stage.stage: stage.name for stage in found.stages}
    moves: Counter[tuple[str, str]] = Counter()
    for stage in found.stages:
        inside = customers_in(
            found.lifecycle, stage.stage, as_of=house.at, viewer=house.by, limit=found.heads or 1
        )
        for customer in inside:
            if customer.next_at and customer.next_stage and customer.next_at <= limit:
                moves[stage.stage, customer.next_stage] += 1
    if not moves:
        return
    screen.heading(
        Words(zh="如果什么都不发生，七天之内", en="Within seven days, if nothing happens")
    )
    for (old, new), customers in moves.most_common(5):
        screen.line(
            Words(
                zh=f"  {customers:,} 位客户将从“{names[old].zh}”进入“{names[new].zh}”",
                en=f"  {customers:,} from {names[old].en} to {names[new].en}",
            )
        )


def _show_customer(demo: DemoHome, house: House, key: str) -> None:
    """One who left and came back, if there is one: what Tenure sees, and what was true."""
    truth = msgspec.json.decode((demo.root / "company" / "truth.json").read_bytes(), type=_Truth)
    found = _telling_customer(truth, house, key)
    if found is None:
        return
    person, identifier, page, visible = found
    show_page(page, house)
    if visible:
        _tell_truth(truth, person, house)
    word = f"{program()} --home {demo.root} customer {identifier}"
    screen.line(Words(zh=f"更多：{word}", en=f"More: {word}"), style="dim")


def _telling_customer(
    truth: _Truth, house: House, key: str
) -> tuple[int, str, CustomerPage, bool] | None:
    """Somebody whose truth shows in the events; else somebody with a life, and False."""
    from tenure.derive.customers.queries import customers_found, identifiers_of
    from tenure.record.events.queries import events_of

    second = None
    for person, identifier in _telling_people(truth):
        matches = customers_found(identifier, viewer=house.by)
        if not matches:
            continue
        number = matches[0].customer_id
        events = events_of(identifiers_of(number), occurred_to=house.at)
        visible = shows_in_events(
            [to_microseconds(event.occurred_at) for event in events],
            left_us=truth.left_us[person],
            returned_us=truth.returned_us[person],
            now_us=to_microseconds(house.at),
        )
        if not visible and second is not None:
            continue
        page = page_of(house, number, [key], as_of=house.at, shown=5)
        if len(page.lifecycles[0].history) < _STAGES:
            continue
        if visible:
            return person, identifier, page, True
        second = person, identifier, page, False
    return second


def shows_in_events(
    moments_us: Sequence[int], *, left_us: int, returned_us: int, now_us: int
) -> bool:
    """Whether the events of a person tell the same as the truth.

    Debts and contracts run on after their customer has left, so that the truth of some people
    contradicts what anybody can see of them.

    Args:
        moments_us: when the person's events happened.
        left_us: when they left; -1 where they did not.
        returned_us: when they came back; -1 where they did not.
        now_us: the present.
    """
    if left_us == _NOT_YET:
        return any(moment > now_us - _QUIET_US for moment in moments_us)
    back = now_us if returned_us == _NOT_YET else returned_us
    away = [moment for moment in moments_us if left_us + DAY_US < moment < back]
    if away or back - left_us < _QUIET_US:
        return False
    seen_again = any(back <= moment < back + _SOON_US for moment in moments_us)
    return seen_again or returned_us == _NOT_YET


def _telling_people(truth: _Truth) -> Iterator[tuple[int, str]]:
    """People with a life worth telling, each with an identifier that is theirs alone."""
    own: dict[int, str] = {}
    shared: set[int] = set()
    for identifier, people in truth.owner.items():
        kind, _, value = identifier.partition(":")
        if len(people) > 1:
            shared.update(people)
        elif kind.endswith("_no"):
            own.setdefault(people[0], value)
    people = sorted(
        own.keys() - shared,
        key=lambda person: (truth.returned_us[person] == _NOT_YET, -truth.rate_per_day[person]),
    )
    return ((person, own[person]) for person in people[:_TRIED])


def _tell_truth(truth: _Truth, person: int, house: House) -> None:
    """What only the simulation knows."""
    left, back = truth.left_us[person], truth.returned_us[person]
    dates = [
        screen.long_date(from_microseconds(moment).astimezone(house.zone).date())
        for moment in (left, back)
        if moment != _NOT_YET
    ]
    if len(dates) == 2:
        words = Words(
            zh=f"模拟中的真相：{dates[0]}悄悄离开，{dates[1]}回来",
            en=f"The simulated truth: left silently on {dates[0]}, came back on {dates[1]}",
        )
    elif dates:
        words = Words(
            zh=f"模拟中的真相：{dates[0]}悄悄离开",
            en=f"The simulated truth: left silently on {dates[0]}",
        )
    else:
        words = Words(zh="模拟中的真相：没有离开", en="The simulated truth: never left")
    screen.line(words, style="italic")


def _show_counts(mark: Mark, found: Board, house: House) -> None:
    counts = mark.counts
    if counts is None:
        return
    screen.heading(Words(zh="数据的毛病，都有交代", en="Flaws of the data, all accounted for"))
    report = house.home.reports.name
    rows = "1 row" if counts.refused == 1 else f"{counts.refused:,} rows"
    screen.line(
        Words(
            zh=f"  重复 {counts.repeated:,} 条，只记一次；迟到三天以上 {counts.late:,} 条，"
            f"补记回原来那天；被拒 {counts.refused:,} 行，写进 {report}/，改好可再载入",
            en=f"  {counts.repeated:,} repeats, recorded once; {counts.late:,} late by three days "
            f"or more, counted from when they happened; {rows} refused, written "
            f"into {report}/ to be mended and loaded again",
        )
    )
    _show_identities(mark, found, house)


def _show_identities(mark: Mark, found: Board, house: House) -> None:
    from tenure.derive.customers.queries import refused_link_count, refused_links

    true, refused = mark.world.customers, refused_link_count()
    screen.line(
        Words(
            zh=f"  身份：认出 {found.heads:,} 位客户，模拟中有 {true:,} 位",
            en=f"  Identity: {found.heads:,} customers found, {true:,} simulated",
        )
    )
    if refused:
        screen.line(
            Words(
                zh=f"  {refused:,} 条关联不作数，因为标识由多人共用",
                en=f"  {refused:,} links do not count, since many share an identifier",
            )
        )
    for link in refused_links(viewer=house.by, limit=1):
        screen.line(Words(zh=f"    例如：{link.cause.zh}", en=f"    For example: {link.cause.en}"))


def _show_next_words(mark: Mark, demo: DemoHome, key: str) -> None:
    home = f"{program()} --home {demo.root}"
    screen.heading(Words(zh="接着试试", en="Try next"))
    words = [
        f"{home} up",
        f"{home} stages --as-of {mark.world.until - timedelta(days=180)}",
        f"{home} flows",
        f"{home} time-in-stage",
        f"{home} definitions explain {key}",
        f"{program()} import FILE",
    ]
    for word in words:
        screen.line(f"  {word}")
