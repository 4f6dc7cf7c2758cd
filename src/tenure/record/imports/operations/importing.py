"""Imports of files: start, try, go on, take back."""

from __future__ import annotations

import errno
import gc
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import QuerySet

from tenure.actor import Actor
from tenure.definitions import Library
from tenure.record.library.queries import current_library
from tenure.words import Language, Words

from ..models import Import
from .mapping.model import ImportMap
from .mapping.reading import load_map
from .planning.plan import Plan, make_plan
from .problems import CannotImportError
from .reading.table import Cells
from .running.flow import Flow, Unit
from .running.locking import only_one
from .running.recording import Recorder
from .running.report import RefusedRows
from .running.tables import Opened, open_source
from .running.tally import Tally, decode_tally

BATCH_EVENTS = 5_000
_TIDIED_BATCHES = 20
_SHOWN = 20
_READ_AT_ONCE = 1 << 20
_DATABASES = ("django", "sqlite3", "psycopg", "duckdb", "_duckdb")
_FULL = ("full", "no space left", "enospc", "disk quota")

Watch = Callable[[float, Tally], None]
"""Called after each batch with the share done (0 to 1) and the counts so far."""

Clock = Callable[[], datetime]


@dataclass(slots=True)
class Outcome:
    """What an import, or the trial of one, came to.

    Attributes:
        import_id: its number; None for a trial.
        report: the file of refused rows; None where none was refused.
        notes: what was noticed about the file and the map.
        examples: (line, reason) of the first refused rows.
    """

    import_id: int | None
    tally: Tally
    report: Path | None
    notes: tuple[Words, ...]
    examples: list[tuple[int, Words]] = field(default_factory=list)


class ImportStoppedError(CannotImportError):
    """An import that could not go on; what is recorded stays and it can be resumed."""


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
        clock: the door's clock, asked when the import ends; without one it ends at ``at``.

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
    ends = clock or (lambda: at)
    return _run(row, opened, plan, library, by=by, at=at, language=language, watch=watch, ends=ends)


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
    ends = clock or (lambda: at)
    return _run(row, opened, plan, library, by=by, at=at, language=language, watch=watch, ends=ends)


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
    _read(opened, plan, outcome, row=None, report=None, library=library, by=by, at=at, watch=watch)
    return outcome


def _plan(map_: ImportMap, opened: Opened, library: Library) -> Plan:
    return make_plan(
        map_,
        opened.table,
        opened.own,
        library,
        zone=ZoneInfo(settings.TENURE_ZONE),
        currency=settings.TENURE_BASE_CURRENCY,
    )


def _notes(opened: Opened, plan: Plan) -> tuple[Words, ...]:
    return (*opened.table.notes, *plan.notes)


def _run(
    row: Import,
    opened: Opened,
    plan: Plan,
    library: Library,
    *,
    by: Actor,
    at: datetime,
    language: Language,
    watch: Watch | None,
    ends: Clock,
) -> Outcome:
    folder = Path(settings.TENURE_HOME) / "reports"
    path = folder / f"import-{row.id}-refused.csv"
    columns = opened.table.columns[: opened.own]
    with only_one(folder, row.id), _told_when_stopped(row):
        row.refresh_from_db()  # before it was ours, another may have gone on with it or undone it
        _check_unfinished(row)
        outcome = Outcome(row.id, decode_tally(row.tally), None, _notes(opened, plan))
        report = RefusedRows(path, _own_columns(columns), language, size=row.report_bytes)
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
                at=at,
                watch=watch,
            )
        finally:
            report.close()
        _running(row).update(status=Import.Status.FINISHED, finished_at=ends())
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
    at: datetime,
    watch: Watch | None,
) -> None:
    """Read everything from the checkpoint on and record it in batches."""
    own = len(report._columns) if report else opened.own

    def keep_refused(line: int, cells: Cells, why: Words) -> None:
        if len(outcome.examples) < _SHOWN:
            outcome.examples.append((line, why))
        if report is not None:
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
        at=at,
    )
    with _little_garbage() as tidy:
        for units in _batches(flow):
            recorder.write(units)
            tidy()
            if watch is not None:
                watch(flow.progress(), tally)
    if opened.joined is not None:
        tally.broken_keys = [
            (name, key, count, near or "") for name, key, count, near in opened.joined.broken_keys()
        ]
    recorder.write([])


@contextmanager
def _little_garbage() -> Iterator[Callable[[], None]]:
    """Collects garbage between batches only, and not what stays: saves a quarter of the time.

    Rows make many short-lived objects and no cycles; what is remembered of them lives long.
    """
    was_on, batches = gc.isenabled(), 0

    def tidy() -> None:
        nonlocal batches
        batches += 1
        if batches % _TIDIED_BATCHES == 0:
            gc.collect()
            gc.freeze()

    gc.freeze()
    gc.disable()
    try:
        yield tidy
    finally:
        gc.unfreeze()
        if was_on:
            gc.enable()


def _batches(flow: Flow) -> Iterator[list[Unit]]:
    """Units in batches; also a batch now and then where rows give nothing, for the checkpoint."""
    units: list[Unit] = []
    events = idle = 0
    for unit in flow.units():
        if unit is None:
            idle += 1
        else:
            units.append(unit)
            events += len(unit.events)
        if events >= BATCH_EVENTS or idle >= BATCH_EVENTS * 4:
            yield units
            units, events, idle = [], 0, 0
    yield units


@contextmanager
def _told_when_stopped(row: Import) -> Iterator[None]:
    """Marks the import as stopped whatever stops it; says what to do where the disk is full."""
    try:
        yield
    except BaseException as problem:
        words = _when_full(problem, row.id)
        _mark_stopped(row)
        if words is not None:
            raise ImportStoppedError(words) from problem
        raise


def _mark_stopped(row: Import) -> None:
    try:
        with transaction.atomic():
            _running(row).update(status=Import.Status.STOPPED)
    except DatabaseError:
        return  # on a full disk it stays RUNNING, which can be resumed just the same


def _running(row: Import) -> QuerySet[Import]:
    """The import where it still runs: one that was undone meanwhile stays undone."""
    return Import.objects.filter(id=row.id, status=Import.Status.RUNNING)


def _when_full(problem: BaseException, import_id: int) -> Words | None:
    full = isinstance(problem, OSError) and problem.errno in {errno.ENOSPC, errno.EDQUOT}
    text = str(problem).lower()
    if type(problem).__module__.partition(".")[0] in _DATABASES:
        full = any(mark in text for mark in _FULL)
    if not full:
        return None
    return Words(
        zh=f"磁盘已满，导入 {import_id} 停在最近的检查点，已记录的都在。"
        f"腾出空间后运行 tenure import --resume {import_id}",
        en=f"The disk is full. Import {import_id} stopped at its last checkpoint and nothing "
        f"recorded is lost. Free some space, then run tenure import --resume {import_id}",
    )


def file_digest(path: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_READ_AT_ONCE):
            digest.update(block)
    return digest.hexdigest()
