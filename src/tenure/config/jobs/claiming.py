"""Who has a job: taken by one worker, held by a lease, given back, finished, buried.

Each write names its holder (worker and attempt), so that one who was thought dead and is not
changes nothing any more.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from random import SystemRandom
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet

from tenure.config.jobs.models import Job
from tenure.config.jobs.tasks import JobTask
from tenure.words import Words

_LONGEST_PAUSE = timedelta(hours=1)
_random = SystemRandom()
_KILLED = Words(
    "执行它的进程多次意外中断，已放弃", "the processes that ran it died too often; given up"
)


def claim(
    worker: str, *, at: datetime, lease: timedelta, excluded: Collection[str] = ()
) -> Job | None:
    """Take the most urgent job that is due or whose holder is gone; None where there is none.

    Args:
        worker: who takes it.
        at: the moment, aware.
        lease: how long it is held without a sign of life.
        excluded: jobs not to take.
    """
    while True:
        with transaction.atomic() if _skips_locked() else _nothing():
            rows = Job.objects.filter(_due(at)).exclude(pk__in=excluded)
            rows = rows.order_by("-priority", "due_at", "id")
            if _skips_locked():
                rows = rows.select_for_update(skip_locked=True)
            found = rows.first()
            if found is None:
                return None
            if found.attempts >= found.most_attempts:
                bury(found, _KILLED, at=at, error_class="", error="")
                continue
            same = Job.objects.filter(
                pk=found.pk, status=found.status, worker=found.worker, attempts=found.attempts
            ).filter(_due(at))
            taken = same.update(
                status=Job.Status.RUNNING,
                worker=worker,
                attempts=F("attempts") + 1,
                lease_until=at + lease,
                attempted_at=at,
                started_at=found.started_at or at,
            )
        if taken:
            return Job.objects.get(pk=found.pk)


def held(job: Job) -> QuerySet[Job]:
    """The job while its holder still has it."""
    return Job.objects.filter(
        pk=job.pk, status=Job.Status.RUNNING, worker=job.worker, attempts=job.attempts
    )


def renew(job: Job, *, until: datetime) -> bool:
    """A sign of life; whether the job is still held."""
    return held(job).update(lease_until=until) == 1


def finish(job: Job, result: Any, *, at: datetime) -> bool:
    """The job is done."""
    return (
        held(job).update(
            status=Job.Status.DONE,
            result=result,
            share=1,
            finished_at=at,
            lease_until=None,
            error="",
            error_class="",
        )
        == 1
    )


def give_back(job: Job, *, at: datetime) -> None:
    """Not finished through no fault of its own: ready again, the attempt not counted."""
    held(job).update(
        status=Job.Status.READY, due_at=at, lease_until=None, attempts=F("attempts") - 1
    )


def try_later(job: Job, task: JobTask[Any, Any], *, at: datetime, cls: str, error: str) -> None:
    """It failed: again after a pause, or never where it was begun often enough."""
    if job.attempts >= job.most_attempts:
        said = Words("多次尝试都失败了，已放弃", "failed every time it was tried; given up")
        bury(job, said, at=at, error_class=cls, error=error)
        return
    held(job).update(
        status=Job.Status.READY,
        due_at=at + pause(job.attempts, task.retry_seconds),
        lease_until=None,
        error=error,
        error_class=cls,
    )


def bury(job: Job, said: Words, *, at: datetime, error_class: str, error: str) -> None:
    """It is given up; it is kept, with the reason."""
    same = Job.objects.filter(
        pk=job.pk, status=job.status, worker=job.worker, attempts=job.attempts
    )
    same.update(
        status=Job.Status.DEAD,
        finished_at=at,
        lease_until=None,
        said_zh=said.zh[:300],
        said_en=said.en[:300],
        error_class=error_class[:200],
        error=error,
    )


def pause(attempts: int, first_seconds: float) -> timedelta:
    """How long to wait after so many attempts: doubling, with jitter, an hour at most."""
    seconds = first_seconds * 2 ** min(attempts - 1, 20) * _random.uniform(0.75, 1.25)
    return min(timedelta(seconds=seconds), _LONGEST_PAUSE)


def _due(at: datetime) -> Q:
    ready = Q(status=Job.Status.READY, due_at__lte=at)
    return ready | Q(status=Job.Status.RUNNING, lease_until__lt=at)


def _skips_locked() -> bool:
    return bool(connection.features.has_select_for_update_skip_locked)


class _nothing:  # noqa: N801 - stands where a transaction would
    def __enter__(self) -> None:
        return None

    def __exit__(self, *_: object) -> None:
        return None
