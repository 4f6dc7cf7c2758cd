"""Time zones to choose from."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones


@cache
def zones() -> list[tuple[str, str]]:
    """Name and label of every zone that is called after a place, and UTC."""
    named = sorted(zone for zone in available_timezones() if "/" in zone and zone[0].isupper())
    kept = [zone for zone in named if not zone.startswith(("Etc/", "SystemV/"))]
    return [*((zone, zone.replace("_", " ")) for zone in kept), ("UTC", "UTC")]
