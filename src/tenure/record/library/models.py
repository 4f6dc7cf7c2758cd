"""Tables of the library: every version of every definition ever published."""

from __future__ import annotations

from django.db import models


class Publication(models.Model):
    """One act of publishing: who, when, why.

    ``token`` is never used again, as a number is after a rollback: what is kept in memory of
    the newest publication is known by it.
    """

    id = models.BigAutoField(primary_key=True)
    token = models.UUIDField(unique=True)
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=100)
    note = models.TextField()


class DefinitionVersion(models.Model):
    """One version of one definition as it was published; never edited (a trigger refuses it)."""

    id = models.BigAutoField(primary_key=True)
    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="versions")
    kind = models.CharField(max_length=30)
    key = models.CharField(max_length=100)
    number = models.PositiveIntegerField()
    fingerprint = models.CharField(max_length=64)
    body = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key", "number"], name="definition_version")
        ]
