"""Files handed in at the browser: kept, mapped, tried, sent off, thrown away."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from tenure.actor import Actor
from tenure.words import Language, Words

from ..models import Import, Upload
from .mapping import ImportMap, load_map
from .problems import CannotImportError
from .reading import open_table

_OWNER_ONLY_DIRECTORY, _OWNER_ONLY_FILE = 0o700, 0o600
_LONGEST_NAME = 120
_MOST_OTHERS = 20
Content = Path | Iterable[bytes]
"""What a file holds: pieces to be written, or a finished file that is moved to its place."""
KEPT_DRAFTS = timedelta(days=30)


def upload_folder(upload_id: int) -> Path:
    """Where the files of an upload lie."""
    return Path(settings.TENURE_HOME) / "uploads" / str(upload_id)


def receive_upload(
    name: str,
    content: Content,
    *,
    by: Actor,
    at: datetime,
    language: Language,
    sample_of: int | None = None,
) -> int:
    """Keep a file that was handed in; gives its number.

    Args:
        name: what the file is called; only its last part counts.
        content: what it holds; a path below ``TENURE_HOME`` is moved, not copied.
        by: who hands it in.
        at: the moment, aware.
        language: of the report of refused rows.
        sample_of: the source that it is a sample of, by which to agree on a map.

    Raises:
        TenureError: it is no table that can be read; nothing is kept then.
    """
    upload = Upload.objects.create(
        file_name=_safe(name),
        received_at=at,
        by=by.key,
        by_name=by.name[:150],
        language=language,
        sample_of=sample_of,
    )
    folder = upload_folder(upload.id)
    try:
        folder.mkdir(mode=_OWNER_ONLY_DIRECTORY, parents=True)
        path = folder / upload.file_name
        upload.size = _put(path, content)
        open_table(path)  # by what it holds, whatever it is called
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        upload.delete()
        raise
    upload.save(update_fields=["size"])
    return upload.id


def receive_other(upload_id: int, name: str, content: Content) -> None:
    """Keep a file that the map of an upload joins to it.

    Raises:
        TenureError: no table, too many, the name of the upload itself, or no such upload.
    """
    upload = open_upload(upload_id)
    safe = _safe(name)
    if safe == upload.file_name or len(upload.others) >= _MOST_OTHERS:
        raise CannotImportError(
            Words(
                zh=f"不能再附加「{safe}」：它与主文件同名，或附加文件已达 {_MOST_OTHERS} 个",
                en=f"“{safe}” cannot be added: it is called like the file itself, or there are "
                f"{_MOST_OTHERS} files already",
            )
        )
    path = upload_folder(upload_id) / safe
    _put(path, content)
    try:
        open_table(path)
    except BaseException:
        path.unlink()
        raise
    with transaction.atomic():
        locked = Upload.objects.select_for_update().get(pk=upload_id)
        locked.others = sorted({*locked.others, safe})
        locked.save(update_fields=["others"])


def settle_map(upload_id: int, text: str, *, choices: object, own: bool) -> None:
    """Keep the map of an upload, and the choices it follows from.

    Raises:
        TenureError: ``text`` is no map; nothing is changed.
    """
    upload = open_upload(upload_id)
    load_map(text, map_name(upload.file_name))
    upload.map_text, upload.choices, upload.own_map = text, choices or {}, own
    upload.save(update_fields=["map_text", "choices", "own_map"])


def keep_choices(upload_id: int, choices: dict[str, Any]) -> None:
    """Keep what was chosen in the form of a map that is not whole yet; there is none then."""
    open_upload(upload_id)
    Upload.objects.filter(pk=upload_id).update(choices=choices, map_text="", own_map=False)


def remember_job(upload_id: int, *, trial: str = "", run: str = "") -> None:
    """Keep the numbers of the jobs that try an upload or import it."""
    changes = {"trial_job": trial} if trial else {}
    changes |= {"run_job": run} if run else {}
    Upload.objects.filter(pk=upload_id).update(**changes)


def forget_map(upload_id: int) -> None:
    """Guess the map anew."""
    open_upload(upload_id)
    Upload.objects.filter(pk=upload_id).update(map_text="", choices={}, own_map=False)


def ready_to_run(upload_id: int) -> Upload:
    """An upload about to be sent off, marked as such; call it in the transaction of its job.

    Raises:
        CannotImportError: it has no map yet, or runs already.
    """
    upload = Upload.objects.select_for_update().filter(pk=upload_id).first()
    if upload is None or upload.discarded_at or not upload.map_text:
        raise CannotImportError(
            Words(zh="这个文件还没有映射，不能导入", en="this file has no map yet; it cannot run")
        )
    latest = Import.objects.filter(file_path=str(upload_path(upload)))
    upload.runs_after = latest.aggregate(latest=Max("id"))["latest"] or 0
    upload.save(update_fields=["runs_after"])
    return upload


def discard_upload(upload_id: int, *, at: datetime) -> None:
    """Throw an upload away that never became an import, its files included.

    Raises:
        CannotImportError: it became one, or there is none.
    """
    upload = open_upload(upload_id)
    if upload.runs_after is not None:
        raise CannotImportError(
            Words(
                zh="这个文件已导入，要撤回请撤销那次导入",
                en="this file was imported: undo that import to take it back",
            )
        )
    Upload.objects.filter(pk=upload_id).update(discarded_at=at)
    shutil.rmtree(upload_folder(upload_id), ignore_errors=True)


def discard_old_drafts(*, at: datetime) -> int:
    """Throw away uploads that were never sent off within thirty days; how many."""
    old = Upload.objects.filter(
        runs_after__isnull=True, discarded_at__isnull=True, received_at__lt=at - KEPT_DRAFTS
    )
    numbers = list(old.values_list("id", flat=True))
    for number in numbers:
        discard_upload(number, at=at)
    return len(numbers)


def open_upload(upload_id: int) -> Upload:
    """An upload that is still there.

    Raises:
        CannotImportError: there is none.
    """
    upload = Upload.objects.filter(pk=upload_id, discarded_at__isnull=True).first()
    if upload is None:
        raise CannotImportError(
            Words(
                zh=f"没有编号为 {upload_id} 的上传文件，它可能已被删除",
                en=f"there is no upload {upload_id}; it may have been thrown away",
            )
        )
    return upload


def upload_path(upload: Upload) -> Path:
    """Where its file lies."""
    return (upload_folder(upload.id) / upload.file_name).absolute()


def other_paths(upload: Upload) -> dict[str, Path]:
    """Where the files lie that it is joined with."""
    return {name: (upload_folder(upload.id) / name).absolute() for name in upload.others}


def missing_files(upload: Upload) -> list[str]:
    """Files that its map joins and that were not handed in."""
    if not upload.map_text:
        return []
    joined = load_map(upload.map_text, map_name(upload.file_name)).join
    return sorted({join.file for join in joined} - set(upload.others))


def check_joined(map_: ImportMap, upload: Upload) -> None:
    """A map from the browser reaches only files that were handed in with it.

    Raises:
        CannotImportError: it names another.
    """
    missing = sorted({join.file for join in map_.join} - set(upload.others))
    if missing:
        names = "、".join(missing), ", ".join(missing)
        raise CannotImportError(
            Words(
                zh=f"映射要关联 {names[0]}，请先上传它",
                en=f"the map joins {names[1]}: hand that file in first",
            )
        )


def map_name(file_name: str) -> str:
    """What the map of a file is called in messages and downloads."""
    return f"{file_name}.map.yaml"


def _safe(name: str) -> str:
    last = re.split(r"[/\\]", name)[-1]
    kept = "".join(character for character in last if character.isprintable()).strip(" .")
    stem, dot, ending = kept.rpartition(".")
    room = _LONGEST_NAME - len(ending) - 1
    kept = f"{stem[:room]}{dot}{ending}" if dot and len(ending) < 12 else kept[:_LONGEST_NAME]
    return kept or "file"


def _put(path: Path, content: Content) -> int:
    if not isinstance(content, Path):
        return _write(path, content)
    with content.open("rb") as file:
        os.fsync(file.fileno())
    content.chmod(_OWNER_ONLY_FILE)
    return content.replace(path).stat().st_size


def _write(path: Path, chunks: Iterable[bytes]) -> int:
    size = 0
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _OWNER_ONLY_FILE)
    with os.fdopen(descriptor, "wb") as file:
        for chunk in chunks:
            size += file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return size
