"""Tables of feeds: when one is due, how far it is, what each look at it brought."""

from __future__ import annotations

from django.db import models


class Feed(models.Model):
    """A source of kind webhook, folder or table: when it is looked at, and how that went.

    What it reads stands in the settings of its source; addresses with passwords and shared
    secrets lie in the vault. ``schedule`` is ``every N`` (minutes) or five fields of cron; empty:
    only when asked. ``cursor`` is how far a table is read (JSON); it moves in the transaction
    that keeps the rows taken out of it as a file. ``*_us`` are microseconds, UTC.
    """

    source = models.OneToOneField(
        "sources.Source", on_delete=models.CASCADE, primary_key=True, related_name="feed"
    )
    schedule = models.CharField(max_length=100, default="")
    next_us = models.BigIntegerField(null=True)
    cursor = models.TextField(default="")
    failures = models.IntegerField(default=0)
    failing_us = models.BigIntegerField(null=True)
    error_zh = models.TextField(default="")
    error_en = models.TextField(default="")
    job = models.CharField(max_length=36, default="")

    class Meta:
        indexes = [models.Index(fields=["next_us"], name="feed_due")]


class Sync(models.Model):
    """One look at a feed: every row in is recorded, repeated, refused or left out by the map.

    Counted when it ends; of one that was killed, by the next look, which goes on where it was.
    """

    id = models.BigAutoField(primary_key=True)
    feed = models.ForeignKey(Feed, on_delete=models.CASCADE, related_name="syncs")
    begun_us = models.BigIntegerField()
    ended_us = models.BigIntegerField(null=True)
    rows = models.BigIntegerField(default=0)
    recorded = models.BigIntegerField(default=0)
    repeated = models.BigIntegerField(default=0)
    refused = models.BigIntegerField(default=0)
    left_out = models.BigIntegerField(default=0)
    error_zh = models.TextField(default="")
    error_en = models.TextField(default="")
    by = models.CharField(max_length=100)

    class Meta:
        indexes = [models.Index(fields=["feed", "-id"], name="sync_latest")]


class FeedFile(models.Model):
    """A file of a feed, read once for what it holds: found in a folder, or rows of a table.

    ``map_digest`` is that of the map under which it could not be read: another map is tried.
    """

    class Status(models.TextChoices):
        """Where it stands."""

        WAITING = "waiting"
        DONE = "done"
        FAILED = "failed"

    id = models.BigAutoField(primary_key=True)
    feed = models.ForeignKey(Feed, on_delete=models.CASCADE, related_name="files")
    sync = models.ForeignKey(Sync, on_delete=models.CASCADE, related_name="files")
    name = models.TextField()
    path = models.TextField()
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    modified_ns = models.BigIntegerField()
    rows = models.BigIntegerField(default=0)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    import_id = models.BigIntegerField(null=True)
    map_digest = models.CharField(max_length=64, default="")
    error_zh = models.TextField(default="")
    error_en = models.TextField(default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["feed", "sha256"], name="feed_file_once"),
        ]
        indexes = [models.Index(fields=["feed", "status"], name="feed_file_status")]
