"""The current stages of every customer, for lists and pages; histories lie in the lake."""

from __future__ import annotations

from django.db import models


class CurrentStages(models.Model):
    """Where a customer stands in every lifecycle, and when time alone changes that.

    ``stages`` is JSON: by lifecycle the stage, when it was entered, the next change and stage if
    nothing happens, and the version of the definition (``projection.stands``). One row for all of
    them, since news touches them together and a row costs a page of the disk, not its length.

    ``due_us`` is the earliest of those changes, or of the moments at which a history begins:
    events may lie up to a day ahead of the clock. ``as_of`` is the moment at which the row was
    written; how far a lifecycle has been followed stands in ``Cursor.as_of``.
    """

    customer_id = models.BigIntegerField(primary_key=True)
    stages = models.TextField()
    due_us = models.BigIntegerField(null=True)
    as_of = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["due_us"],
                name="current_stages_due",
                condition=models.Q(due_us__isnull=False),
            ),
        ]


class Cursor(models.Model):
    """How far one lifecycle has been followed; written last, so a crash repeats, never skips."""

    lifecycle = models.CharField(primary_key=True, max_length=64)
    event_cursor = models.BigIntegerField()
    definition_version = models.CharField(max_length=32)
    fingerprint = models.CharField(max_length=64)
    as_of = models.DateTimeField()
