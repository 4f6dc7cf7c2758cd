"""The application that the web server runs, ready before it listens."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tenure.config.settings")
application = get_wsgi_application()

from tenure.config.warming import warm_up  # noqa: E402  (Django must be set up)

warm_up()
