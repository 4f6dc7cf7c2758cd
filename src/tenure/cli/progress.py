"""How far a longer piece of work has come, told on standard error and only to people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from tenure.cli import screen
from tenure.cli.language import say
from tenure.words import Words

Report = Callable[[int, int], None]


@contextmanager
def progress(title: Words) -> Iterator[Report]:
    """A bar while the block runs; call what it gives with (done, in all).

    Where standard error is not a terminal nothing is shown.
    """
    bar = _bar()
    with bar:
        task = bar.add_task(say(title), total=None)

        def report(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield report


@contextmanager
def progress_by_share(title: Words) -> Iterator[Callable[[float, Words], None]]:
    """As ``progress``, for work that tells its share (0 to 1) and what comes next."""
    bar = _bar()
    with bar:
        task = bar.add_task(say(title), total=1.0)

        def report(share: float, step: Words) -> None:
            bar.update(task, completed=share, description=f"{say(title)} · {say(step)}")

        yield report


def _bar() -> Progress:
    console = screen.console(stderr=True)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=30),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
