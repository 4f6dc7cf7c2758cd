"""Registers the app with Django."""

from django.apps import AppConfig


class LibraryConfig(AppConfig):
    """Library: published definitions."""

    name = "tenure.record.library"
    label = "library"
    default_auto_field = "django.db.models.BigAutoField"
