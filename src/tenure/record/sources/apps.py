"""Registers the app with Django."""

from __future__ import annotations

from django.apps import AppConfig


class SourcesConfig(AppConfig):
    """Sources: what arrives by itself."""

    name = "tenure.record.sources"
    label = "sources"
    default_auto_field = "django.db.models.BigAutoField"
