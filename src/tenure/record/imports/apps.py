"""Registers the app with Django."""

from django.apps import AppConfig


class ImportsConfig(AppConfig):
    """Imports: files of events."""

    name = "tenure.record.imports"
    label = "imports"
    default_auto_field = "django.db.models.BigAutoField"
