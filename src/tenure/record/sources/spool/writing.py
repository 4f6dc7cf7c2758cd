"""The writer of the spool: what it has taken is on the disk.

One writer per process, each with a segment of its own that it holds by ``flock`` for as long as
it lives. A new process never goes on in an old segment, for a torn frame would hide what follows;
nor does a writer after a failed write or sync, since nobody knows what of it is on the disk.
"""

from __future__ import annotations

import errno
import fcntl
import os
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import uuid4

from tenure.engine.durable import sync_directory
from tenure.record.sources.spool.framing import (
    LARGEST_FRAME,
    SUFFIX,
    Sealer,
    sealed_size,
    segment_files,
)
from tenure.words import TenureError, Words

SEGMENT_BYTES = 64 * 1024 * 1024
SEGMENT_SECONDS = 3600.0
_LOOK_SECONDS = 0.5
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class SpoolFullError(TenureError):
    """The spool takes nothing more for now: it has reached its limit, or cannot be written.

    Senders keep their events and come again.
    """


class _Segment:
    """A file being written; ``users`` are appends that still need its descriptor."""

    def __init__(self, directory: Path, secret: bytes) -> None:
        self.name = uuid4().hex
        self.sealer = Sealer(secret, self.name)
        self.written = self.synced = self.users = 0
        self.retired = self.broken = False
        self.syncing = threading.Lock()
        self.opened_at = time.monotonic()
        draft = directory / f".{self.name}.new"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND
        self.descriptor = os.open(draft, flags, 0o600)
        try:
            # Held before it has a name that the loader looks for: it never looks abandoned.
            fcntl.flock(self.descriptor, fcntl.LOCK_EX)
            draft.rename(directory / f"{self.name}{SUFFIX}")
            sync_directory(directory)
        except OSError:
            os.close(self.descriptor)
            draft.unlink(missing_ok=True)
            raise


class Spool:
    """A directory of segments that this process may add to, from several threads.

    Args:
        directory: made where it is not there; several processes may share it.
        secret: gives the secret that frames are sealed with; asked once per segment.
        most_bytes: of all segments together, those of other processes included.
        least_free_bytes: so much of the disk is left to others.
        segment_bytes: beyond it the next segment is begun.
    """

    def __init__(
        self,
        directory: Path,
        secret: Callable[[], bytes],
        *,
        most_bytes: int,
        least_free_bytes: int,
        segment_bytes: int = SEGMENT_BYTES,
    ) -> None:
        self.directory = directory
        self._secret = secret
        self._most, self._least_free = most_bytes, least_free_bytes
        self._segment_bytes = segment_bytes
        self._lock = threading.Lock()
        self._segment: _Segment | None = None
        self._room, self._looked_at = 0, -_LOOK_SECONDS

    def append(self, frames: Sequence[bytes]) -> None:
        """Add ``frames``, all or none; they are on the disk when this returns.

        Appends of several threads share one sync.

        Raises:
            SpoolFullError: nothing was taken.
            ValueError: a frame is larger than a frame may be.
        """
        contents = list(frames)
        if any(len(content) > LARGEST_FRAME for content in contents):
            raise ValueError(f"a frame holds at most {LARGEST_FRAME} bytes")
        if not contents:
            return
        try:
            with self._lock:
                self._take_room(sealed_size(contents))
                segment = self._current()
                segment.users += 1
                try:
                    end = self._write(segment, contents)
                except BaseException:
                    self._leave(segment)
                    raise
            try:
                self._sync(segment, end)
            finally:
                with self._lock:
                    self._leave(segment)
        except OSError as problem:
            raise _refusal(self.directory, problem) from problem

    def close(self) -> None:
        """Let go of the segment; the loader ends with it once all is loaded."""
        with self._lock:
            self._retire()

    def abandon(self) -> None:
        """In a forked child: close its copy of the file, so that it counts as the parent's only."""
        if self._segment is not None:
            os.close(self._segment.descriptor)
            self._segment = None

    def _write(self, segment: _Segment, contents: list[bytes]) -> int:
        rest = memoryview(segment.sealer.seal(contents, segment.written))
        try:
            while rest:
                count = os.write(segment.descriptor, rest)
                segment.written += count
                rest = rest[count:]
        except OSError:
            self._retire()  # half a frame may stand at its end
            raise
        return segment.written

    def _sync(self, segment: _Segment, end: int) -> None:
        """Whoever comes first syncs for all who wait."""
        with segment.syncing:
            if segment.synced >= end:
                return
            reached = segment.written
            try:
                if segment.broken:  # after a failed sync the next one would claim too much
                    raise OSError(errno.EIO, os.strerror(errno.EIO))
                os.fdatasync(segment.descriptor)
            except OSError:
                segment.broken = True
                with self._lock:
                    if self._segment is segment:
                        self._retire()
                raise
            segment.synced = reached

    def _current(self) -> _Segment:
        segment = self._segment
        if segment is not None and (
            segment.written >= self._segment_bytes
            or time.monotonic() - segment.opened_at > SEGMENT_SECONDS
        ):
            self._retire()
            segment = None
        if segment is None:
            self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            segment = self._segment = _Segment(self.directory, self._secret())
        return segment

    def _retire(self) -> None:
        segment, self._segment = self._segment, None
        if segment is not None:
            segment.retired = True
            if segment.users == 0:
                os.close(segment.descriptor)

    def _leave(self, segment: _Segment) -> None:
        segment.users -= 1
        if segment.retired and segment.users == 0:
            os.close(segment.descriptor)

    def _take_room(self, size: int) -> None:
        """Count ``size`` against what is left; look at the disk every half second.

        Raises:
            SpoolFullError: there is not so much.
        """
        if time.monotonic() - self._looked_at >= _LOOK_SECONDS:
            self._room = self._look()
            self._looked_at = time.monotonic()
        if size > self._room:
            raise _no_room(self.directory)
        self._room -= size

    def _look(self) -> int:
        if not self.directory.is_dir():
            self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        used = 0
        for path in segment_files(self.directory):
            try:
                used += path.stat().st_size
            except FileNotFoundError:
                continue
        disk = os.statvfs(self.directory)
        return min(self._most - used, disk.f_bavail * disk.f_frsize - self._least_free)


def _no_room(directory: Path) -> SpoolFullError:
    return SpoolFullError(
        Words(
            zh=f"暂存区 {directory} 已满或磁盘空间不足：装载器赶上之前不再接收",
            en=f"the spool {directory} is full or the disk nearly so: nothing more is taken "
            "until the loader has caught up",
        )
    )


def _refusal(directory: Path, problem: OSError) -> SpoolFullError:
    if problem.errno in _FULL:
        return _no_room(directory)
    return SpoolFullError(
        Words(
            zh=f"无法写入暂存区 {directory}：{problem.strerror}。请检查目录的权限和磁盘",
            en=f"the spool {directory} cannot be written: {problem.strerror}; check the rights "
            "of the directory and the disk",
        )
    )
