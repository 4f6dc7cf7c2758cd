"""The app of accounts and rights."""

from __future__ import annotations

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Accounts, departments, teams, roles."""

    name = "tenure.guard.access"
    label = "access"
