"""Tables of webhooks: where events are told, and what became of each telling."""

from __future__ import annotations

from django.db import models


class Endpoint(models.Model):
    """Another system's address that is told of events, how far it is told, and how it does.

    The address itself and the signing secrets lie sealed in the vault; ``address`` is what can
    be shown of it. ``token`` names the endpoint in the ids of messages for ever. ``cursor`` is
    the last event of the log that was looked at. ``reads`` are field groups whose personal
    values it is told, as far as ``reads_by`` (the key of an actor) may read them. ``*_us`` are
    microseconds since the epoch, UTC; ``failing_us``: since when it has accepted nothing;
    ``last_us``: when anything was last sent.
    """

    class Off(models.TextChoices):
        """Why it is told nothing."""

        PERSON = "person"
        GONE = "gone"
        FAILING = "failing"

    id = models.BigAutoField(primary_key=True)
    token = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=150)
    address = models.CharField(max_length=300)
    every_type = models.BooleanField(default=False)
    types = models.JSONField(default=list)
    reads = models.JSONField(default=list)
    reads_by = models.CharField(max_length=100, default="")
    keep_days = models.PositiveSmallIntegerField()
    cursor = models.BigIntegerField()
    off_us = models.BigIntegerField(null=True)
    off_reason = models.CharField(max_length=10, choices=Off.choices, default="")
    failing_us = models.BigIntegerField(null=True)
    held_us = models.BigIntegerField(default=0)
    old_secret_until_us = models.BigIntegerField(null=True)
    disclosed = models.BigIntegerField(default=0)
    last_us = models.BigIntegerField(null=True)
    created_us = models.BigIntegerField()
    created_by = models.CharField(max_length=100)


class Delivery(models.Model):
    """One event on its way to one endpoint, or a test; what is sent is made when it is sent.

    ``event_id`` is null for a test; ``subject_id`` the identifier the event is about. The last
    answer's first kilobyte lies in the vault, for it may repeat what was sent; ``told`` are the
    groups of the personal values that were. ``due_us`` is when it is to be sent next, and while
    it is being sent, when that is given up for lost.
    ``attempts`` are all that were made, ``tries`` those since it was last asked for.
    """

    class Status(models.TextChoices):
        """Where a delivery stands."""

        PENDING = "pending"
        DELIVERED = "delivered"
        FAILED = "failed"
        SKIPPED = "skipped"

    id = models.BigAutoField(primary_key=True)
    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="deliveries")
    event_id = models.BigIntegerField(null=True)
    type = models.CharField(max_length=100)
    message_id = models.CharField(max_length=40)
    subject_id = models.BigIntegerField(null=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PENDING)
    attempts = models.PositiveIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    due_us = models.BigIntegerField()
    created_us = models.BigIntegerField()
    attempted_us = models.BigIntegerField(null=True)
    code = models.PositiveSmallIntegerField(null=True)
    problem = models.CharField(max_length=20, default="")
    millis = models.PositiveIntegerField(null=True)
    told = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "event_id"], name="delivery_once"),
        ]
        indexes = [
            models.Index(fields=["endpoint", "status", "due_us"], name="delivery_due"),
            models.Index(fields=["endpoint", "id"], name="delivery_newest"),
            models.Index(
                fields=["status", "created_us"],
                condition=models.Q(status__in=["pending", "failed"]),
                name="delivery_open",
            ),
        ]
