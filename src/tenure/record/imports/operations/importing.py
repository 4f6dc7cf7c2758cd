"""Imports of files: start, try, go on, take back."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import msgspec
from django.conf import settings

from tenure.actor import Actor
from tenure.definitions import Library
from tenure.record.events.queries import basis
from tenure.record.library.queries import current_library
from tenure.words import Language, Words

from ..models import Import
from .mapping.model import ImportMap
from .mapping.reading import load_map
from .masking import all_masked, masked
from .planning.plan import Plan, make_plan
from .problems import CannotImportError
from .running.batches import batches, little_garbage
from .running.flow import Flow, Rows
from .running.locking import only_one
from .running.mixed import MixedEncodings
from .running.recording import Clock, Recorder
from .running.report import RefusedRows, begun_report
from .running.stopping import running, told_when_stopped
from .running.tables import Opened, open_source
from .running.tally import Tally, decode_tally

_SHOWN = 20
_READ_AT_ONCE = 1 << 20

Watch = Callable[[float, Tally], None]
"""Called after each batch with the share done (0 to 1) and the counts so far."""


@dataclass(slots=True)
class Outcome:
    """What an import, or the trial of one, came to.

    Attributes:
        import_id: its number; None for a trial.
        report: the file of refused rows; None where none was refused.
        notes: what was noticed about the file and the map.
        examples: (line, reason) of the first refused rows, without what is personal in them.
    """

    import_id: int | None
    tally: Tally
    report: Path | None
    notes: tuple[Words, ...]
    examples: list[tuple[int, Words]] = field(default_factory=list)


def import_file(
    path: Path,
    map_: ImportMap,
    *,
    by: Actor,
    at: datetime,
    language: Language,
    others: Mapping[str, Path] | None = None,
    watch: Watch | None = None,
    clock: Clock | None = None,
) -> Outcome:
    """Read ``path`` into the log as ``map_`` says.

    Rows that do not fit are refused into a report and the others go on. Rows that were
    imported before are recognised. Each batch is recorded together with its checkpoint, so an
    import that was killed goes on with :func:`resume_import`.

    Args:
        others: where the files to join lie, by name, if not beside ``path`` or the map.
        language: of the report of refused rows.
        clock: the door's clock, asked for each batch and when the import ends; without one
            all of it is recorded at ``at``.

    Raises:
        TenureError: the file, the map or the disk does not allow it.
    """
    opened = open_source(path, map_, others or {})
    library, _ = current_library()
    plan = _plan(map_, opened, library)
    row = Import.objects.create(
        file_name=path.name[:255],
        file_path=str(path.absolute()),
        file_sha256=file_digest(path),
        source=map_.source,
        map_text=map_.text,
        map_file=map_.file,
        others=msgspec.json.encode({k: str(v) for k, v in (others or {}).items()}).decode(),
        started_at=at,
        by=by.key,
    )
    clock = clock or (lambda: at)
    return _run(row, opened, plan, library, by=by, clock=clock, language=language, watch=watch)


def resume_import(
    import_id: int,
    *,
    by: Actor,
    at: datetime,
    language: Language,
    watch: Watch | None = None,
    clock: Clock | None = None,
) -> Outcome:
    """Go on with an import that was stopped or killed, from its last checkpoint.

    Raises:
        CannotImportError: finished, undone or unknown; or its file has changed since.
    """
    row = _unfinished(import_id)
    path = Path(row.file_path)
    others = {key: Path(value) for key, value in msgspec.json.decode(row.others).items()}
    map_ = load_map(row.map_text, row.map_file)
    opened = open_source(path, map_, others)
    if file_digest(path) != row.file_sha256:
        raise CannotImportError(
            Words(
                zh=f"{path.name} 在中断后有改动，不能从中断处继续；请重新导入（已记录的不会重复）",
                en=f"{path.name} has changed since: it cannot go on where it stopped. "
                "Import it anew: what is recorded already is recognised",
            )
        )
    library, _ = current_library()
    plan = _plan(map_, opened, library)
    clock = clock or (lambda: at)
    return _run(row, opened, plan, library, by=by, clock=clock, language=language, watch=watch)


def _unfinished(import_id: int) -> Import:
    row = Import.objects.filter(id=import_id).first()
    if row is None:
        raise CannotImportError(
            Words(zh=f"没有编号为 {import_id} 的导入", en=f"there is no import {import_id}")
        )
    _check_unfinished(row)
    return row


def _check_unfinished(row: Import) -> None:
    if row.status not in {Import.Status.RUNNING, Import.Status.STOPPED}:
        raise CannotImportError(
            Words(
                zh=f"导入 {row.id} 已{'撤销' if row.undone_at else '完成'}，无需继续",
                en=f"import {row.id} is {row.status}: there is nothing to go on with",
            )
        )


def try_file(
    path: Path,
    map_: ImportMap,
    *,
    by: Actor,
    at: datetime,
    others: Mapping[str, Path] | None = None,
    watch: Watch | None = None,
) -> Outcome:
    """Do all that an import does and record nothing: each batch is rolled back.

    Raises:
        TenureError: the file or the map does not allow it.
    """
    opened = open_source(path, map_, others or {})
    library, _ = current_library()
    plan = _plan(map_, opened, library)
    outcome = Outcome(None, Tally(), None, _notes(opened, plan))
    _read(
        opened,
        plan,
        outcome,
        row=None,
        report=None,
        library=library,
        by=by,
        clock=lambda: at,
        watch=watch,
    )
    return outcome


def _plan(map_: ImportMap, opened: Opened, library: Library) -> Plan:
    plan = make_plan(
        map_,
        opened.table,
        opened.own,
        library,
        zone=basis().zone,
        currency=basis().currency,
    )
    if opened.joined is not None:
        plan.personal |= opened.joined.keys_of(plan.personal)
    return plan


def _notes(opened: Opened, plan: Plan) -> tuple[Words, ...]:
    told = opened.table.notes
    if opened.joined is not None and opened.joined.keys_of(plan.personal):
        told = tuple(map(all_masked, told))  # they may quote a key
    return (*told, *plan.notes)


def _run(
    row: Import,
    opened: Opened,
    plan: Plan,
    library: Library,
    *,
    by: Actor,
    clock: Clock,
    language: Language,
    watch: Watch | None,
) -> Outcome:
    folder = Path(settings.TENURE_HOME) / "reports"
    columns = opened.table.columns[: opened.own]
    with only_one(folder, row.id), told_when_stopped(row):
        row.refresh_from_db()  # before it was ours, another may have gone on with it or undone it
        _check_unfinished(row)
        path, size, note = begun_report(folder, row.id, row.report, row.report_bytes)
        notes = (*_notes(opened, plan), *([note] if note else []))
        outcome = Outcome(row.id, decode_tally(row.tally), None, notes)
        report = RefusedRows(path, _own_columns(columns), language, size=size)
        Import.objects.filter(id=row.id).update(status=Import.Status.RUNNING)
        try:
            _read(
                opened,
                plan,
                outcome,
                row=row,
                report=report,
                library=library,
                by=by,
                clock=clock,
                watch=watch,
            )
        finally:
            report.close()
        told = [[note.zh, note.en] for note in outcome.notes]
        running(row).update(status=Import.Status.FINISHED, finished_at=clock(), notes=told)
    outcome.report = path if report.size else None
    return outcome


def _own_columns(columns: Sequence[str]) -> tuple[str, ...]:
    """Columns of a report read again are not written into the next report twice."""
    from .reading.table import REPORT_MARK

    return tuple(name for name in columns if not name.endswith(REPORT_MARK))


def _read(
    opened: Opened,
    plan: Plan,
    outcome: Outcome,
    *,
    row: Import | None,
    report: RefusedRows | None,
    library: Library,
    by: Actor,
    clock: Clock,
    watch: Watch | None,
) -> None:
    """Read everything from the checkpoint on and record it in batches."""
    own = len(report._columns) if report else opened.own
    mixed = MixedEncodings()

    def keep_refused(rows: Rows, why: Words) -> None:
        for line, cells in rows:
            mixed.look(line, cells)
        if (more := _SHOWN - len(outcome.examples)) > 0:
            told = masked(why, rows, plan.personal)
            outcome.examples += [(line, told) for line, _ in rows[:more]]
        if report is not None:
            for line, cells in rows:
                report.add(line, cells[: max(own, 1)], why)

    tally = outcome.tally
    flow = Flow(opened.table, plan, tally, keep_refused, start=row.position if row else 0)
    recorder = Recorder(
        row=row,
        flow=flow,
        tally=tally,
        report=report,
        library=library,
        source=plan.map.source,
        by=by,
        clock=clock,
    )
    with little_garbage() as tidy:
        for units in batches(flow):
            recorder.write(units)
            tidy()
            if watch is not None:
                watch(flow.progress(), tally)
    if opened.joined is not None:
        tally.broken_keys = opened.joined.broken_keys(plan.personal)
    recorder.write([])
    if (note := mixed.note()) is not None:
        outcome.notes = (*outcome.notes, note)


def file_digest(path: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_READ_AT_ONCE):
            digest.update(block)
    return digest.hexdigest()
