"""When a delivery that failed is sent again, and when that has gone on for too long."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from random import SystemRandom

PAUSES: tuple[timedelta, ...] = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""After the first failed attempt, the second, …: three days and a quarter in all. The schedule
that the Standard Webhooks specification recommends; after the last one a delivery has failed."""

FAILING_LONGEST = timedelta(days=3)
"""An endpoint that has accepted nothing for so long is told nothing more until someone looks."""

JITTER = 0.2
"""Each pause is longer or shorter by up to this share, so that many do not come back at once."""

LONGEST_ASKED = timedelta(hours=24)
"""``Retry-After`` is believed up to so long."""

_random = SystemRandom()


def next_attempt(tries: int, *, at: datetime, not_before: datetime | None) -> datetime | None:
    """When to try again; ``None``: never.

    Args:
        tries: attempts made so far.
        at: now, aware.
        not_before: what the receiver asked for.
    """
    if tries > len(PAUSES):
        return None
    pause = PAUSES[max(tries, 1) - 1] * _random.uniform(1 - JITTER, 1 + JITTER)
    return max(at + pause, not_before or at)


def asked_to_wait(header: str | None, *, at: datetime) -> datetime | None:
    """The moment that a ``Retry-After`` header names (RFC 9110, section 10.2.3), aware.

    It never lies before ``at`` nor more than a day after it; ``None`` where the header is absent
    or says neither seconds nor a date.
    """
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        seconds = min(int(text[:9]), int(LONGEST_ASKED.total_seconds()))
        return at + timedelta(seconds=seconds)
    try:
        named = parsedate_to_datetime(text)
    except ValueError:
        return None
    named = named if named.tzinfo else named.replace(tzinfo=UTC)
    return min(max(named, at), at + LONGEST_ASKED)
