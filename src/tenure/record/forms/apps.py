"""Registers the app with Django."""

from __future__ import annotations

from django.apps import AppConfig


class FormsConfig(AppConfig):
    """Forms. Django's own forms have the label ``forms`` already."""

    name = "tenure.record.forms"
    label = "lead_forms"
    default_auto_field = "django.db.models.BigAutoField"
