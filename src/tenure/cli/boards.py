"""Boards of stages and flow accounts, as people look at them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rich.cells import cell_len
from rich.text import Text

from tenure.cli import screen
from tenure.cli.language import say
from tenure.words import Words

if TYPE_CHECKING:
    from tenure.derive.lifecycles.queries import Board, FlowAccount, Transition

COLOURS = {
    "prospect": "blue",
    "engaged": "cyan",
    "new": "green",
    "active": "bright_green",
    "loyal": "yellow",
    "at_risk": "magenta",
    "lost": "red",
    "won_back": "bright_cyan",
    "ended": "bright_black",
}
_STAGE = Words(zh="阶段", en="Stage")
_SHARE = Words(zh="占比", en="Share")
_BESIDE_BAR = 37
"""Cells of a board that are neither names nor bars."""


def stage_text(name: Words, canonical: str) -> Text:
    """The name of a stage in the colour of what it stands for in every industry."""
    return Text(say(name), style=COLOURS.get(canonical, ""))


def show_board(board: Board, zone: ZoneInfo) -> None:
    """Print a board: heads, share, and the change against an earlier moment."""
    day = screen.long_date(board.as_of.astimezone(zone).date())
    screen.heading(f"{say(board.name)} · {board.lifecycle}")
    total, people = screen.count(board.heads), "customer" if board.heads == 1 else "customers"
    screen.line(Words(zh=f"截至{day}，{total} 位客户", en=f"{total} {people} as of {day}"))
    before = (board.as_of - board.since).days
    columns: list[screen.Column] = [
        (_STAGE, "left"),
        (Words(zh="客户", en="Customers"), "right"),
        (_SHARE, "right"),
        ("", "left"),
        (Words(zh=f"{before} 天变化", en=f"{before} days"), "right"),
    ]
    longest = max((cell_len(say(stage.name)) for stage in board.stages), default=0)
    room = max(8, min(24, screen.console().width - longest - _BESIDE_BAR))
    largest = max((stage.heads for stage in board.stages), default=0) or 1
    rows: list[list[screen.Cell]] = []
    for stage in board.stages:
        share = stage.heads / board.heads if board.heads else 0.0
        bar = screen.bar(stage.heads / largest, room, COLOURS.get(stage.canonical, "cyan"))
        name = stage_text(stage.name, stage.canonical)
        heads, moved = screen.count(stage.heads), screen.change(stage.change)
        rows.append([name, heads, screen.percent(share), bar, moved])
    screen.table(columns, rows)


def show_flows(accounts: Sequence[FlowAccount], transitions: Sequence[Transition]) -> None:
    """Print accounts that add up, and who went from where to where."""
    columns: list[screen.Column] = [
        (_STAGE, "left"),
        (Words(zh="期初", en="Opening"), "right"),
        (Words(zh="＋ 进入", en="+ Entered"), "right"),
        (Words(zh="－ 离开", en="− Left"), "right"),
        (Words(zh="＝ 期末", en="= Closing"), "right"),
    ]
    screen.table(
        columns,
        [
            [say(row.name), *map(screen.count, (row.opening, row.entered, row.left, row.closing))]
            for row in accounts
        ],
    )
    if transitions:
        _show_transitions(transitions)


def _show_transitions(transitions: Sequence[Transition], shown: int = 15) -> None:
    ordered = sorted(transitions, key=lambda row: -row.customers)
    largest = ordered[0].customers
    columns: list[screen.Column] = [
        (Words(zh="从", en="From"), "left"),
        (Words(zh="到", en="To"), "left"),
        (Words(zh="客户", en="Customers"), "right"),
        ("", "left"),
    ]
    rows: list[list[screen.Cell]] = [
        [
            say(row.from_name),
            say(row.to_name),
            screen.count(row.customers),
            screen.bar(row.customers / largest),
        ]
        for row in ordered[:shown]
    ]
    screen.line()
    screen.table(columns, rows, more=len(ordered) - shown)
