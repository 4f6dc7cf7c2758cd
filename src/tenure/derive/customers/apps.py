"""Registers the app with Django."""

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    """Customers: who is who."""

    name = "tenure.derive.customers"
    label = "customers"
    default_auto_field = "django.db.models.BigAutoField"
