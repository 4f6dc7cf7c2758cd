"""The clock, for doors only: everything below a door takes the moment as an argument.

Moments are aware datetimes in UTC at the doors and in the database, and int64
microseconds since 1970-01-01T00:00Z in the lake and the engine.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
DAY_US = 86_400_000_000


def now() -> datetime:
    """The current moment, aware, in UTC."""
    return datetime.now(UTC)


def to_microseconds(moment: datetime) -> int:
    """Microseconds since the epoch of an aware ``moment``.

    Raises:
        ValueError: the moment has no time zone.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no time zone")
    return (moment - EPOCH) // MICROSECOND


def from_microseconds(microseconds: int) -> datetime:
    """The aware UTC moment of int64 ``microseconds`` since the epoch."""
    return EPOCH + timedelta(microseconds=microseconds)
