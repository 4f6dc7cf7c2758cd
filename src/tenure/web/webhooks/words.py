"""How the pages of webhooks show states, and what they let choose."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from tenure.words import Words

STATE_COLOURS: Mapping[str, str] = {
    "live": "green",
    "failing": "yellow",
    "held": "yellow",
    "off": "secondary",
    "gone": "red",
    "given_up": "red",
}
STATUS_COLOURS: Mapping[str, str] = {
    "pending": "yellow",
    "delivered": "green",
    "failed": "red",
    "skipped": "secondary",
}
OVERLAPS: tuple[tuple[timedelta, Words], ...] = (
    (timedelta(hours=1), Words("1 小时", "1 hour")),
    (timedelta(days=1), Words("1 天", "1 day")),
    (timedelta(days=7), Words("7 天", "7 days")),
    (timedelta(0), Words("立即只用新的", "the new one only, at once")),
)
USUAL_OVERLAP = 86_400
