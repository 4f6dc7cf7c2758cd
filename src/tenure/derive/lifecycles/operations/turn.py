"""One tick or rebuild at a time: two would recompute the same customers over each other."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tenure.engine.durable import take
from tenure.words import TenureError, Words

LOCK, QUEUE = "derive.lock", "derive.queue"


class AlreadyRunningError(TenureError):
    """Another process is following the log now."""


_PAUSE_SECONDS = 0.01


@contextmanager
def sole_turn(root: Path, *, wait_seconds: float = 0.0) -> Iterator[None]:
    """Hold the turn to follow the log into the derived data below ``root``.

    The system frees the turn when the process dies, so a crash never blocks the next one.

    Args:
        root: of the derived data.
        wait_seconds: how long to wait for another who has the turn.

    Raises:
        AlreadyRunningError: another has the turn and did not give it back in time.
    """
    root.mkdir(parents=True, exist_ok=True)
    end = time.monotonic() + wait_seconds
    with (root / LOCK).open("ab") as turn:
        # who waits stands in the queue, so that those who come again and again let it pass
        with (root / QUEUE).open("ab") as queue:
            for file in (queue, turn):
                _take_until(end, file.fileno())
        yield


def _take_until(end: float, descriptor: int) -> None:
    while not take(descriptor, fcntl.LOCK_EX):
        if time.monotonic() >= end:
            raise AlreadyRunningError(
                Words(
                    zh="另一个 tick 或 rebuild 正在运行。请等它完成后再试。",
                    en="another tick or rebuild is running; let it finish, then try again",
                )
            )
        time.sleep(_PAUSE_SECONDS)
