"""The current stage of every customer, for lists and pages; histories lie in the lake."""

from __future__ import annotations

from django.db import models


class CurrentStage(models.Model):
    """Where a customer stands in one lifecycle, and what will change if nothing happens.

    ``as_of`` is the moment at which the row last changed its content; how far the whole
    lifecycle has been followed stands in ``Cursor.as_of``.
    """

    customer_id = models.BigIntegerField()
    lifecycle = models.CharField(max_length=64)
    stage = models.CharField(max_length=64)
    canonical = models.CharField(max_length=16)
    entered_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)
    next_stage = models.CharField(max_length=64)
    definition_version = models.CharField(max_length=32)
    as_of = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer_id", "lifecycle"], name="one_current_stage_per_lifecycle"
            )
        ]
        indexes = [
            models.Index(fields=["lifecycle", "stage", "entered_at"], name="current_stage_list"),
            models.Index(
                fields=["lifecycle", "next_at"],
                name="current_stage_next",
                condition=models.Q(next_at__isnull=False),
            ),
        ]


class ComingCustomer(models.Model):
    """A customer whose history begins after the moment the lifecycle has been followed to.

    Events may lie up to a day ahead of the clock; this is the reminder to begin.
    """

    customer_id = models.BigIntegerField()
    lifecycle = models.CharField(max_length=64)
    begins_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer_id", "lifecycle"], name="one_coming_customer_per_lifecycle"
            )
        ]


class Cursor(models.Model):
    """How far one lifecycle has been followed; written last, so a crash repeats, never skips."""

    lifecycle = models.CharField(primary_key=True, max_length=64)
    event_cursor = models.BigIntegerField()
    definition_version = models.CharField(max_length=32)
    fingerprint = models.CharField(max_length=64)
    as_of = models.DateTimeField()
