"""Files that people hand in: straight to the disk of the installation, up to a limit."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, cast

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import (
    FileUploadHandler,
    StopUpload,
    TemporaryFileUploadHandler,
)
from django.http import HttpRequest

from tenure.words import TenureError, Words

TOO_LARGE = "tenure.upload_too_large"


class UploadError(TenureError):
    """A file that was not handed in, or is larger than the installation takes."""


class _AtHome(TemporaryUploadedFile):
    """A file below ``TENURE_HOME``, which has room and is its owner's, until it is closed."""

    def __init__(
        self, name: str, kind: str | None, charset: str | None, extra: dict[str, Any] | None
    ) -> None:
        folder = Path(settings.TENURE_HOME) / "uploads"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = NamedTemporaryFile(  # noqa: SIM115 - closed, and so removed, with the request
            suffix=".upload", dir=folder
        )
        UploadedFile.__init__(self, file, name, kind, 0, charset, extra)


class LimitedToDisk(TemporaryFileUploadHandler):
    """Writes files below ``TENURE_HOME`` as they come; stops at ``UPLOAD_LIMIT_BYTES``."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file, unless the whole request is said to be too large."""
        said = int((self.request.META if self.request else {}).get("CONTENT_LENGTH") or 0)
        if said > settings.UPLOAD_LIMIT_BYTES:
            self._stop()
        self._received = 0
        FileUploadHandler.new_file(self, *args, **kwargs)
        self.file = _AtHome(
            self.file_name or "", self.content_type, self.charset, self.content_type_extra
        )

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write a piece."""
        self._received += len(raw_data)
        if self._received > settings.UPLOAD_LIMIT_BYTES:
            self._stop()
        super().receive_data_chunk(raw_data, start)

    def _stop(self) -> None:
        if self.request is not None:
            self.request.META[TOO_LARGE] = True
        raise StopUpload(connection_reset=False)


def handed_in(request: HttpRequest, name: str) -> list[UploadedFile[bytes]]:
    """The files of a form's field.

    Raises:
        UploadError: there is none, one is empty, or they are too large.
    """
    files = cast("list[UploadedFile[bytes]]", request.FILES.getlist(name))
    if request.META.get(TOO_LARGE):
        most = settings.UPLOAD_LIMIT_BYTES // 1_000_000
        raise UploadError(
            Words(
                zh=f"文件超过 {most:,} MB 的上限。请分成几个文件，或由管理员调高 "
                "TENURE_UPLOAD_LIMIT_MB，或在服务器上用 tenure import 导入",
                en=f"The file is larger than the limit of {most:,} MB. Split it, have the limit "
                "raised (TENURE_UPLOAD_LIMIT_MB), or use tenure import on the server",
            )
        )
    if not files:
        raise UploadError(Words(zh="请先选择文件", en="Choose a file first"))
    for one in files:
        if not one.size:
            raise UploadError(
                Words(zh=f"文件 {one.name} 是空的", en=f"The file {one.name} is empty")
            )
    return files


def content_of(file: UploadedFile[bytes]) -> Path | Iterable[bytes]:
    """What was handed in: where it lies already, to be moved; else its pieces."""
    if isinstance(file, TemporaryUploadedFile):
        file.flush()
        return Path(file.temporary_file_path())
    return file.chunks()
