"""The word ``customer``: one customer's identifiers, stages with their causes, and timeline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import click

from tenure.cli import screen
from tenure.cli.choosing import (
    chosen_lifecycle,
    computed_lifecycles,
    customer_number,
    moment_options,
    moments,
)
from tenure.cli.help import argument, command, json_option, option
from tenure.cli.house import House, open_house
from tenure.cli.language import say
from tenure.cli.lives import show_identifiers, show_next, show_stages, show_timeline
from tenure.words import Words

if TYPE_CHECKING:
    from tenure.derive.lifecycles.queries import NextChange, StageInterval
    from tenure.record.events.queries import EventView, IdentifierView

_ID = Words(
    zh="手机号、会员号、邮箱等任一标识，或客户编号",
    en="Any identifier (phone, member number, e-mail …) or the customer's number",
)
_LIFECYCLES = Words(
    zh="看哪个生命周期，可多次给出", en="Which lifecycle; may be given several times"
)
_REVEAL = Words(zh="显示个人信息，不打码", en="Show personal data unmasked")
_EVENTS = Words(zh="最近几件事", en="How many of the latest events")


@dataclass(frozen=True, slots=True)
class StagesOfCustomer:
    """One lifecycle of a customer."""

    lifecycle: str
    name: Words
    history: list[StageInterval]
    next: NextChange | None


@dataclass(frozen=True, slots=True)
class CustomerPage:
    """All that is shown of a customer.

    Attributes:
        as_of: up to when things happened.
        known_at: up to when they had been recorded; as known now when ``None``. It holds for
            who is who as for everything else; definitions are those in force now.
        more_events: how many older ones are not among ``events``.
    """

    customer_id: int
    as_of: datetime
    known_at: datetime | None
    identifiers: list[IdentifierView]
    lifecycles: list[StagesOfCustomer]
    events: list[EventView]
    more_events: int


@command(
    "customer",
    words=Words(
        zh="一位客户：标识、所处阶段与原因、接下来会怎样、经历",
        en="One customer: identifiers, stages and why, what comes next, timeline",
    ),
    examples=("tenure customer 13800001111", "tenure customer M100818 --all"),
)
@argument("typed", metavar="ID", words=_ID)
@option("--lifecycle", "lifecycles", metavar="KEY", multiple=True, words=_LIFECYCLES)
@option("--all", "every", is_flag=True, words=Words(zh="所有生命周期", en="All lifecycles"))
@moment_options
@option(
    "--events",
    "shown",
    type=click.IntRange(0),
    default=15,
    show_default=True,
    words=_EVENTS,
)
@option("--reveal", is_flag=True, words=_REVEAL)
@json_option
def customer(
    *,
    typed: str,
    lifecycles: tuple[str, ...],
    every: bool,
    as_of: str | None,
    known_at: str | None,
    shown: int,
    reveal: bool,
    as_json: bool,
) -> None:
    """Show a customer."""
    house = open_house()
    chosen = _lifecycles(house, lifecycles, every=every)
    world, known = moments(house, as_of, known_at)
    number = customer_number(house, typed, known_at=known)
    page = page_of(house, number, chosen, as_of=world, known_at=known, shown=shown, reveal=reveal)
    if as_json:
        screen.print_json(page)
    else:
        show_page(page, house)


def _lifecycles(house: House, named: tuple[str, ...], *, every: bool) -> list[str]:
    """Those named, or the preferred one; none where none is computed yet."""
    if named:
        return [chosen_lifecycle(house, key) for key in named]
    computed = computed_lifecycles(house)
    return computed if every else computed[:1]


def page_of(
    house: House,
    number: int,
    keys: list[str],
    *,
    as_of: datetime,
    known_at: datetime | None = None,
    shown: int = 15,
    reveal: bool = False,
) -> CustomerPage:
    """Everything about customer ``number`` in the lifecycles ``keys``; the vault is opened only
    for what is shown.
    """
    from tenure.derive.customers.queries import identifier_views_of, identifiers_of

    own = identifiers_of(number, known_at=known_at)
    events, more = _latest(own, as_of, known_at, shown=shown, reveal=reveal)
    return CustomerPage(
        customer_id=own[0],
        as_of=as_of,
        known_at=known_at,
        identifiers=identifier_views_of(
            number, viewer=house.by, known_at=known_at, with_personal=reveal
        ),
        lifecycles=[_stages(house, number, key, as_of, known_at) for key in keys],
        events=events,
        more_events=more,
    )


def _latest(
    own: list[int], as_of: datetime, known_at: datetime | None, *, shown: int, reveal: bool
) -> tuple[list[EventView], int]:
    """The latest events of some identifiers, and how many older ones there are."""
    from tenure.record.events.queries import events_of

    events = events_of(own, occurred_to=as_of, known_at=known_at)
    older = max(0, len(events) - shown)
    if reveal:
        events = events_of(
            own, occurred_to=as_of, known_at=known_at, limit=shown, with_personal=True
        )
    return events[:shown], older


def _stages(
    house: House, number: int, key: str, as_of: datetime, known_at: datetime | None
) -> StagesOfCustomer:
    from tenure.derive.lifecycles.queries import customer_history, next_change
    from tenure.record.library.queries import current_library

    history = customer_history(number, key, as_of=as_of, viewer=house.by, known_at=known_at)
    coming = next_change(number, key, as_of=as_of, viewer=house.by, known_at=known_at)
    return StagesOfCustomer(key, current_library()[0].lifecycles[key].name, history, coming)


def show_page(page: CustomerPage, house: House) -> None:
    """Print a customer."""
    from tenure.record.library.queries import current_library

    library, _ = current_library()
    screen.heading(Words(zh=f"客户 {page.customer_id}", en=f"Customer {page.customer_id}"))
    _show_clocks(page, house)
    show_identifiers(page.identifiers, library)
    for stages in page.lifecycles:
        if not stages.history:
            continue
        screen.heading(f"{say(stages.name)} · {stages.lifecycle}")
        show_stages(stages.history, page.as_of, house.zone)
        show_next(stages.next, house.zone)
    screen.heading(Words(zh="最近的事", en="Latest events"))
    show_timeline(page.events, library, house.zone, more=page.more_events)


def _show_clocks(page: CustomerPage, house: House) -> None:
    """Say what is as of when, unless it is simply now."""
    if page.known_at is None and page.as_of == house.at:
        return
    world = screen.short_moment(page.as_of, house.zone)
    if page.known_at is None:
        words = Words(
            zh=f"截至 {world}，按现在所知；定义用现行的",
            en=f"As of {world}, as known now, under the definitions in force now",
        )
    else:
        known = screen.short_moment(page.known_at, house.zone)
        words = Words(
            zh=f"截至 {world}，标识、阶段和经历都按 {known} 所知；定义用现行的",
            en=f"As of {world}; identifiers, stages and events as known at {known}, "
            "under the definitions in force now",
        )
    screen.line(words, style="dim")
