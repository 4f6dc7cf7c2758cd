"""Tables of the jobs: what is to run, what runs, what came of it; and what comes again."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Job(models.Model):
    """One piece of the machine's work, kept until it is done or dead.

    A row is written in the transaction of whoever asks for it, so that it exists exactly when
    what it is about does. A worker holds it until ``lease_until`` and goes on renewing that; one
    that was killed stops renewing, and another takes the job. ``attempts`` grows with every
    start and names the holder together with ``worker``: what an earlier holder writes is void.
    ``unique_key``: of jobs with the same key only one is open.
    """

    class Status(models.TextChoices):
        """Where a job stands."""

        READY = "ready"
        RUNNING = "running"
        DONE = "done"
        DEAD = "dead"
        CANCELLED = "cancelled"

    id = models.CharField(primary_key=True, max_length=36)
    task = models.CharField(max_length=200)
    queue = models.CharField(max_length=40)
    priority = models.SmallIntegerField()
    arguments = models.JSONField()
    unique_key = models.CharField(max_length=200, null=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.READY)
    attempts = models.PositiveIntegerField(default=0)
    most_attempts = models.PositiveIntegerField()
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    worker = models.CharField(max_length=100, default="")
    cancelling = models.BooleanField(default=False)
    enqueued_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    attempted_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    share = models.FloatField(default=0)
    said_zh = models.CharField(max_length=300, default="")
    said_en = models.CharField(max_length=300, default="")
    result = models.JSONField(null=True)
    error = models.TextField(default="")
    error_class = models.CharField(max_length=200, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unique_key"],
                condition=Q(status__in=["ready", "running"]),
                name="job_open_once",
            )
        ]
        indexes = [
            models.Index(
                fields=["-priority", "due_at"],
                condition=Q(status__in=["ready", "running"]),
                name="job_open",
            ),
            models.Index(fields=["finished_at"], name="job_finished"),
        ]


class Recurrence(models.Model):
    """When a recurring job comes next; whoever moves ``next_at`` on enqueues it, once."""

    task = models.CharField(primary_key=True, max_length=200)
    schedule = models.CharField(max_length=100)
    next_at = models.DateTimeField()
