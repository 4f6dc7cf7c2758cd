"""Registers the app with Django."""

from __future__ import annotations

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    """Webhooks: what other systems are told."""

    name = "tenure.act.webhooks"
    label = "webhooks"
    default_auto_field = "django.db.models.BigAutoField"
