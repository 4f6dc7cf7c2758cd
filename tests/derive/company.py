"""Lives the steps of a small company against the real log, lake and database."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.test import override_settings

from tenure.actor import Actor
from tenure.definitions import Library, load_files
from tenure.derive.customers.operations import merge_customers, unmerge_customers
from tenure.derive.lifecycles.operations import pin_stage, tick, unpin_stage
from tenure.record.events.operations import IncomingEvent, record_events, undo_batch
from tenure.record.events.queries import find_identifiers
from tenure.record.library import queries as library_queries
from tenure.record.library.operations import publish
from tenure.words import TenureError
from tests.derive.steps import (
    START,
    Happening,
    Merge,
    Pin,
    Record,
    Reimport,
    Step,
    Tick,
    Undo,
    Unmerge,
    Unpin,
    Wait,
)

TESTER = Actor("test:laws", "person", "Tester")
LIBRARY = Path(__file__).with_name("library.yaml")
_A_MINUTE = timedelta(minutes=1)


def publish_library(*paths: Path) -> None:
    publish(load_files(paths or (LIBRARY,)), note="for the laws", by=TESTER, at=START)


@lru_cache(maxsize=1)
def _homes() -> Path:
    """Where the houses of this process lie, removed at its end."""
    folder = tempfile.mkdtemp(prefix="tenure-derive-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


@contextmanager
def _new_home() -> Iterator[Path]:
    """A directory never used before, for the engine remembers files by name.

    Secrets are those of the first one, so that identifiers keep their ids.
    """
    home, kept = Path(tempfile.mkdtemp(dir=_homes())), _homes() / "secrets"
    if kept.exists():
        shutil.copytree(kept, home / "secrets")
    yield home
    if not kept.exists() and (home / "secrets").exists():
        shutil.copytree(home / "secrets", kept)
    shutil.rmtree(home, ignore_errors=True)


@contextmanager
def fresh_house() -> Iterator[None]:
    """An empty log and lake with the laws' definitions; nothing of it stays."""
    library_queries._current.clear()
    try:
        with _new_home() as home, override_settings(TENURE_HOME=home), transaction.atomic():
            publish_library()
            _remember_library()
            yield
            transaction.set_rollback(True)
    finally:
        library_queries._current.clear()


_first: list[tuple[UUID | None, Library, str]] = []


def _remember_library() -> None:
    """Use the library of the first house again: every new one would be compiled anew."""
    library_queries.current_library()
    newest, library, fingerprint = library_queries._current[library_queries._ONLY]
    _first.append((newest, library, fingerprint))
    assert _first[0][2] == fingerprint
    library_queries._current[library_queries._ONLY] = (newest, *_first[0][1:])


@dataclass
class Company:
    """A clock, and what was imported so far; everything else is in the log."""

    now: datetime = START
    batches: list[int] = field(default_factory=list)
    undone: list[int] = field(default_factory=list)
    imported: dict[int, list[IncomingEvent]] = field(default_factory=dict)
    count: int = 0

    def live(self, steps: list[Step], *, ticking: bool = True) -> None:
        before: Step | None = None
        for step in steps:
            # every step takes a minute, unless none was to pass before it
            if Wait(0) not in (before, step):
                self.now += _A_MINUTE
            before = step
            if not (isinstance(step, Tick) and not ticking):
                self.take(step)

    def take(self, step: Step) -> None:
        try:
            self._take(step)
        except (TenureError, LookupError):
            # A merge of one customer with itself, a stranger pinned: refused, nothing is recorded.
            return

    def _take(self, step: Step) -> None:
        match step:
            case Record(happenings, imported):
                self.record(happenings, imported)
            case Wait(days):
                self.now += timedelta(days=days)
            case Tick():
                tick(at=self.now)
            case Merge(left, right):
                merge_customers(known(left), known(right), reason="same", by=TESTER, at=self.now)
            case Unmerge(left, right):
                unmerge_customers(known(left), known(right), reason="no", by=TESTER, at=self.now)
            case Pin(who, stage, until):
                pin_stage(
                    known(who), "buyers", stage, reason="r", until=until, by=TESTER, at=self.now
                )
            case Unpin(who):
                unpin_stage(known(who), "buyers", reason="r", by=TESTER, at=self.now)
            case Undo(which) if which < len(self.batches):
                undo_batch(self.batches[which], reason="wrong file", by=TESTER, at=self.now)
                self.undone.append(self.batches[which])
            case Reimport(which) if which < len(self.undone):
                self.load(self.imported[self.undone[which]])

    def record(self, happenings: tuple[Happening, ...], imported: bool) -> None:
        events = [self.incoming(happening) for happening in happenings]
        if imported:
            self.load(events)
        else:
            record_events(events, source="laws", by=TESTER, at=self.now)

    def load(self, events: list[IncomingEvent]) -> None:
        """Import a file."""
        batch = len(self.batches) + 1
        self.batches.append(batch)
        self.imported[batch] = events
        record_events(events, source="laws", by=TESTER, at=self.now, batch_id=batch)

    def incoming(self, happening: Happening) -> IncomingEvent:
        self.count += 1
        return IncomingEvent(
            type=happening.type,
            occurred_at=self.now - happening.late,
            identifiers=dict(happening.identifiers),
            fields=dict(happening.fields),
            key=f"e{self.count}",
        )


def known(who: tuple[str, str]) -> int:
    """The identifier of a raw value, if it was ever recorded."""
    found = [match.id for match in find_identifiers(who[1]) if match.type == who[0]]
    if not found:
        raise LookupError(who)
    return found[0]
