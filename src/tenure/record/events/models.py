"""Tables of the log: events, the identifiers they arrived with, the links between those."""

from __future__ import annotations

from django.db import models

LIVE = 0
"""Batch number of what did not come in an import, where a column may not be null."""


class Event(models.Model):
    """A fact, never rewritten (a trigger refuses it). Rows are written in bulk by SQL.

    One thing is let pass: a field that was kept as it came may leave ``properties`` for the vault,
    or for the amount that was not told, once its event type is declared (``Sealing``).

    ``key`` is 4 bytes of seconds of ``occurred_us``, then 12 of a keyed hash of the source and
    its own key, so that repeats are found and the unique index stays hot. ``identifier_id`` is
    the identifier the event arrived with, null for an anonymous one. ``*_us`` are microseconds
    since the epoch, UTC; ``local_date`` is the day in the organisation's zone; ``amount_e4`` is
    in ten-thousandths of the base currency, ``currency`` the one it was paid in.
    """

    id = models.BigAutoField(primary_key=True)
    key = models.BinaryField(max_length=16, unique=True)
    source = models.CharField(max_length=100)
    type = models.CharField(max_length=100)
    identifier_id = models.BigIntegerField(null=True)
    occurred_us = models.BigIntegerField()
    recorded_us = models.BigIntegerField()
    local_date = models.DateField()
    amount_e4 = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, null=True)
    batch_id = models.BigIntegerField(null=True)
    recorded_by = models.CharField(max_length=100)
    properties = models.TextField()

    class Meta:
        indexes = [
            models.Index(fields=["identifier_id", "occurred_us"], name="event_timeline"),
        ]


class Identifier(models.Model):
    """A value a customer was known by; its id is computed from it, so no lookup is needed.

    ``digest`` is further bytes of the same hash: two values that share an id are told apart.
    ``value`` is the normalised value, null when it is personal and lies in the vault.
    """

    id = models.BigIntegerField(primary_key=True)
    type = models.CharField(max_length=100)
    digest = models.BinaryField(max_length=16)
    value = models.TextField(null=True)


class Link(models.Model):
    """Two strong identifiers that arrived together: the smaller id is on the left.

    One row per pair and import, with the earliest event that showed it.
    """

    id = models.BigAutoField(primary_key=True)
    left_id = models.BigIntegerField()
    right_id = models.BigIntegerField()
    batch_id = models.BigIntegerField(default=LIVE)
    occurred_us = models.BigIntegerField()
    recorded_us = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["left_id", "right_id", "batch_id"], name="link_once"),
            models.CheckConstraint(
                condition=models.Q(left_id__lt=models.F("right_id")), name="link_ordered"
            ),
        ]
        indexes = [models.Index(fields=["right_id"], name="link_right")]


class LinkStatement(models.Model):
    """Someone's explicit word that two identifiers are, or are not, the same customer.

    Per pair the last one by (``occurred_us``, ``event_key``) holds and outweighs every link.
    Where ``linked`` is null it takes back what was said before, and links count again.
    """

    event_id = models.BigIntegerField(primary_key=True)
    event_key = models.BinaryField(max_length=16)
    left_id = models.BigIntegerField()
    right_id = models.BigIntegerField()
    linked = models.BooleanField(null=True)
    occurred_us = models.BigIntegerField()
    recorded_us = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(left_id__lt=models.F("right_id")), name="statement_ordered"
            ),
        ]
        indexes = [
            models.Index(fields=["left_id", "right_id"], name="statement_pair"),
            models.Index(fields=["right_id"], name="statement_right"),
        ]


class UndoneBatch(models.Model):
    """An import taken back as a whole: its events stay in the log and count for nothing."""

    batch_id = models.BigIntegerField(primary_key=True)
    event_id = models.BigIntegerField()
    recorded_us = models.BigIntegerField()


class Retelling(models.Model):
    """An event of an import told again by another one: it counts should the first be undone.

    ``key`` is the event's in the log and ``first_batch_id`` the import it counts under there;
    ``batch_id`` is who told it again (``LIVE``: no import). The other columns are what that
    one said, which under the same key need not be the same; personal fields are in the vault.
    ``strong_ids`` are the strong identifiers it named (a JSON list).
    """

    id = models.BigAutoField(primary_key=True)
    key = models.BinaryField(max_length=16)
    first_batch_id = models.BigIntegerField()
    batch_id = models.BigIntegerField(default=LIVE)
    source = models.CharField(max_length=100)
    type = models.CharField(max_length=100)
    identifier_id = models.BigIntegerField(null=True)
    occurred_us = models.BigIntegerField()
    local_date = models.DateField()
    amount_e4 = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, null=True)
    recorded_by = models.CharField(max_length=100)
    properties = models.TextField()
    strong_ids = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "batch_id"], name="retelling_once"),
        ]
        indexes = [
            models.Index(fields=["first_batch_id", "id"], name="retelling_first"),
            models.Index(fields=["batch_id"], name="retelling_batch"),
        ]


class DeadLetter(models.Model):
    """A refused event: its body lies in the vault, its reasons here, until mended or discarded."""

    class Status(models.TextChoices):
        """Where a refused event stands."""

        WAITING = "waiting"
        REPLAYED = "replayed"
        DISCARDED = "discarded"

    id = models.BigAutoField(primary_key=True)
    digest = models.BinaryField(max_length=16, unique=True)
    source = models.CharField(max_length=100)
    type = models.CharField(max_length=100)
    batch_id = models.BigIntegerField(null=True)
    reasons = models.TextField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    recorded_us = models.BigIntegerField()
    closed_us = models.BigIntegerField(null=True)
    closed_by = models.CharField(max_length=100, default="")
    note = models.TextField(default="")
    event_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["status", "id"], name="dead_letter_status")]


class Oddity(models.Model):
    """Something accepted that no definition knows, or an identifier that was set aside; counted."""

    class Kind(models.TextChoices):
        """What was odd."""

        UNKNOWN_TYPE = "unknown_type"
        UNKNOWN_FIELD = "unknown_field"
        UNKNOWN_IDENTIFIER = "unknown_identifier"
        BLOCKED_IDENTIFIER = "blocked_identifier"
        UNREADABLE_IDENTIFIER = "unreadable_identifier"

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=30, choices=Kind.choices)
    type = models.CharField(max_length=100)
    detail = models.CharField(max_length=200)
    count = models.BigIntegerField()
    first_us = models.BigIntegerField()
    last_us = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "type", "detail"], name="oddity_once")
        ]


class Sealing(models.Model):
    """Values kept as they came, put where they belong once their event type was declared.

    Personal ones are in the vault since, amounts are amounts. Whoever copied the log before
    the latest of these copies it anew.
    """

    id = models.BigAutoField(primary_key=True)
    type = models.CharField(max_length=100)
    fields = models.TextField()
    events = models.BigIntegerField()
    unfit = models.BigIntegerField()
    recorded_us = models.BigIntegerField()
    recorded_by = models.CharField(max_length=100)


class Basis(models.Model):
    """The base currency and the time zone that the log is kept in; one row."""

    id = models.BigAutoField(primary_key=True)
    currency = models.CharField(max_length=3)
    zone = models.CharField(max_length=40)


class QualityReport(models.Model):
    """How good the log was when it was measured (``body``: JSON, see ``operations.measuring``)."""

    id = models.BigAutoField(primary_key=True)
    measured_at = models.DateTimeField()
    cursor = models.BigIntegerField()
    body = models.TextField()
