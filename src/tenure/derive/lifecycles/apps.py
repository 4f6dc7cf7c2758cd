"""Registers the app with Django."""

from django.apps import AppConfig


class LifecyclesConfig(AppConfig):
    """Lifecycles: stages and their history."""

    name = "tenure.derive.lifecycles"
    label = "lifecycles"
    default_auto_field = "django.db.models.BigAutoField"
