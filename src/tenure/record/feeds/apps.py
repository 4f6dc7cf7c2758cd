"""Registers the app with Django, and webhooks with the loader of the spool."""

from __future__ import annotations

from django.apps import AppConfig


class FeedsConfig(AppConfig):
    """Feeds: rows of foreign systems."""

    name = "tenure.record.feeds"
    label = "feeds"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have bodies of webhooks translated by the map of their source."""
        from tenure.record.feeds.operations.webhooks.translating import translate_webhook
        from tenure.record.sources.translating import register_translator

        register_translator("webhook", translate_webhook)
