"""From frames of the spool to rows of the log, dead letters and counts: one transaction's worth."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

import msgspec
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q

from tenure.actor import Actor
from tenure.clock import from_microseconds, to_microseconds
from tenure.definitions import Library
from tenure.record.events.operations import IncomingEvent
from tenure.record.events.operations.prepared import Origin
from tenure.record.events.operations.recording import ReadBatch, append_batch, read_batch
from tenure.record.events.operations.refused import Refused, keep_refused
from tenure.record.library.queries import current_library
from tenure.record.sources.arrived import Arrived, from_frame
from tenure.record.sources.models import WriteKey
from tenure.record.sources.operations.counting import (
    Counts,
    count,
    count_unreadable,
    keep_counts,
    keep_left_out,
)
from tenure.record.sources.operations.sampling import Seen, keep_seen
from tenure.record.sources.queries.keys import KnownSource, forget_known, known_sources
from tenure.record.sources.translating import LeftOut, Untranslatable, translate
from tenure.words import TenureError, Words

_log = logging.getLogger("tenure.sources")
UNREADABLE_TYPE = "unreadable"
_OUTSIDE = (OperationalError, InterfaceError, OSError, MemoryError, TenureError)
_UNKNOWN_FRAME = Words(
    "暂存区里的这一段不是一批事件", "this part of the spool is no batch of events"
)
PAUSED = Words("来源已暂停：恢复后可重放", "the source is paused: replay this once it is resumed")


@dataclass(slots=True)
class Taken:
    """What became of a batch: messages by result."""

    accepted: int = 0
    repeated: int = 0
    refused: int = 0

    @property
    def events(self) -> int:
        """All of them."""
        return self.accepted + self.repeated + self.refused

    def add(self, other: Taken) -> None:
        """Add another batch."""
        self.accepted += other.accepted
        self.repeated += other.repeated
        self.refused += other.refused


class _Letter(NamedTuple):
    """A message that can be no event, with the moment it arrived."""

    message: Untranslatable
    received_us: int


@dataclass(slots=True)
class _Told:
    """What the frames of one source tell."""

    source: KnownSource
    events: list[IncomingEvent] = field(default_factory=list)
    letters: list[_Letter] = field(default_factory=list)
    held: list[IncomingEvent] = field(default_factory=list)
    left_out: int = 0
    used: dict[int, int] = field(default_factory=dict)
    """Number of a write key, to when the latest request under it arrived."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """Frames translated and checked, to be appended in a transaction of the caller's."""

    batches: list[tuple[_Told, ReadBatch]]
    at: datetime

    def append(self) -> Taken:
        """Append all; call it inside a transaction."""
        counts: Counts = {}
        seen = Seen()
        for told, batch in self.batches:
            receipts = append_batch(batch) if batch.events else []
            types = [event.type for event in told.events]
            count(counts, told.source.id, zip(types, receipts, strict=True))
            if told.source.id:
                seen.note(told.source.id, batch.prepared, receipts)
            _set_aside(told, batch.origin)
            _note_use(told.used)
            keep_left_out(told.source.id, told.left_out, at=self.at)
            count_unreadable(counts, told.source.id, len(told.letters) + len(told.held))
        keep_counts({key: row for key, row in counts.items() if key[0]}, at=self.at)
        keep_seen(seen, at=self.at)
        sums = [sum(row[place] for row in counts.values()) for place in range(3)]
        return Taken(*sums)


def prepare(frames: Sequence[bytes], *, at: datetime) -> Prepared:
    """Translate and check frames: everything that needs no transaction."""
    library, _ = current_library()
    told: dict[int, _Told] = {}
    for frame in frames:
        _tell(told, frame, library, at)
    return Prepared([(one, _read(one, at)) for one in told.values()], at)


def take_one_by_one(frames: Sequence[bytes], *, at: datetime) -> Taken:
    """As preparing and appending, each message alone: one that breaks it becomes a dead letter.

    Call it inside a transaction. Only what a message itself causes is caught; where the database
    or the disk fails, the error is raised.
    """
    taken = Taken()
    for frame in frames:
        for part in _apart(frame):
            try:
                with transaction.atomic():
                    taken.add(prepare([part], at=at).append())
            except Exception as problem:
                if not is_of_the_message(problem):
                    raise
                _log.error("a message broke the loader; kept as a dead letter: %s", _place(problem))
                taken.add(_broken(part, problem, at).append())
    return taken


