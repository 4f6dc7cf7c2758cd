"""Dates and moments as people type them, in the organisation's time zone."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tenure.clock import MICROSECOND
from tenure.words import TenureError, Words

_SLASHED = re.compile(r"(\d{4})[/年.](\d{1,2})[/月.](\d{1,2})日?")
_WORDS = {"today": 0, "今天": 0, "yesterday": -1, "昨天": -1}


class MomentError(TenureError):
    """The text is not a date or moment."""

    def __init__(self, text: str, where: str) -> None:
        super().__init__(
            Words(
                zh=f"{where}：看不懂“{text}”。请写成 2024-05-01 或 2024-05-01T13:45",
                en=f"{where}: cannot read “{text}”. Write 2024-05-01 or 2024-05-01T13:45",
            )
        )


def start_of(text: str, *, zone: ZoneInfo, at: datetime, where: str) -> datetime:
    """The moment ``text`` means as a beginning: a bare date is its first moment.

    Args:
        text: ISO date or moment, ``2024/5/1``, ``2024年5月1日``, ``today``, ``yesterday``.
        zone: the organisation's time zone; also that of a moment without one.
        at: now, for relative words.
        where: the option, for the message.

    Returns:
        An aware UTC moment.

    Raises:
        MomentError: it cannot be read.
    """
    read = _read(text.strip(), zone, at, where)
    if isinstance(read, datetime):
        return read.astimezone(UTC)
    return datetime.combine(read, time(), zone).astimezone(UTC)


def end_of(text: str, *, zone: ZoneInfo, at: datetime, where: str) -> datetime:
    """The moment ``text`` means as an end: a bare date is its last microsecond."""
    read = _read(text.strip(), zone, at, where)
    if isinstance(read, datetime):
        return read.astimezone(UTC)
    midnight = datetime.combine(read + timedelta(days=1), time(), zone)
    return midnight.astimezone(UTC) - MICROSECOND


def _read(text: str, zone: ZoneInfo, at: datetime, where: str) -> date | datetime:
    if text.lower() in _WORDS:
        return at.astimezone(zone).date() + timedelta(days=_WORDS[text.lower()])
    slashed = _SLASHED.fullmatch(text)
    try:
        if slashed:
            return date(*map(int, slashed.groups()))
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise MomentError(text, where) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
