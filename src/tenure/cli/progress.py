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
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=30),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        console=screen.console(stderr=True),
        transient=True,
        disable=not screen.console(stderr=True).is_terminal,
    )
    with bar:
        task = bar.add_task(say(title), total=None)

        def report(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield report
