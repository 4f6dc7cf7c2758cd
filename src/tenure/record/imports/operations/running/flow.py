"""From the rows of a table to batches of events with the rows they came from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tenure.record.events.operations import IncomingEvent
from tenure.words import Words

from ..planning.plan import Plan
from ..problems import RowProblem
from ..reading.table import Cells, Table
from .occurrences import Occurrences
from .tally import Tally, count_words

if TYPE_CHECKING:
    from .groups import Grouping

Rows = list[tuple[int, Cells]]
KeepRefused = Callable[[Rows, Words], None]


@dataclass(slots=True)
class Unit:
    """A row, or a group of rows, and its events; all of them are recorded or none."""

    rows: Rows
    events: Sequence[IncomingEvent]


def _grouping(table: Table, plan: Plan) -> Grouping:
    from .groups import Grouping  # brings DuckDB, which most imports do without

    return Grouping(table, plan)


class Flow:
    """Reads a table under a plan.

    Every row, group and unreadable line has a number, the same in every reading of the file.
    Those up to ``start`` were dealt with before: they are read, since identities and profiles
    build on them, but neither counted nor given.

    Attributes:
        position: the number of what was read last.
    """

    def __init__(
        self, table: Table, plan: Plan, tally: Tally, keep_refused: KeepRefused, *, start: int = 0
    ) -> None:
        self._table = table
        self._plan = plan
        self._tally = tally
        self._keep = keep_refused
        self._start = start
        self._grouping = _grouping(table, plan) if plan.grouped else None
        self.position = 0

    def progress(self) -> float:
        """The share of the work done, 0 to 1."""
        return (self._grouping or self._table).progress()

    def units(self) -> Iterator[Unit | None]:
        """Rows with their events; None for what was read and gives none."""
        with Occurrences() as occurrences:
            if self._grouping is not None:
                yield from self._groups(self._grouping, occurrences)
            else:
                yield from self._rows(occurrences)

    def _rows(self, occurrences: Occurrences) -> Iterator[Unit | None]:
        plan, tally, start = self._plan, self._tally, self._start
        number = occurrences.number
        for line, cells in self._table.rows(self._unreadable):
            self.position += 1
            live = self.position > start
            if live:
                tally.rows += 1
            try:
                if plan.skips and self._skipped(cells, live=live):
                    yield None
                    continue
                if plan.keyed:
                    key = plan.key_of(cells)
                else:
                    identity = plan.identity(cells)
                    occurrence = number(identity)
                    if occurrence > 1 and self._dropped(live=live):
                        yield None
                        continue
                    key = f"{identity.hex()}.{occurrence}"
                events = plan.of_row(line, cells, key)
            except RowProblem as problem:
                if live:
                    self.refuse([(line, cells)], problem.words)
                yield None
                continue
            if events and live:
                yield Unit([(line, cells)], events)
            else:
                tally.unmapped += live and not events
                yield None

    def _groups(self, grouping: Grouping, occurrences: Occurrences) -> Iterator[Unit | None]:
        tally = self._tally
        for name, rows in grouping.groups(self._unreadable):
            self.position += 1
            live = self.position > self._start
            if live:
                tally.rows += len(rows)
                tally.groups += 1
            yield self._group(name, rows, occurrences, live=live)

    def _group(self, name: str, rows: Rows, occurrences: Occurrences, *, live: bool) -> Unit | None:
        kept: Rows = []
        try:
            for line, cells in rows:
                if self._plan.skips and self._skipped(cells, live=live):
                    continue
                if occurrences.number(self._plan.identity(cells)) > 1 and self._dropped(live=live):
                    continue
                kept.append((line, cells))
            if not kept:
                return None
            key = self._plan.key_of(kept[0][1]) if self._plan.keyed else name
            events = self._plan.of_group(kept, key)
        except RowProblem as problem:
            if live:
                self.refuse(rows, problem.words)
            return None
        if not live:
            return None
        if not events:
            self._tally.unmapped += len(kept)
            return None
        return Unit(kept, events)

    def _skipped(self, cells: Cells, *, live: bool) -> bool:
        because = self._plan.skip(cells)
        if because is not None and live:
            count_words(self._tally.skipped, because)
        return because is not None

    def _dropped(self, *, live: bool) -> bool:
        drop = self._plan.map.duplicates == "drop"
        if live:
            self._tally.duplicates += 1
            self._tally.dropped += drop
        return drop

    def _unreadable(self, line: int, cells: Cells, why: Words) -> None:
        """A line the reader could not make a row of."""
        self.position += 1
        if self.position > self._start:
            self._tally.rows += 1
            self.refuse([(line, cells)], why)

    def refuse(self, rows: Rows, why: Words) -> None:
        """Put rows into the report; all rows of a group go, so that mending keeps it whole."""
        self._keep(rows, why)
        self._tally.refused += len(rows)
