"""Imports as doors list them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db.models import Q, QuerySet

from tenure.words import Words

from ..models import Import
from ..operations.importing import file_digest
from ..operations.running.locking import is_running
from ..operations.running.tally import Tally, decode_tally

_LOOKED_AT = 500


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """One import.

    Attributes:
        status: running, stopped (also where its process was killed), finished or undone.
        report: the file of refused rows, or None.
        notes: what was noticed about the file and the map, once it is finished.
    """

    id: int
    file_name: str
    source: str
    status: str
    tally: Tally
    started_at: datetime
    finished_at: datetime | None
    undone_at: datetime | None
    by: str
    report: Path | None
    map_text: str = ""
    path: Path = Path()
    notes: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportFilter:
    """Which imports to list; what is empty does not count.

    Attributes:
        status: running, stopped, finished or undone.
        refused: only those with refused rows.
        text: in the name of the file.
    """

    status: str = ""
    by: str = ""
    source: str = ""
    text: str = ""
    refused: bool = False
    since: datetime | None = None
    until: datetime | None = None


def import_page(which: ImportFilter, *, start: int, size: int) -> tuple[list[ImportSummary], int]:
    """A page of imports, newest first, and how many there are in all."""
    rows = _filtered(which)
    return [_summary(row) for row in rows.order_by("-id")[start : start + size]], rows.count()


def imports_before(number: int | None, *, size: int) -> tuple[list[ImportSummary], int | None]:
    """A page of all imports, newest first, and where the next one begins; ``None`` at the end.

    Pages join to the whole list of when the first was read, whatever is imported meanwhile.

    Args:
        number: only imports of a lower number than this; from the newest on where it is ``None``.
        size: of the page.
    """
    rows = Import.objects.order_by("-id")
    if number is not None:
        rows = rows.filter(id__lt=number)
    found = list(rows[: size + 1])
    page = found[:size]
    return [_summary(row) for row in page], page[-1].id if len(found) > size else None


def import_people() -> list[str]:
    """Keys of those who imported anything."""
    return sorted(Import.objects.order_by().values_list("by", flat=True).distinct())


def import_sources() -> list[str]:
    """Sources under which anything was imported."""
    return sorted(Import.objects.order_by().values_list("source", flat=True).distinct())


def refused_rows_by_source() -> dict[str, int]:
    """Rows refused by source, over the latest five hundred imports that were not undone."""
    rows = Import.objects.exclude(report="").exclude(status=Import.Status.UNDONE)
    counts: dict[str, int] = {}
    for source, tally in rows.order_by("-id").values_list("source", "tally")[:_LOOKED_AT]:
        counts[source] = counts.get(source, 0) + decode_tally(tally).refused
    return counts


def finished_since(moment: datetime) -> list[ImportSummary]:
    """Imports that ended after ``moment`` (aware), newest first; at most a hundred."""
    rows = Import.objects.filter(finished_at__gt=moment, status=Import.Status.FINISHED)
    return [_summary(row) for row in rows.order_by("-finished_at")[:100]]


def _filtered(which: ImportFilter) -> QuerySet[Import]:
    rows = Import.objects.all()
    if which.status in {Import.Status.RUNNING, Import.Status.STOPPED}:
        running = [row.id for row in rows.filter(_open()) if is_running(_folder(), row.id)]
        rows = rows.filter(_open())
        wanted = which.status == Import.Status.RUNNING
        rows = rows.filter(id__in=running) if wanted else rows.exclude(id__in=running)
    elif which.status:
        rows = rows.filter(status=which.status)
    if which.by:
        rows = rows.filter(by=which.by)
    if which.source:
        rows = rows.filter(source=which.source)
    if which.text:
        rows = rows.filter(file_name__icontains=which.text)
    if which.refused:
        rows = rows.exclude(report="")
    if which.since:
        rows = rows.filter(started_at__gte=which.since)
    if which.until:
        rows = rows.filter(started_at__lte=which.until)
    return rows


def _open() -> Q:
    return Q(status__in=[Import.Status.RUNNING, Import.Status.STOPPED])


def imports(limit: int = 50) -> list[ImportSummary]:
    """The latest imports, newest first."""
    return [_summary(row) for row in Import.objects.order_by("-id")[:limit]]


def import_summary(import_id: int) -> ImportSummary | None:
    """One import by its number; None where there is none."""
    row = Import.objects.filter(id=import_id).first()
    return None if row is None else _summary(row)


def import_summaries(numbers: Collection[int]) -> dict[int, ImportSummary]:
    """Imports by their numbers."""
    return {row.id: _summary(row) for row in Import.objects.filter(id__in=list(numbers))}


def finished_import_of(file_sha256: str, *, source: str, map_text: str) -> int | None:
    """The latest import of a content under a map that is whole and was not undone, or None."""
    rows = Import.objects.filter(
        file_sha256=file_sha256, source=source, map_text=map_text, status=Import.Status.FINISHED
    )
    return rows.order_by("-id").values_list("id", flat=True).first()


def unfinished_import_of(path: Path, map_text: str | None = None) -> int | None:
    """The number of a stopped or killed import of the same content (and map), or None."""
    unfinished = [Import.Status.RUNNING, Import.Status.STOPPED]
    rows = Import.objects.filter(status__in=unfinished).order_by("-id")
    if not path.is_file() or not rows.exists():
        return None
    rows = rows.filter(file_sha256=file_digest(path))
    if map_text is not None:
        rows = rows.filter(map_text=map_text)
    return next((row.id for row in rows if not is_running(_folder(), row.id)), None)


def latest_unfinished() -> int | None:
    """The number of the latest stopped or killed import, or None."""
    rows = Import.objects.filter(
        status__in=[Import.Status.RUNNING, Import.Status.STOPPED]
    ).order_by("-id")
    return next((row.id for row in rows if not is_running(_folder(), row.id)), None)


def _folder() -> Path:
    return Path(settings.TENURE_HOME) / "reports"


def _summary(row: Import) -> ImportSummary:
    status = str(row.status)
    if status == Import.Status.RUNNING and not is_running(_folder(), row.id):
        status = str(Import.Status.STOPPED)
    return ImportSummary(
        id=row.id,
        file_name=row.file_name,
        source=row.source,
        status=status,
        tally=decode_tally(row.tally),
        started_at=row.started_at,
        finished_at=row.finished_at,
        undone_at=row.undone_at,
        by=row.by,
        report=_folder() / row.report if row.report else None,
        map_text=row.map_text,
        path=Path(row.file_path),
        notes=tuple(Words(zh, en) for zh, en in row.notes),
    )
