"""The app of the pages: templates, static files, template tags."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages."""

    name = "tenure.web"
    label = "web"

    def ready(self) -> None:
        """Logins are noted in the audit."""
        from tenure.web.accounts import noting

        noting.listen()
