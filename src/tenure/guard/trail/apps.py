"""The app of the audit's rows."""

from __future__ import annotations

from django.apps import AppConfig


class TrailConfig(AppConfig):
    """The audit's rows."""

    name = "tenure.guard.trail"
    label = "trail"
