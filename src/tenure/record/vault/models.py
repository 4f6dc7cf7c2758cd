"""Tables of the vault: personal values, encrypted, found by blind index."""

from __future__ import annotations

from django.db import models


class VaultEntry(models.Model):
    """One personal value of one holder, readable only with the installation's keys.

    ``holder`` and ``holder_id`` name the row the value was taken out of (an identifier, an
    event, a refused event); ``subject_id`` is the identifier of the person it is about, so
    that everything of a person can be found. ``generation`` numbers the key it is sealed with.
    """

    id = models.BigAutoField(primary_key=True)
    holder = models.CharField(max_length=20)
    holder_id = models.BigIntegerField()
    field = models.CharField(max_length=100)
    subject_id = models.BigIntegerField(null=True)
    token = models.BinaryField()
    blind = models.BinaryField(max_length=16, null=True)
    generation = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holder", "holder_id", "field"], name="vault_one_value")
        ]
        indexes = [
            models.Index(fields=["blind"], name="vault_blind"),
            models.Index(fields=["subject_id"], name="vault_subject"),
            models.Index(fields=["generation"], name="vault_generation"),
        ]


class KeyMark(models.Model):
    """By which the database knows its identity secret: one row, a keyed digest of the secret.

    Identifier ids are computed from the secret. Under another one every customer would come a
    second time, so keys whose mark is another are not used. The mark gives nothing of it away.
    """

    id = models.SmallIntegerField(primary_key=True)
    digest = models.BinaryField(max_length=16)
