"""Registers the app with Django."""

from django.apps import AppConfig


class VaultConfig(AppConfig):
    """Vault: personal data, encrypted."""

    name = "tenure.record.vault"
    label = "vault"
    default_auto_field = "django.db.models.BigAutoField"
