"""Tables of imports: which file, under which map, how far, with what result; and uploads."""

from __future__ import annotations

from django.db import models


class Import(models.Model):
    """One file being, or having been, read into the log; its id is the batch of its events.

    ``position`` is how many rows are dealt with; it changes in the transaction that records
    them, so that an import killed at any moment goes on exactly where it was. ``tally`` is
    what became of them (JSON), ``report`` the file of refused rows under ``TENURE_HOME/reports``
    and ``report_bytes`` its length at the checkpoint. ``notes`` are what was noticed about the
    file and the map, each in both languages.
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
    notes = models.JSONField(default=list)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    by = models.CharField(max_length=100)

    class Meta:
        """Imports are found by their file."""

        indexes = [
            models.Index(fields=["file_sha256"], name="import_file"),
            models.Index(fields=["finished_at"], name="import_finished"),
        ]


class Upload(models.Model):
    """A file handed in at the browser, on its way to becoming an import.

    It lies under ``TENURE_HOME/uploads/<id>``, with the files it is joined with (``others``, a
    list of names). ``choices`` is what a person chose in the form of its map, ``map_text`` the
    map that follows, or the one written by hand (``own_map``). ``trial`` is what trying it came
    to, under the map ``trial_map``. ``runs_after`` is the newest import of the file when it was
    last sent off: the import it became has a higher number. A file of mended rows names the
    import they come from in ``mends`` and their lines there in ``mended_lines``. One that is only
    a sample, by which the map of a feed is agreed on, names its source in ``sample_of``.
    """

    id = models.BigAutoField(primary_key=True)
    file_name = models.CharField(max_length=255)
    size = models.BigIntegerField(default=0)
    others = models.JSONField(default=list)
    choices = models.JSONField(default=dict)
    map_text = models.TextField(default="")
    own_map = models.BooleanField(default=False)
    trial = models.JSONField(null=True)
    trial_map = models.TextField(default="")
    trial_job = models.CharField(max_length=36, default="")
    run_job = models.CharField(max_length=36, default="")
    runs_after = models.BigIntegerField(null=True)
    mends = models.BigIntegerField(null=True)
    mended_lines = models.JSONField(default=list)
    sample_of = models.BigIntegerField(null=True)
    language = models.CharField(max_length=5, default="zh")
    received_at = models.DateTimeField()
    discarded_at = models.DateTimeField(null=True)
    by = models.CharField(max_length=100)
    by_name = models.CharField(max_length=150, default="")

    class Meta:
        """Mended files are found by the import they mend."""

        indexes = [models.Index(fields=["mends"], name="upload_mends")]
