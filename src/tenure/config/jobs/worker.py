"""The worker: takes jobs that are due and runs them, for as long as it is not told to stop."""

from __future__ import annotations

import importlib
import logging
import os
import socket
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection

from tenure.clock import now
from tenure.config.jobs.claiming import claim
from tenure.config.jobs.models import Job
from tenure.config.jobs.running import Run
from tenure.config.jobs.schedule import enqueue_recurring
from tenure.config.jobs.tasks import JobTask

_log = logging.getLogger("tenure.jobs")
_PAUSE_SECONDS = 0.5
_AFTER_TROUBLE_SECONDS = 5.0
_KEPT = timedelta(days=30)
_KEPT_SHORTLY = timedelta(days=1)


def run_worker(stop: threading.Event, *, slots: int = 2) -> None:
    """Run jobs until ``stop`` is set; what runs then stops at its next sign and is given back.

    Args:
        stop: set it to end the worker.
        slots: jobs at a time, so that a long one does not keep short ones waiting.
    """
    threads = [
        threading.Thread(target=_slot, args=(stop, number), name=f"jobs-{number}")
        for number in range(slots)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def run_due(at: datetime | None = None, *, stop: threading.Event | None = None) -> int:
    """Run everything that is due once, in this thread; how many jobs were run.

    Args:
        at: the moment that decides what is due, aware; the clock's where it is not given.
        stop: set by a job (or anybody) to run no further ones.
    """
    done: list[str] = []
    stop = stop or threading.Event()
    clock = now if at is None else lambda: at
    while not stop.is_set():
        job = claim(_name("once"), at=clock(), lease=lease(), excluded=done)
        if job is None:
            break
        done.append(job.pk)
        Run(job, lease(), stop, clock).execute()
    return len(done)


def lease() -> timedelta:
    """How long a job is held without a sign of life."""
    return timedelta(seconds=settings.JOB_LEASE_SECONDS)


def recurring() -> Iterator[JobTask[Any, Any]]:
    """Every task of our apps that has a schedule."""
    for app in apps.get_app_configs():
        if not app.name.startswith("tenure.") or find_spec(f"{app.name}.jobs") is None:
            continue
        module = importlib.import_module(f"{app.name}.jobs")
        for value in vars(module).values():
            if isinstance(value, JobTask) and value.cron is not None:
                yield value


def sweep(*, at: datetime) -> int:
    """Forget jobs that ended long ago (dead ones are kept); how many."""
    ended = Job.objects.filter(status__in=[Job.Status.DONE, Job.Status.CANCELLED])
    old = ended.filter(finished_at__lt=at - _KEPT)
    recurrent = ended.filter(
        finished_at__lt=at - _KEPT_SHORTLY, task__in=[task.module_path for task in recurring()]
    )
    return old.delete()[0] + recurrent.delete()[0]


def _slot(stop: threading.Event, number: int) -> None:
    name = _name(str(number))
    try:
        while not stop.is_set():
            try:
                worked = _turn(name, stop, leads=number == 0)
            except DatabaseError:
                _log.exception("the worker cannot reach the database; it tries again")
                connection.close()
                stop.wait(_AFTER_TROUBLE_SECONDS)
                continue
            if not worked:
                stop.wait(_PAUSE_SECONDS)
    finally:
        connection.close()


def _turn(name: str, stop: threading.Event, *, leads: bool) -> bool:
    if leads and enqueue_recurring(recurring(), at=now()):
        sweep(at=now())
    job = claim(name, at=now(), lease=lease())
    if job is None:
        return False
    Run(job, lease(), stop).execute()
    return True


def _name(slot: str) -> str:
    return f"{socket.gethostname()}:{os.getpid()}:{threading.get_ident()}:{slot}"[:100]
