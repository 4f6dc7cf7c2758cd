"""The app of the audit."""

from __future__ import annotations

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The audit."""

    name = "tenure.guard.audit"
    label = "audit"
