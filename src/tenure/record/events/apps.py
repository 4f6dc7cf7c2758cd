"""Registers the app with Django."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """Events: the append-only log."""

    name = "tenure.record.events"
    label = "events"
    default_auto_field = "django.db.models.BigAutoField"
