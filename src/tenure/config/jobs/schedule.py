"""Recurring jobs: each moment enqueued once however many workers look."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from tenure.config.jobs.models import Recurrence
from tenure.config.jobs.tasks import JobTask
from tenure.cron import Cron
from tenure.record.events.queries import basis


def enqueue_recurring(tasks: Iterable[JobTask[Any, Any]], *, at: datetime) -> int:
    """Enqueue the recurring jobs whose time has come; how many.

    A moment missed while no worker ran comes once, not many times.
    """
    zone = basis().zone
    known = {row.task: row for row in Recurrence.objects.all()}
    enqueued = 0
    for task in tasks:
        assert task.cron is not None
        row = known.get(task.module_path)
        if row is None or row.schedule != task.cron:
            following = Cron.parse(task.cron).after(at, zone)
            values = {"schedule": task.cron, "next_at": following}
            Recurrence.objects.update_or_create(task=task.module_path, defaults=values)
            continue
        if row.next_at > at:
            continue
        following = Cron.parse(task.cron).after(max(at, row.next_at), zone)
        with transaction.atomic():
            same = Recurrence.objects.filter(task=row.task, next_at=row.next_at)
            if same.update(next_at=following):
                task.enqueue()
                enqueued += 1
    return enqueued
