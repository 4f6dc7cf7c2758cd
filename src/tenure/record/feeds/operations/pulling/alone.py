"""Keeps two pulls of one feed from running at once."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from tenure.engine.durable import take
from tenure.record.feeds.operations.problems import FeedError
from tenure.words import Words


def feed_folder(source_id: int) -> Path:
    """Where rows taken out of a table lie until they are in the log; for the owner only."""
    folder = Path(settings.TENURE_HOME) / "feeds" / str(source_id)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


@contextmanager
def only_pull(source_id: int) -> Iterator[None]:
    """Hold a feed for as long as the block runs; let go of by a process that dies.

    Raises:
        FeedError: another process holds it.
    """
    with (feed_folder(source_id) / ".pull.lock").open("ab") as lock:
        if not take(lock.fileno(), fcntl.LOCK_EX):
            raise FeedError(
                Words(zh="这个来源正在同步，请等它结束", en="this source is being read; let it end")
            )
        yield
