"""Tables of sources: who may send, how far the spool is loaded, what arrived."""

from __future__ import annotations

from django.db import models


class Source(models.Model):
    """A system whose events arrive by themselves.

    ``key`` is the ``source`` of its events in the log and never changes; ``settings`` is JSON
    that its kind knows how to read. ``*_us`` are microseconds since the epoch, UTC.
    """

    class Kind(models.TextChoices):
        """How its events come."""

        SDK = "sdk"
        WEBHOOK = "webhook"
        FOLDER = "folder"
        TABLE = "table"
        FORM = "form"

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=100, unique=True)
    name = models.CharField(max_length=150)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    settings = models.TextField(default="{}")
    created_us = models.BigIntegerField()
    created_by = models.CharField(max_length=100)
    paused_us = models.BigIntegerField(null=True)


class WriteKey(models.Model):
    """What a sender shows to be let in: good for sending events of its source and nothing else.

    Only the digest (SHA-256) is kept, with the last characters to tell keys apart.
    ``revoked_us`` may lie ahead: until then an old key and the new one are both good.
    ``last_used_us`` is when the latest request under it arrived, as far as it is loaded.
    """

    id = models.BigAutoField(primary_key=True)
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="keys")
    hint = models.CharField(max_length=4)
    digest = models.BinaryField(max_length=32, unique=True)
    created_us = models.BigIntegerField()
    created_by = models.CharField(max_length=100)
    revoked_us = models.BigIntegerField(null=True)
    last_used_us = models.BigIntegerField(null=True)


class SpoolSegment(models.Model):
    """How far a file of the spool is in the log; moves in the transaction that records.

    ``closed`` says that nothing more comes from it: its writer is gone and all is loaded.
    """

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=40, unique=True)
    offset = models.BigIntegerField(default=0)
    closed = models.BooleanField(default=False)


class Arrival(models.Model):
    """What arrived from a source, by event type and hour (its start, UTC).

    Counted in the transaction that records; what could be no event stands under an empty type,
    and there too what the map of a webhook leaves out on purpose.
    """

    id = models.BigAutoField(primary_key=True)
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="arrivals")
    type = models.CharField(max_length=100)
    hour_us = models.BigIntegerField()
    accepted = models.BigIntegerField(default=0)
    repeated = models.BigIntegerField(default=0)
    refused = models.BigIntegerField(default=0)
    left_out = models.BigIntegerField(default=0, db_default=0)
    last_us = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "type", "hour_us"], name="arrival_once"),
        ]
        indexes = [
            models.Index(fields=["hour_us"], name="arrival_hour"),
            models.Index(fields=["source", "hour_us"], name="arrival_latest"),
        ]


class ArrivalMinute(models.Model):
    """How many messages came from a source within a minute (its start, UTC); kept for two hours."""

    id = models.BigAutoField(primary_key=True)
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="minutes")
    minute_us = models.BigIntegerField()
    messages = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["minute_us", "source"], name="arrival_minute_once"),
        ]


class ArrivalTotal(models.Model):
    """What ever arrived from a source: the sum of its arrivals, kept along with them."""

    source = models.OneToOneField(
        Source, on_delete=models.CASCADE, primary_key=True, related_name="total"
    )
    accepted = models.BigIntegerField(default=0)
    repeated = models.BigIntegerField(default=0)
    refused = models.BigIntegerField(default=0)


class Sample(models.Model):
    """The latest events of one type from one source: their numbers in the log, newest first."""

    id = models.BigAutoField(primary_key=True)
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="samples")
    type = models.CharField(max_length=100)
    event_ids = models.TextField()
    last_us = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "type"], name="sample_once"),
        ]


class UnknownField(models.Model):
    """A field that came from a source though its event type does not declare it; counted.

    ``event_id`` is the latest event that had it.
    """

    id = models.BigAutoField(primary_key=True)
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="unknown_fields")
    type = models.CharField(max_length=100)
    field = models.CharField(max_length=200)
    count = models.BigIntegerField()
    first_us = models.BigIntegerField()
    last_us = models.BigIntegerField()
    event_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "type", "field"], name="unknown_field_once"),
        ]
