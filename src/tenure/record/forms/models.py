"""Tables of forms: each submission once, and how many visitors came how far."""

from __future__ import annotations

from django.db import models


class Submission(models.Model):
    """A form that was sent. What was written in it lies in the log, or in the vault while held.

    ``token`` is a digest of the number the form was shown under, so that a form sent twice is
    one; ``said`` a keyed digest of its answers, ``wording`` of its free text, ``address`` of
    where it came from (forgotten after a day). ``reasons`` is a JSON list of codes that say why
    it is held. ``*_us`` are microseconds since the epoch, UTC.
    """

    class Status(models.TextChoices):
        """What became of it."""

        SENT = "sent"
        HELD = "held"
        RELEASED = "released"
        DELETED = "deleted"

    id = models.BigAutoField(primary_key=True)
    form = models.CharField(max_length=64)
    version = models.IntegerField()
    token = models.BinaryField(max_length=16, unique=True)
    said = models.BinaryField(max_length=16)
    wording = models.BinaryField(max_length=16, null=True)
    address = models.BinaryField(max_length=16, null=True)
    status = models.CharField(max_length=10, choices=Status.choices)
    reasons = models.TextField(default="[]")
    received_us = models.BigIntegerField()
    decided_us = models.BigIntegerField(null=True)
    decided_by = models.CharField(max_length=100, default="")

    class Meta:
        indexes = [
            models.Index(fields=["address", "received_us"], name="submission_address"),
            models.Index(fields=["wording", "received_us"], name="submission_wording"),
            models.Index(fields=["form", "status", "id"], name="submission_form"),
        ]


class FormDay(models.Model):
    """How often a form was shown, begun, sent and held on one day of the organisation's zone."""

    id = models.BigAutoField(primary_key=True)
    form = models.CharField(max_length=64)
    day = models.DateField()
    shown = models.BigIntegerField(default=0)
    started = models.BigIntegerField(default=0)
    sent = models.BigIntegerField(default=0)
    held = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["form", "day"], name="form_day_once"),
        ]
