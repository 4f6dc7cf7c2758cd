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
from .uploading import Content, receive_upload, upload_folder

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
    row, given = _mendable(import_id), list(rows)
    if not given:
        raise CannotImportError(
            Words(zh="没有选中要重新导入的行", en="no rows were chosen to be sent again")
        )
    before = Upload.objects.filter(mends=import_id).count()
    stem = row.file_name.rpartition(".")[0] or row.file_name
    name = f"{stem}.mended-{before + 1}.csv"
    upload_id = receive_upload(
        name, _lines(columns, given, language), by=by, at=at, language=language
    )
    _under_the_map_of(row, upload_id, lines=[index for index, _, _ in given])
    return upload_id


def receive_mended(
    import_id: int,
    name: str,
    content: Content,
    *,
    by: Actor,
    at: datetime,
    language: Language,
) -> int:
    """Keep a file of refused rows that was mended elsewhere; gives its number.

    Raises:
        TenureError: no such import, it was undone, or the file is no table.
    """
    row = _mendable(import_id)
    upload_id = receive_upload(name, content, by=by, at=at, language=language)
    _under_the_map_of(row, upload_id, lines=[])
    return upload_id


def _mendable(import_id: int) -> Import:
    row = Import.objects.filter(pk=import_id).exclude(status=Import.Status.UNDONE).first()
    if row is None:
        raise CannotImportError(
            Words(
                zh=f"没有编号为 {import_id} 的导入，或它已撤销",
                en=f"there is no import {import_id}, or it was undone",
            )
        )
    return row


def _under_the_map_of(row: Import, upload_id: int, *, lines: list[int]) -> None:
    upload = Upload.objects.get(pk=upload_id)
    upload.map_text, upload.own_map, upload.mends = row.map_text, True, row.id
    upload.mended_lines = lines
    upload.others = _take_others(row, upload_id)
    upload.save()


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
