"""The table of the audit."""

from __future__ import annotations

from django.db import models


class AuditEntry(models.Model):
    """Something somebody did or looked at; never changed (a trigger refuses it).

    ``action`` is ``noun.past_participle``; ``about`` names the object, such as
    ``customer:123``; ``detail`` never holds a personal value.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_index=True)
    actor = models.CharField(max_length=100)
    actor_name = models.CharField(max_length=150)
    action = models.CharField(max_length=60)
    about = models.CharField(max_length=150)
    detail = models.JSONField(default=dict)
    address = models.CharField(max_length=45)

    class Meta:
        indexes = [
            models.Index(fields=["actor", "-at"], name="audit_actor"),
            models.Index(fields=["action", "-at"], name="audit_action"),
            models.Index(fields=["about", "-at"], name="audit_about"),
        ]
