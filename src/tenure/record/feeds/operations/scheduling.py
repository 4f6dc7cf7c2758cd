"""When a feed is looked at next: every so many minutes, or by cron; later after failures."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tenure.cron import Cron
from tenure.record.feeds.operations.problems import FeedError
from tenure.words import Words

_EVERY = re.compile(r"every ([0-9]{1,5})")
_MOST_MINUTES = 10_080
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=6)


def next_look(schedule: str, *, after: datetime, zone: ZoneInfo) -> datetime | None:
    """The first moment later than ``after`` (aware); None where it is looked at when asked only.

    Args:
        schedule: ``every N`` (minutes), five fields of cron, or empty.
        after: a moment, aware.
        zone: by whose wall clock cron goes.

    Raises:
        FeedError: it is neither.
    """
    text = schedule.strip()
    if not text:
        return None
    every = _EVERY.fullmatch(text)
    if every is not None and 0 < int(every[1]) <= _MOST_MINUTES:
        return after + timedelta(minutes=int(every[1]))
    try:
        return Cron.parse(text).after(after, zone)
    except ValueError:
        raise FeedError(
            Words(
                zh=f"“{text[:100]}”不是有效的时间表：请写 every 15（每 15 分钟，最多 10080），"
                "或五段 cron，如 0 3 * * *（每天 3 点）",
                en=f"“{text[:100]}” is no schedule: write every 15 (minutes, at most 10080) or "
                "the five fields of cron, such as 0 3 * * * (daily at three)",
            )
        ) from None


def later_look(planned: datetime | None, *, failures: int, at: datetime) -> datetime | None:
    """As planned, but after failures not before a pause that doubles, up to six hours."""
    if planned is None or failures == 0:
        return planned
    doubled: timedelta = _FIRST_PAUSE * 2 ** min(failures, 12)
    pause = min(doubled, _LONGEST_PAUSE)
    return max(planned, at + pause)
