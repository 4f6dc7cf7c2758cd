"""The application that the web server runs, ready before it listens."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tenure.config.settings")
application = get_wsgi_application()


def warm_up() -> None:
    """Load the pages and what they compute with, which otherwise the first reader waits for."""
    from django.template.loader import get_template
    from django.urls import get_resolver

    _ = get_resolver().url_patterns
    for name in ("base.html", "today/today.html", "customers/list.html", "accounts/entrance.html"):
        get_template(name)


warm_up()
