"""Refused rows mended in the browser: a file of their own, imported under the same map."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from tenure.actor import Actor
from tenure.words import Language, Words

from ..models import Import, Upload
from .problems import CannotImportError
from .reading.table import REPORT_MARK
from .uploading import receive_upload, upload_folder

_LINE = Words(zh=f"行号 {REPORT_MARK}", en=f"line {REPORT_MARK}")


def send_mended(
    import_id: int,
    columns: Sequence[str],
    rows: Iterable[tuple[int, str, Sequence[str]]],
    *,
    by: Actor,
    at: datetime,
    language: Language,
) -> int:
    """Keep mended rows as an upload under the map of their import; gives its number.

    Args:
        import_id: where the rows were refused.
        columns: the file's own.
        rows: (place in the report, line in the file, cells as they should be).
        by: who mended them.
        at: the moment, aware.
        language: of the next report.

    Raises:
        CannotImportError: no such import, it was undone, or there are no rows.
    """
    row = Import.objects.filter(pk=import_id).exclude(status=Import.Status.UNDONE).first()
    given = list(rows)
    if row is None or not given:
        raise CannotImportError(
            Words(
                zh="没有选中要重新导入的行，或这次导入已撤销",
                en="no rows were chosen, or that import was undone",
            )
        )
    before = Upload.objects.filter(mends=import_id).count()
    stem = row.file_name.rpartition(".")[0] or row.file_name
    name = f"{stem}.mended-{before + 1}.csv"
    upload_id = receive_upload(
        name, _lines(columns, given, language), by=by, at=at, language=language
    )
    upload = Upload.objects.get(pk=upload_id)
    upload.map_text, upload.own_map, upload.mends = row.map_text, True, import_id
    upload.mended_lines = [index for index, _, _ in given]
    upload.others = _take_others(row, upload_id)
    upload.save()
    return upload_id


def _lines(
    columns: Sequence[str], rows: Iterable[tuple[int, str, Sequence[str]]], language: Language
) -> Iterable[bytes]:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow([*columns, _LINE.to(language)])
    for _, line, cells in rows:
        writer.writerow([*cells, line])
    yield b"\xef\xbb\xbf"
    yield buffer.getvalue().encode("utf-8", "surrogateescape")


def _take_others(row: Import, upload_id: int) -> list[str]:
    taken = []
    for name, path in msgspec.json.decode(row.others, type=dict[str, str]).items():
        if Path(path).is_file():
            shutil.copyfile(path, upload_folder(upload_id) / name)
            taken.append(name)
    return sorted(taken)
