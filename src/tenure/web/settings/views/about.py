"""What runs here: version, licences, database, how much there is."""

from __future__ import annotations

import platform
import sqlite3

import django
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

import tenure
from tenure.guard.access.queries import colleagues
from tenure.record.events.queries import dead_letter_count, last_event_id
from tenure.web.settings.licences import third_party
from tenure.web.viewer import page, rights_on


@page()
def about(request: HttpRequest) -> HttpResponse:
    """For everybody; where the data lies, for those who manage the organisation."""
    context = {
        "version": tenure.__version__,
        "python": platform.python_version(),
        "django": django.get_version(),
        "database": _database(),
        "home": settings.TENURE_HOME if rights_on(request).may("organisation.manage") else None,
        "events": last_event_id(),
        "accounts": len(colleagues()),
        "refused": dead_letter_count(),
    }
    return render(request, "settings/about.html", context)


@page()
def licences(request: HttpRequest) -> HttpResponse:
    """The licences of what Tenure is made of."""
    return render(request, "settings/licences.html", {"text": third_party()})


def _database() -> str:
    if connection.vendor == "sqlite":
        return f"SQLite {sqlite3.sqlite_version}"
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return f"PostgreSQL {cursor.fetchone()[0]}"
