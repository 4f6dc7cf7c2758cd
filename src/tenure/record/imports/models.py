"""The table of imports: which file, under which map, how far, with what result."""

from __future__ import annotations

from django.db import models


class Import(models.Model):
    """One file being, or having been, read into the log; its id is the batch of its events.

    ``position`` is how many rows are dealt with; it changes in the transaction that records
    them, so that an import killed at any moment goes on exactly where it was. ``tally`` is
    what became of them (JSON), ``report`` the file of refused rows under ``TENURE_HOME/reports``
    and ``report_bytes`` its length at the checkpoint.
    """

    class Status(models.TextChoices):
        """Where an import stands. RUNNING with no process behind it was killed."""

        RUNNING = "running"
        STOPPED = "stopped"
        FINISHED = "finished"
        UNDONE = "undone"

    id = models.BigAutoField(primary_key=True)
    file_name = models.CharField(max_length=255)
    file_path = models.TextField()
    file_sha256 = models.CharField(max_length=64)
    source = models.CharField(max_length=100)
    map_text = models.TextField()
    map_file = models.TextField()
    others = models.TextField(default="{}")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.RUNNING)
    position = models.BigIntegerField(default=0)
    tally = models.TextField(default="{}")
    report = models.CharField(max_length=255, default="")
    report_bytes = models.BigIntegerField(default=0)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    by = models.CharField(max_length=100)

    class Meta:
        """Imports are found by their file."""

        indexes = [models.Index(fields=["file_sha256"], name="import_file")]