def is_of_the_message(problem: BaseException) -> bool:
    """Whether an error is one that the same message would cause again, anywhere."""
    return isinstance(problem, Exception) and not isinstance(problem, _OUTSIDE)


def _tell(told: dict[int, _Told], frame: bytes, library: Library, at: datetime) -> None:
    try:
        arrived = from_frame(frame)
    except msgspec.DecodeError:
        unreadable = Untranslatable(frame, (_UNKNOWN_FRAME,))
        one = told.setdefault(0, _Told(_stranger(0)))
        one.letters.append(_Letter(unreadable, to_microseconds(at)))
        return
    source = _source(arrived.source_id)
    one = told.setdefault(source.id, _Told(source))
    if arrived.key_id:
        one.used[arrived.key_id] = max(arrived.received_us, one.used.get(arrived.key_id, 0))
    for result in translate(arrived, source, library):
        if isinstance(result, Untranslatable):
            one.letters.append(_Letter(result, arrived.received_us))
        elif isinstance(result, LeftOut):
            one.left_out += 1
        else:
            (one.held if source.paused else one.events).append(result)


def _read(one: _Told, at: datetime) -> ReadBatch:
    by = Actor(f"source:{one.source.key}"[:100], "program", one.source.name)
    return read_batch(one.events, source=one.source.key, by=by, at=at)


def _source(number: int) -> KnownSource:
    """The source of that number; one that stands for it, where its row is gone."""
    found = known_sources().get(number)
    if found is None:
        forget_known()  # it may have been added a moment ago
        found = known_sources().get(number)
    return found or _stranger(number)


def _stranger(number: int) -> KnownSource:
    return KnownSource(0, f"source-{number}", f"source {number}", "sdk", {}, False)


def _set_aside(told: _Told, origin: Origin) -> None:
    """Keep as dead letters what can be no event, its text whole, and events of a paused source."""
    refused = [
        Refused(
            IncomingEvent(
                type=UNREADABLE_TYPE,
                occurred_at=from_microseconds(letter.received_us),
                fields={"text": letter.message.item.decode(errors="backslashreplace")},
            ),
            letter.message.reasons,
        )
        for letter in told.letters
    ]
    refused += [Refused(event, (PAUSED,)) for event in told.held]
    if refused:
        keep_refused(refused, origin)


def _note_use(used: dict[int, int]) -> None:
    for key_id, moment in used.items():
        earlier = Q(last_used_us=None) | Q(last_used_us__lt=moment)
        WriteKey.objects.filter(earlier, id=key_id).update(last_used_us=moment)


def _apart(frame: bytes) -> list[bytes]:
    """A frame for each message of a frame."""
    try:
        arrived = from_frame(frame)
    except msgspec.DecodeError:
        return [frame]
    return [
        msgspec.msgpack.encode(msgspec.structs.replace(arrived, items=[item]))
        for item in arrived.items
    ]


def _place(problem: Exception) -> str:
    """What failed and where, without what the error quotes: that may be personal."""
    [*_, last] = traceback.extract_tb(problem.__traceback__)
    return f"{type(problem).__name__} in {last.name}, {last.filename}:{last.lineno}"


def _broken(frame: bytes, problem: Exception, at: datetime) -> Prepared:
    """The messages of a frame as dead letters."""
    name = type(problem).__name__
    why = Words(zh=f"无法记入日志（{name}）", en=f"it could not be recorded ({name})")
    try:
        arrived = from_frame(frame)
    except msgspec.DecodeError:
        arrived = Arrived(0, "", to_microseconds(at), b"", [frame])
    source = _source(arrived.source_id)
    letters = [_Letter(Untranslatable(item, (why,)), arrived.received_us) for item in arrived.items]
    one = _Told(source, letters=letters)
    return Prepared([(one, _read(one, at))], at)
