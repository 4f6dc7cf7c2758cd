"""How often a token may ask: a bucket each, filled steadily, held by this process.

A house with several web processes lets a token ask as often in each of them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic

from django.conf import settings

_KEPT = 10_000


@dataclass
class Buckets:
    """The buckets of all tokens.

    Attributes:
        rate: requests per second that flow in.
        burst: requests that a full bucket holds.
    """

    rate: float
    burst: int
    _level: dict[int, tuple[float, float]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def take(self, token_id: int, at: float) -> float:
        """Take one request out; the seconds to wait where the bucket is empty, else 0.

        Args:
            token_id: whose bucket.
            at: seconds of a clock that never goes back.
        """
        with self._lock:
            level, since = self._level.get(token_id, (float(self.burst), at))
            level = min(self.burst, level + (at - since) * self.rate)
            if level < 1:
                self._level[token_id] = (level, at)
                return (1 - level) / self.rate
            self._level[token_id] = (level - 1, at)
            if len(self._level) > _KEPT:  # full ones need not be remembered
                self._level.pop(next(iter(self._level)))
        return 0.0


_house: list[Buckets] = []


def seconds_to_wait(token_id: int) -> int:
    """Whole seconds until a token may ask again; 0 where it may now."""
    if not _house:
        rate = float(settings.API_REQUESTS_PER_SECOND)
        _house.append(Buckets(rate, max(1, int(rate * 2))))
    return math.ceil(_house[0].take(token_id, monotonic()))


def forget_buckets() -> None:
    """Begin with full buckets and the rate set now."""
    _house.clear()
