"""Reading segments: how far frames are whole, and whether more can come."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tenure.engine.durable import take
from tenure.record.sources.spool.framing import HEAD, Frame, Sealer, name_of

_BLOCK_BYTES = 1024 * 1024
_COUNTED = 20_000
LOADER_LOCK = "loader.lock"


@dataclass(frozen=True, slots=True)
class Waiting:
    """What of a segment is not loaded yet.

    Attributes:
        bytes: up to the end of the file.
        frames: requests; reckoned from the first twenty thousand where there are more.
    """

    bytes: int
    frames: int


class SegmentReader:
    """A segment, open for reading."""

    def __init__(self, path: Path, secret: bytes) -> None:
        self.path = path
        self.name = name_of(path)
        self._sealer = Sealer(secret, self.name)
        self._descriptor = os.open(path, os.O_RDONLY)

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._descriptor)

    def has_writer(self) -> bool:
        """Whether its writer lives. Ask before reading: what it wrote until now is then there."""
        if not take(self._descriptor, fcntl.LOCK_SH):
            return True
        fcntl.flock(self._descriptor, fcntl.LOCK_UN)
        return False

    @property
    def size(self) -> int:
        """Bytes in the file now."""
        return os.fstat(self._descriptor).st_size

    def frames(self, offset: int) -> Iterator[Frame]:
        """The whole frames from ``offset`` to where none stands whole.

        Raises:
            SpoolKeysError: they were sealed with another secret.
        """
        wanted = _BLOCK_BYTES
        while block := os.pread(self._descriptor, wanted, offset):
            reached = offset
            for frame in self._sealer.frames(block, offset):
                reached = frame.end
                yield frame
            if reached > offset:
                offset, wanted = reached, _BLOCK_BYTES
            elif len(block) < wanted:
                return
            else:
                wanted *= 4  # a frame larger than a block; a torn length ends with the file

    def first(self, offset: int) -> Frame | None:
        """The frame at ``offset``; None where none stands whole."""
        return next(self.frames(offset), None)

    def waiting(self, offset: int) -> Waiting:
        """How much there is from ``offset`` on, by the heads of the frames alone."""
        size, place, count = self.size, offset, 0
        while size - place >= HEAD.size and count < _COUNTED:
            head = os.pread(self._descriptor, HEAD.size, place)
            if len(head) < HEAD.size:
                break
            length, _ = HEAD.unpack(head)
            if place + HEAD.size + length > size:
                break
            place += HEAD.size + length
            count += 1
        rest = max(0, size - place)
        mean = (place - offset) / count if count else 1
        return Waiting(
            max(0, size - offset), count + (int(rest / mean) if count >= _COUNTED else 0)
        )


@contextmanager
def only_loader(directory: Path) -> Iterator[bool]:
    """Whether this process is the spool's only loader, for as long as the block runs."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (directory / LOADER_LOCK).open("ab") as lock:
        yield take(lock.fileno(), fcntl.LOCK_EX)
