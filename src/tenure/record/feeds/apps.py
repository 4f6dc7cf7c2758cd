"""Registers the app with Django, and webhooks with the loader of the spool."""

from __future__ import annotations

from django.apps import AppConfig

from tenure.record.sources.dialects import register_translator


class FeedsConfig(AppConfig):
    """Feeds: rows of foreign systems."""

    name = "tenure.record.feeds"
    label = "feeds"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have bodies of webhooks translated by the map of their source."""
        place = "tenure.record.feeds.operations.webhooks.translating.translate_webhook"
        register_translator("webhook", place)
