"""The loader: frames of the spool into the log, each exactly once.

Rows, counts and how far a segment is loaded change in one transaction: killed at any moment, the
loader goes on where the database says it is. A segment is closed only when its writer was gone
before the last look at it and nothing more in it is whole (the rest is a torn frame that was
never answered); its file is deleted after that is committed.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.db import DatabaseError, transaction

from tenure.engine.durable import sync_directory
from tenure.record.sources.arrived import events_in
from tenure.record.sources.models import SpoolSegment
from tenure.record.sources.operations.taking import (
    Taken,
    is_of_the_message,
    prepare,
    take_one_by_one,
)
from tenure.record.sources.spool import spool_directory
from tenure.record.sources.spool.framing import name_of, segment_files
from tenure.record.sources.spool.reading import SegmentReader, only_loader
from tenure.record.vault.queries import keyring

_log = logging.getLogger("tenure.sources")
MOST_EVENTS = 2_000
"""Events a transaction: long enough to be quick, short enough for others who wait to write."""
_MOST_BYTES = 16_000_000
_MOST_OPEN = 200


class MovedError(DatabaseError):
    """Somebody else has loaded a segment further; nothing was recorded."""


@dataclass(slots=True)
class _Open:
    """A segment being loaded, and how far the database says it is."""

    reader: SegmentReader
    offset: int


@dataclass(slots=True)
class _Batch:
    """Frames of several segments, and where each of these stands after them."""

    frames: list[bytes] = field(default_factory=list)
    ends: dict[str, int] = field(default_factory=dict)
    closing: list[str] = field(default_factory=list)
    events: int = 0
    bytes: int = 0

    @property
    def is_full(self) -> bool:
        return self.events >= MOST_EVENTS or self.bytes >= _MOST_BYTES


class Loader:
    """Loads one spool for as long as it is asked to. Hold ``only_loader`` while using it.

    Args:
        directory: of the spool; the installation's own where it is not given.
    """

    def __init__(self, directory: Path | None = None) -> None:
        self.directory = directory or spool_directory()
        self._open: dict[str, _Open] = {}
        self._turns = 0

    def turn(self, *, at: datetime) -> Taken:
        """Load the next batch; nothing taken means that nothing waits.

        Args:
            at: the moment of recording, aware.

        Raises:
            SpoolKeysError: a segment was written under another key file.
            DatabaseError: nothing of this batch is recorded; the next turn begins there again.
        """
        try:
            self._look()
            batch = self._gather()
            taken = self._take(batch, at) if batch.ends or batch.closing else Taken()
        except BaseException:
            self.forget()
            raise
        self._remove(batch.closing)
        return taken

    def forget(self) -> None:
        """Close all files and trust the database anew."""
        for one in self._open.values():
            one.reader.close()
        self._open.clear()

    def _look(self) -> None:
        """Open segments that are new here; delete files of those that were loaded before."""
        paths = {name_of(path): path for path in segment_files(self.directory)}
        fresh = [name for name in paths if name not in self._open]
        fresh = fresh[: max(0, _MOST_OPEN - len(self._open))]
        rows = {row.name: row for row in SpoolSegment.objects.filter(name__in=fresh)}
        for name in fresh:
            row = rows.get(name)
            if row is not None and row.closed:
                self._delete(name)
                continue
            reader = SegmentReader(paths[name], keyring().identity)
            self._open[name] = _Open(reader, row.offset if row else 0)

    def _gather(self) -> _Batch:
        """Frames for one transaction, beginning with another segment each time."""
        batch = _Batch()
        names = list(self._open)
        self._turns += 1
        start = self._turns % len(names) if names else 0
        for name in names[start:] + names[:start]:
            if batch.is_full:
                break
            self._gather_from(name, self._open[name], batch)
        return batch

    def _gather_from(self, name: str, one: _Open, batch: _Batch) -> None:
        has_writer = one.reader.has_writer()  # before reading: see the head of this file
        for frame in one.reader.frames(one.offset):
            batch.frames.append(frame.content)
            batch.ends[name] = frame.end
            batch.events += events_in(frame.content)
            batch.bytes += len(frame.content)
            if batch.is_full:
                return
        if not has_writer:
            batch.closing.append(name)

    def _take(self, batch: _Batch, at: datetime) -> Taken:
        try:
            prepared = prepare(batch.frames, at=at)
            with transaction.atomic():
                self._move(batch)
                taken = prepared.append()
        except Exception as problem:
            if not is_of_the_message(problem):
                raise
            _log.warning("a batch cannot be recorded as a whole (%s)", type(problem).__name__)
            with transaction.atomic():
                self._move(batch)
                taken = take_one_by_one(batch.frames, at=at)
        for name, end in batch.ends.items():
            self._open[name].offset = end
        return taken

    def _move(self, batch: _Batch) -> None:
        """Note how far the segments are; first of all, so that two loaders never both go on."""
        for name in {*batch.ends, *batch.closing}:
            before = self._open[name].offset
            after = {"offset": batch.ends.get(name, before), "closed": name in batch.closing}
            row, made = SpoolSegment.objects.select_for_update().get_or_create(
                name=name, defaults=after
            )
            if made and before == 0:
                continue
            if row.offset != before or row.closed:
                raise MovedError(f"segment {name} was loaded elsewhere")
            SpoolSegment.objects.filter(pk=row.pk).update(**after)

    def _remove(self, names: list[str]) -> None:
        for name in names:
            one = self._open.pop(name)
            torn = one.reader.size - one.offset
            if torn:
                _log.info("segment %s ended with %s bytes that were never answered", name, torn)
            one.reader.close()
            self._delete(name)

    def _delete(self, name: str) -> None:
        """Delete a loaded segment; its row goes once it cannot come back after a power cut."""
        for path in segment_files(self.directory):
            if name_of(path) == name:
                path.unlink(missing_ok=True)
        sync_directory(self.directory)
        SpoolSegment.objects.filter(name=name, closed=True).delete()


def load_spool(*, clock: Callable[[], datetime], directory: Path | None = None) -> Taken | None:
    """Load everything that waits now; None where another process is loading.

    Args:
        clock: asked for every batch, since a long backlog is recorded bit by bit; aware.
        directory: of the spool; the installation's own where it is not given.
    """
    loader = Loader(directory)
    taken = Taken()
    with only_loader(loader.directory) as alone:
        if not alone:
            return None
        try:
            while (some := loader.turn(at=clock())).events:
                taken.add(some)
        finally:
            loader.forget()
    return taken
