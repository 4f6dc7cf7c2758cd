"""One tick or rebuild at a time: two would recompute the same customers over each other."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tenure.engine.durable import take
from tenure.words import TenureError, Words

LOCK = "derive.lock"


class AlreadyRunningError(TenureError):
    """Another process is following the log now."""


@contextmanager
def sole_turn(root: Path) -> Iterator[None]:
    """Hold the turn to follow the log into the derived data below ``root``.

    The system frees the turn when the process dies, so a crash never blocks the next one.

    Raises:
        AlreadyRunningError: at once, where another process has the turn.
    """
    root.mkdir(parents=True, exist_ok=True)
    with (root / LOCK).open("ab") as file:
        if not take(file.fileno(), fcntl.LOCK_EX):
            raise AlreadyRunningError(
                Words(
                    zh="另一个 tick 或 rebuild 正在运行。请等它完成后再试。",
                    en="another tick or rebuild is running; let it finish, then try again",
                )
            )
        yield
