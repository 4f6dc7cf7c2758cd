"""The simulated company's files brought into the log through the doors that real data takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from tenure.actor import Actor
from tenure.cli.demo.company import CompanyFiles, Line, read_lines
from tenure.cli.language import language
from tenure.cli.progress import Report

if TYPE_CHECKING:
    from tenure.record.events.operations import IncomingEvent, Receipt
    from tenure.record.imports.operations import Outcome

DEMO = Actor("program:demo", "program", "tenure demo")
_BATCH = 1_000


@dataclass(slots=True)
class Loaded:
    """What became of the company's events."""

    accepted: int = 0
    repeated: int = 0
    refused: int = 0
    import_id: int | None = None
    odd: dict[str, int] = field(default_factory=dict)

    def add(self, receipts: Iterable[Receipt]) -> None:
        """Count receipts."""
        for receipt in receipts:
            self.accepted += receipt.status == "accepted"
            self.repeated += receipt.status == "repeated"
            self.refused += receipt.status == "refused"


def load_company(files: CompanyFiles, *, live_at: datetime, report: Report) -> Loaded:
    """Import the ledger, record the other systems' history, then every day as it came.

    Args:
        files: the company's files.
        live_at: the moment the company began to use Tenure; its past is recorded then.
        report: told (done, in all), in events.
    """
    loaded, total = Loaded(), sum(files.rows.values())
    _import_ledger(files, loaded, live_at)
    done = files.rows["ledger"]
    report(done, total)
    for part, moment in _batches(files, live_at):
        loaded.add(_record(part, moment))
        done += len(part)
        report(done, total)
    return loaded


def _import_ledger(files: CompanyFiles, loaded: Loaded, live_at: datetime) -> Outcome:
    from tenure.record.imports.operations import import_file
    from tenure.record.imports.operations.mapping import read_map

    outcome = import_file(
        files.ledger, read_map(files.ledger_map), by=DEMO, at=live_at, language=language()
    )
    loaded.import_id = outcome.import_id
    loaded.accepted += outcome.tally.accepted
    loaded.repeated += outcome.tally.repeated
    loaded.refused += outcome.tally.refused
    return outcome


def _batches(files: CompanyFiles, live_at: datetime) -> Iterator[tuple[list[Line], datetime]]:
    """Lines of one source together, with the moment at which they reach Tenure."""
    for part in _by_source(read_lines(files.history)):
        yield part, live_at
    daily = read_lines(files.daily)
    for day, lines in groupby(daily, key=lambda line: (line.recorded_at - live_at).days):
        for part in _by_source(list(lines)):
            yield part, live_at + timedelta(days=day + 1)


def _by_source(lines: list[Line]) -> Iterator[list[Line]]:
    ordered = sorted(lines, key=lambda line: line.source)
    for _, found in groupby(ordered, key=lambda line: line.source):
        part = list(found)
        for start in range(0, len(part), _BATCH):
            yield part[start : start + _BATCH]


def _record(lines: list[Line], at: datetime) -> list[Receipt]:
    from tenure.record.events.operations import record_events

    return record_events([_event(line) for line in lines], source=lines[0].source, by=DEMO, at=at)


def _event(line: Line) -> IncomingEvent:
    from tenure.record.events.operations import IncomingEvent

    return IncomingEvent(
        type=line.type,
        occurred_at=line.occurred_at,
        identifiers=line.identifiers,
        fields=dict(line.fields),
        key=line.key,
    )
