"""Tasks and results of ``django_tasks`` with what our jobs have besides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ParamSpec, TypeVar

from django_tasks.base import Task, TaskResult

from tenure.words import Words

P = ParamSpec("P")
T = TypeVar("T")
NOTHING_SAID = Words("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class JobTask(Task[P, T]):
    """A task: ``@task(unique="tick", cron="* * * * *", most_attempts=3)``.

    Attributes:
        unique: of jobs with this key only one is open at a time; ``{0}`` and ``{name}`` in it
            are arguments of the job. Enqueuing another gives the one that is open.
        cron: five fields (minute, hour, day, month, weekday) in the organisation's zone.
        most_attempts: how often it is begun before it is given up.
        retry_seconds: pause before the second attempt; doubles with each further one.
    """

    unique: str | None = None
    cron: str | None = None
    most_attempts: int = 5
    retry_seconds: float = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class JobResult(TaskResult[T]):
    """A job as it stands.

    Attributes:
        share: how far it is, 0 to 1.
        said: what it does now; once it failed in a way that a person can mend, what is wrong.
        state: ready, running, done, dead or cancelled.
    """

    share: float = 0.0
    said: Words = NOTHING_SAID
    state: str = "ready"
