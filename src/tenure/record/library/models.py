"""Tables of the library: every version of every definition ever published, and drafts."""

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


class DefinitionDraft(models.Model):
    """A definition somebody is writing; theirs alone until it is published.

    ``author`` is the key of the actor, ``base`` the number of the published version it began
    with (0: there was none). ``revision`` counts the saves, so that two windows of one person do
    not overwrite each other unseen.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=30)
    key = models.CharField(max_length=100)
    author = models.CharField(max_length=100)
    author_name = models.CharField(max_length=150)
    base = models.PositiveIntegerField()
    body = models.TextField()
    revision = models.PositiveIntegerField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key", "author"], name="one_draft_per_author")
        ]
