"""Uploads as the browser shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from django.conf import settings
from django_tasks import default_task_backend
from django_tasks.exceptions import TaskResultDoesNotExist

from tenure.words import Words
from tenure.work import Progress, progress_of

from ..jobs import import_of
from ..models import Upload
from ..operations.running.tally import Tally
from ..operations.uploading import map_name, missing_files, open_upload, upload_folder


@dataclass(frozen=True, slots=True)
class Trial:
    """What trying an upload came to.

    Attributes:
        examples: (line, reason) of the first refused rows.
        current: whether it was tried under the map it has now.
    """

    tally: Tally
    notes: tuple[Words, ...]
    examples: tuple[tuple[int, Words], ...]
    current: bool


@dataclass(frozen=True, slots=True)
class UploadView:
    """One upload.

    Attributes:
        missing: files its map joins that were not handed in.
        trying: how far the trial is; None where none was asked for.
        running: how far the import is; None where it was not sent off.
        import_id: what it became; None until that begins.
        mends: the import whose refused rows it holds, mended.
    """

    id: int
    file_name: str
    size: int
    others: tuple[str, ...]
    missing: tuple[str, ...]
    map_text: str
    own_map: bool
    choices: dict[str, Any]
    trial: Trial | None
    trying: Progress | None
    running: Progress | None
    import_id: int | None
    mends: int | None
    received_at: datetime
    by: str
    by_name: str

    @property
    def map_name(self) -> str:
        """What its map is called when it is downloaded."""
        return map_name(self.file_name)


def upload_view(upload_id: int) -> UploadView:
    """One upload.

    Raises:
        CannotImportError: there is none, or it was thrown away.
    """
    return _view(open_upload(upload_id))


def drafts(limit: int = 20) -> list[UploadView]:
    """Uploads that were not sent off yet, newest first; samples of feeds are none."""
    rows = Upload.objects.filter(
        runs_after__isnull=True, discarded_at__isnull=True, sample_of__isnull=True
    )
    return [_view(row) for row in rows.order_by("-id")[:limit]]


def sample_of(source_id: int, *, before: int | None = None) -> int | None:
    """The number of the latest sample by which the map of a feed is agreed on, or None.

    Args:
        source_id: of its source.
        before: only one with a lower number than this.
    """
    rows = Upload.objects.filter(sample_of=source_id, discarded_at__isnull=True)
    if before is not None:
        rows = rows.filter(id__lt=before)
    return rows.order_by("-id").values_list("id", flat=True).first()


def sent_off(limit: int = 20) -> list[UploadView]:
    """Uploads that were sent off and have not become an import yet, newest first."""
    rows = Upload.objects.filter(runs_after__isnull=False, discarded_at__isnull=True)
    found = [_view(row) for row in rows.order_by("-id")[:limit]]
    return [view for view in found if view.import_id is None]


def upload_of(path: Path) -> int | None:
    """The upload that a file of an import is; None where it came in at the terminal."""
    root = (Path(settings.TENURE_HOME) / "uploads").absolute()
    if root not in path.parents or not path.parent.name.isdecimal():
        return None
    number = int(path.parent.name)
    here = Upload.objects.filter(pk=number, discarded_at__isnull=True).exists()
    return number if here and upload_folder(number).is_dir() else None


def mended_by(import_id: int) -> list[UploadView]:
    """Uploads of mended rows of an import, oldest first."""
    rows = Upload.objects.filter(mends=import_id, discarded_at__isnull=True)
    return [_view(row) for row in rows.order_by("id")]


def _view(row: Upload) -> UploadView:
    begun = import_of(row)
    return UploadView(
        id=row.id,
        file_name=row.file_name,
        size=row.size,
        others=tuple(row.others),
        missing=tuple(missing_files(row)),
        map_text=row.map_text,
        own_map=row.own_map,
        choices=row.choices,
        trial=_trial(row),
        trying=job_progress(row.trial_job),
        running=job_progress(row.run_job),
        import_id=None if begun is None else begun.id,
        mends=row.mends,
        received_at=row.received_at,
        by=row.by,
        by_name=row.by_name,
    )


def job_progress(job_id: str) -> Progress | None:
    """How far a job is; None where there is none (any more)."""
    if not job_id:
        return None
    try:
        return progress_of(default_task_backend.get_result(job_id))
    except TaskResultDoesNotExist:
        return None


def _trial(row: Upload) -> Trial | None:
    if row.trial is None:
        return None
    return Trial(
        tally=msgspec.convert(row.trial["tally"], Tally),
        notes=tuple(Words(zh, en) for zh, en in row.trial["notes"]),
        examples=tuple((line, Words(zh, en)) for line, zh, en in row.trial["examples"]),
        current=row.trial_map == row.map_text,
    )
