"""How often a token may ask: a bucket each, filled steadily, shared by all web processes.

The buckets lie in one small file of the data directory that every process maps into its memory;
a lock on a bucket's own bytes makes taking from it one at a time. No broker, no query: taking
costs some microseconds. Web processes on several machines count for themselves.
"""

from __future__ import annotations

import fcntl
import logging
import math
import mmap
import os
import struct
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from time import monotonic

from django.conf import settings

_log = logging.getLogger(__name__)
_SLOTS = 65_536
_RESTARTED = 60.0
"""A moment so many seconds ahead is from before the machine was started anew."""
_SLOT = struct.Struct("=qdd")
"""Token, what its bucket holds, and since when (a clock that never goes back); 0: no token."""


@dataclass(frozen=True, slots=True)
class Limit:
    """What a token may still ask.

    Attributes:
        burst: requests that a full bucket holds.
        window: seconds in which an empty one is full again.
        left: requests that may be made at once.
        wait: seconds until one may be made; 0 where it may now.
    """

    burst: int
    window: int
    left: int
    wait: int

    def headers(self) -> dict[str, str]:
        """As the fields of draft-ietf-httpapi-ratelimit-headers."""
        policy = f'"token";q={self.burst};w={self.window}'
        told = {
            "RateLimit-Policy": policy,
            "RateLimit": f'"token";r={self.left};t={self.wait or self.window}',
        }
        return {**told, "Retry-After": str(self.wait)} if self.wait else told


@dataclass
class Buckets:
    """The buckets of all tokens.

    Attributes:
        rate: requests per second that flow in.
        burst: requests that a full bucket holds.
        file: where they lie, so that other processes take from the same; None: in memory only.
    """

    rate: float
    burst: int
    file: Path | None = None
    _lock: Lock = field(default_factory=Lock)
    _number: int = -1
    _held: mmap.mmap | bytearray = field(init=False)

    def __post_init__(self) -> None:
        """Map the file; where that cannot be, this process counts for itself."""
        try:
            self._held = self._mapped() if self.file else self._own()
        except OSError as problem:
            _log.warning("rate limits are counted by each process for itself: %s", problem)
            self._held = self._own()

    def take(self, token_id: int, at: float) -> float:
        """Take one request out; the seconds to wait where the bucket is empty, else 0.

        Args:
            token_id: whose bucket.
            at: seconds of a clock that never goes back and is the same for all processes.
        """
        return self.ask(token_id, at)[1]

    def ask(self, token_id: int, at: float) -> tuple[float, float]:
        """As :meth:`take`, with what is left in the bucket before it."""
        offset = token_id % _SLOTS * _SLOT.size
        with self._lock:
            self._hold(fcntl.LOCK_EX, offset)
            try:
                return self._taken(token_id, at, offset)
            finally:
                self._hold(fcntl.LOCK_UN, offset)

    def close(self) -> None:
        """Let the file go."""
        if isinstance(self._held, mmap.mmap):
            self._held.close()
            os.close(self._number)
        self._held, self._number = self._own(), -1

    def _taken(self, token_id: int, at: float, offset: int) -> tuple[float, float]:
        owner, level, since = _SLOT.unpack_from(self._held, offset)
        if owner != token_id or since > at + _RESTARTED:
            level, since = float(self.burst), at
        at = max(at, since)  # another process may have looked at the clock later, and come first
        level = min(float(self.burst), level + (at - since) * self.rate)
        wait = 0.0
        if level < 1:
            wait = (1 - level) / self.rate
        else:
            level -= 1
        _SLOT.pack_into(self._held, offset, token_id, level, at)
        return level, wait

    def _hold(self, how: int, offset: int) -> None:
        if self._number >= 0:
            fcntl.lockf(self._number, how, _SLOT.size, offset)

    def _mapped(self) -> mmap.mmap:
        assert self.file is not None
        number = os.open(self.file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            if os.fstat(number).st_size < _SLOTS * _SLOT.size:
                os.ftruncate(number, _SLOTS * _SLOT.size)
            mapped = mmap.mmap(number, _SLOTS * _SLOT.size)
        except OSError:
            os.close(number)
            raise
        self._number = number
        return mapped

    @staticmethod
    def _own() -> bytearray:
        return bytearray(_SLOTS * _SLOT.size)


_house: list[Buckets] = []
_making = Lock()


def limit_of(token_id: int) -> Limit:
    """What a token may still ask, one request taken."""
    with _making:
        if not _house:
            rate = float(settings.API_REQUESTS_PER_SECOND)
            file = Path(settings.TENURE_HOME) / "limits"
            _house.append(Buckets(rate, max(1, int(rate * 2)), file))
        buckets = _house[0]
    left, wait = buckets.ask(token_id, monotonic())
    window = max(1, math.ceil(buckets.burst / buckets.rate))
    return Limit(buckets.burst, window, int(left), math.ceil(wait))


def forget_buckets() -> None:
    """Begin with full buckets and the rate set now."""
    for buckets in _house:
        if buckets.file is not None:
            buckets.file.unlink(missing_ok=True)
        buckets.close()
    _house.clear()
