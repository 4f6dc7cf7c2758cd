"""How far the loader is behind what has arrived."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from tenure.clock import from_microseconds, to_microseconds
from tenure.record.sources.arrived import from_frame
from tenure.record.sources.models import SpoolSegment
from tenure.record.sources.spool import SpoolKeysError, spool_directory
from tenure.record.sources.spool.framing import name_of, segment_files
from tenure.record.sources.spool.reading import SegmentReader
from tenure.record.sources.spool.status import read_status
from tenure.record.vault.queries import keyring
from tenure.words import Words

_SILENT_US = 30_000_000


@dataclass(frozen=True, slots=True)
class SpoolLag:
    """What waits in the spool, and how the loader does.

    Attributes:
        segments: files there.
        bytes: not loaded yet.
        frames: requests not loaded yet; reckoned where they are very many.
        oldest_at: when the oldest of them arrived; None where nothing waits.
        seconds: how long it has waited; 0 where nothing waits or the clock went back.
        loader: running, failing, silent (no word for half a minute) or none (it never ran).
        error: what is wrong while it fails.
        failing_since: since when.
    """

    segments: int
    bytes: int
    frames: int
    oldest_at: datetime | None
    seconds: float
    loader: str
    error: Words | None
    failing_since: datetime | None


def spool_lag(*, at: datetime, directory: Path | None = None) -> SpoolLag:
    """What waits in the spool of this machine at a moment (aware)."""
    place = directory or spool_directory()
    paths = segment_files(place)
    rows = SpoolSegment.objects.filter(name__in=[name_of(path) for path in paths])
    known = {row.name: row for row in rows}
    waiting_bytes = waiting_frames = 0
    oldest: int | None = None
    for path in paths:
        row = known.get(name_of(path))
        if row is not None and row.closed:
            continue
        try:
            reader = SegmentReader(path, keyring().identity)
        except FileNotFoundError:
            continue  # loaded meanwhile
        with closing(reader):
            offset = row.offset if row else 0
            waiting = reader.waiting(offset)
            waiting_bytes += waiting.bytes
            waiting_frames += waiting.frames
            oldest = _earlier(oldest, _received(reader, offset))
    state, error, since = _loader(place, to_microseconds(at))
    age = (to_microseconds(at) - oldest) / 1_000_000 if oldest is not None else 0.0
    return SpoolLag(
        segments=len(paths),
        bytes=waiting_bytes,
        frames=waiting_frames,
        oldest_at=None if oldest is None else from_microseconds(oldest),
        seconds=max(0.0, age),
        loader=state,
        error=error,
        failing_since=since,
    )


def loaded_mark() -> str:
    """Changes whenever something of the spool is loaded; cheap enough to ask often."""
    rows = SpoolSegment.objects.order_by("id").values_list("id", "offset")
    return ",".join(f"{number}:{offset}" for number, offset in rows)


def _received(reader: SegmentReader, offset: int) -> int | None:
    """When the first frame that waits arrived."""
    try:
        frame = reader.first(offset)
        return None if frame is None else from_frame(frame.content).received_us
    except (SpoolKeysError, msgspec.DecodeError):
        return None  # the loader says what is wrong with it


def _earlier(one: int | None, other: int | None) -> int | None:
    known = [moment for moment in (one, other) if moment is not None]
    return min(known) if known else None


def _loader(place: Path, at_us: int) -> tuple[str, Words | None, datetime | None]:
    status = read_status(place)
    if status is None:
        return "none", None, None
    if at_us - status.told_us > _SILENT_US:
        return "silent", None, None
    if status.failing_us is None:
        return "running", None, None
    error = Words(zh=status.error_zh, en=status.error_en)
    return "failing", error, from_microseconds(status.failing_us)
