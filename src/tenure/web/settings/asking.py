"""What was typed into fields of the settings, as the database can take it."""

from __future__ import annotations

from django.http import QueryDict


def typed(data: QueryDict, name: str, most: int = 100) -> str:
    """The text of a field, without spaces around it and characters no database holds."""
    return data.get(name, "").replace("\x00", "").strip()[:most]
