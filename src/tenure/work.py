"""What a background job knows while it runs: the moment, and how to say how far it is.

Jobs of every floor use it; the worker, above all of them, sets it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from tenure.words import Words


@dataclass(frozen=True, slots=True)
class Work:
    """One run of a job.

    Attributes:
        at: when this run began, aware.
        clock: the worker's clock, for jobs that are known bit by bit.
        tell: says how far it is (0 to 1) and what it does; raises where it is to stop.
        attempt: how many times it was begun, this one included.
    """

    at: datetime
    clock: Callable[[], datetime]
    tell: Callable[[float, Words], None]
    attempt: int = 1


class WorkStopped(Exception):  # noqa: N818 - not a failure
    """Raised by ``tell``: the worker is closing, the job was cancelled, or another has it."""


_current: ContextVar[Work] = ContextVar("work")


def current_work() -> Work:
    """The run of the job that asks.

    Raises:
        LookupError: no job runs here.
    """
    return _current.get()


@contextmanager
def working(work: Work) -> Iterator[None]:
    """Make ``work`` the current one."""
    token = _current.set(work)
    try:
        yield
    finally:
        _current.reset(token)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is, as its queue tells it.

    Attributes:
        state: ready, running, done, dead or cancelled.
        share: 0 to 1.
        said: what it does; what is wrong, once it is dead.
    """

    state: str
    share: float
    said: Words

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self.state not in {"ready", "running"}


def progress_of(result: object) -> Progress:
    """How far the job behind a ``django_tasks`` result is."""
    state: str = getattr(result, "state", "done")
    share: float = getattr(result, "share", 1.0)
    said: Words = getattr(result, "said", Words("", ""))
    return Progress(state, share, said)
