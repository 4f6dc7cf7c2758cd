"""Time-ordered identifiers (UUID version 7, RFC 9562), so that unique indexes stay hot."""

from __future__ import annotations

import os
from datetime import datetime
from uuid import UUID

from tenure.clock import to_microseconds


def uuid7(at: datetime) -> UUID:
    """A random UUID version 7 whose first 48 bits are the milliseconds of ``at`` (aware)."""
    milliseconds = to_microseconds(at) // 1000
    random = int.from_bytes(os.urandom(10), "big")
    value = (milliseconds & (1 << 48) - 1) << 80 | 0x7 << 76 | (random >> 68) << 64
    value |= 0b10 << 62 | random & (1 << 62) - 1
    return UUID(int=value)
