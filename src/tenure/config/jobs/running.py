"""Runs one job: under a heartbeat, told to stop where it must, its end written down."""

from __future__ import annotations

import logging
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils.module_loading import import_string
from django_tasks.utils import get_module_path, normalize_json

from tenure.clock import now
from tenure.config.jobs.claiming import bury, finish, give_back, held, renew, try_later
from tenure.config.jobs.models import Job
from tenure.config.jobs.tasks import JobTask
from tenure.words import TenureError, Words
from tenure.work import Work, WorkStopped, working

_log = logging.getLogger("tenure.jobs")
_TELL_EVERY_SECONDS = 0.4


@dataclass(slots=True)
class Run:
    """A job being run by this process.

    Attributes:
        job: the row as it was taken.
        lease: how long it is held without a sign of life.
        stop: set where the worker is closing.
        clock: what the time is to the job.
        lost: set where another worker has it now.
    """

    job: Job
    lease: timedelta
    stop: threading.Event
    clock: Callable[[], datetime] = now
    lost: threading.Event = field(default_factory=threading.Event)
    _told_at: float = 0.0

    def tell(self, share: float, words: Words) -> None:
        """Write down how far it is, at most some times a second.

        Raises:
            WorkStopped: the job is not to go on here.
        """
        if self.stop.is_set() or self.lost.is_set():
            raise WorkStopped
        if time.monotonic() - self._told_at < _TELL_EVERY_SECONDS:
            return
        self._told_at = time.monotonic()
        told = held(self.job).filter(cancelling=False)
        if not told.update(
            share=min(max(share, 0), 1), said_zh=words.zh[:300], said_en=words.en[:300]
        ):
            raise WorkStopped

    def execute(self) -> bool:
        """Run it to its end, whatever that is; whether it is done."""
        with _heartbeat(self):
            return self._execute()

    def _execute(self) -> bool:
        job, task = self.job, task_of(self.job)
        args, kwargs = job.arguments
        work = Work(at=self.clock(), clock=self.clock, tell=self.tell, attempt=job.attempts)
        try:
            with working(work):
                result = normalize_json(task.call(*args, **kwargs))
        except WorkStopped:
            self._stopped()
        except TenureError as problem:  # what a person must mend does not mend itself
            bury(
                job,
                problem.words,
                at=self.clock(),
                error_class=get_module_path(type(problem)),
                error=str(problem),
            )
        except Exception as problem:  # noqa: BLE001 - kept with the job, and tried again
            _log.exception("job %s (%s) failed, attempt %d", job.id, job.task, job.attempts)
            cls, text = get_module_path(type(problem)), traceback.format_exc()
            try_later(job, task, at=self.clock(), cls=cls, error=text)
        else:
            return self._done(result)
        return False

    def _done(self, result: Any) -> bool:
        if not finish(self.job, result, at=self.clock()):
            return False
        for path in settings.JOBS_AFTER.get(self.job.task, ()):
            import_string(path).enqueue()
        return True

    def _stopped(self) -> None:
        cancelled = held(self.job).filter(cancelling=True)
        if not cancelled.update(
            status=Job.Status.CANCELLED, finished_at=self.clock(), lease_until=None
        ):
            give_back(self.job, at=self.clock())


def task_of(job: Job) -> JobTask[Any, Any]:
    """The task of a row."""
    return cast("JobTask[Any, Any]", import_string(job.task))


@contextmanager
def _heartbeat(run: Run) -> Iterator[None]:
    """Renews the lease from a thread of its own while the job works."""
    ended = threading.Event()

    def beat() -> None:
        try:
            while not ended.wait(run.lease.total_seconds() / 4):
                try:
                    if not renew(run.job, until=run.clock() + run.lease):
                        run.lost.set()
                        return
                except DatabaseError:  # busy for now; the lease lasts for several beats
                    _log.warning("could not renew the lease of job %s", run.job.id)
        finally:
            connection.close()

    thread = threading.Thread(target=beat, name=f"heartbeat-{run.job.id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
