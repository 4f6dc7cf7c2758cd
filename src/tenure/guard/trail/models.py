"""The table of the audit."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class AuditEntry(models.Model):
    """Something somebody did or looked at; never changed nor deleted (triggers refuse both).

    ``action`` is ``noun.past_participle``; ``about`` names the object, such as
    ``customer:123``; ``detail`` never holds a personal value. ``exported`` counts the rows that
    left the house with this entry; else it is empty.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=100)
    actor_name = models.CharField(max_length=150)
    action = models.CharField(max_length=60)
    about = models.CharField(max_length=150)
    detail = models.JSONField(default=dict)
    address = models.CharField(max_length=45)
    exported = models.BigIntegerField(null=True)

    class Meta:
        # Each filter of the audit page walks one of these backwards, however long the audit is.
        indexes = [
            models.Index(fields=["at", "id"], name="audit_at"),
            models.Index(fields=["actor", "at", "id"], name="audit_actor"),
            models.Index(fields=["action", "at", "id"], name="audit_action"),
            models.Index(fields=["about", "at", "id"], name="audit_about"),
            models.Index(fields=["at"], name="audit_exported", condition=Q(exported__isnull=False)),
        ]
