"""Files kept with a customer: looked into before they are stored, readable by the owner only."""

from __future__ import annotations

import os
import re
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from tenure.actor import Actor
from tenure.derive.customers.operations.profiling_records import StatementError, state
from tenure.derive.customers.queries.notes import ATTACHED, FILE_REMOVED, FileView, files_of
from tenure.derive.customers.queries.profile_scope import demand_customer
from tenure.guard.audit.operations import note
from tenure.home import OWNER_ONLY_DIRECTORY, OWNER_ONLY_FILE, Home
from tenure.ids import uuid7
from tenure.words import Words

LARGEST_FILE = 20 * 1024 * 1024
_KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
_OFFICE = "application/vnd.openxmlformats-officedocument."
_IN_ZIP: tuple[tuple[bytes, str], ...] = (
    (b"word/", f"{_OFFICE}wordprocessingml.document"),
    (b"xl/", f"{_OFFICE}spreadsheetml.sheet"),
    (b"ppt/", f"{_OFFICE}presentationml.presentation"),
)
_MARKUP = re.compile(rb"<(!doctype|html|script|svg|\?xml|body|iframe)", re.IGNORECASE)


def attach_file(customer_id: int, name: str, content: bytes, *, by: Actor, at: datetime) -> int:
    """Keep a file with a customer.

    Args:
        customer_id: any identifier of the customer.
        name: as it is called; kept in the vault.
        content: at most 20 MB, of a kind ``media_type_of`` knows.
        by: who attaches it.
        at: the moment, aware.

    Returns:
        The number of the file.

    Raises:
        UnknownCustomerError: there is no such customer for ``by``.
        ForbiddenError: ``by`` may not edit this customer.
        StatementError: empty, too large, or of no kind that is kept.
    """
    demand_customer(customer_id, viewer=by, right="customer.edit")
    media_type = _checked(content)
    key = str(uuid7(at))
    path = _store(key, content)
    fields = {
        "file_name": clean_name(name),
        "file_key": key,
        "media_type": media_type,
        "file_bytes": len(content),
    }
    try:
        with transaction.atomic():
            told = {"media_type": media_type, "bytes": len(content)}
            return state(customer_id, ATTACHED, fields, by=by, at=at, told=told)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def remove_file(customer_id: int, file_id: int, *, by: Actor, at: datetime) -> int:
    """Take a file away from a customer: the log keeps that it was there, its content is deleted.

    Raises:
        UnknownCustomerError: there is no such customer for ``by``.
        ForbiddenError: ``by`` may not edit this customer.
        StatementError: it is not there.
    """
    path = _path(_found(customer_id, file_id, by).key)
    fields = {"file_id": file_id}
    with transaction.atomic():
        number = state(customer_id, FILE_REMOVED, fields, by=by, at=at, told=fields)
        transaction.on_commit(lambda: path.unlink(missing_ok=True))
    return number


def open_file(customer_id: int, file_id: int, *, by: Actor, at: datetime) -> tuple[FileView, bytes]:
    """A file and its content, for somebody who may see the customer; noted in the audit.

    Raises:
        UnknownCustomerError: there is no such customer for ``by``.
        StatementError: it is not there.
    """
    found = _found(customer_id, file_id, by)
    try:
        content = _path(found.key).read_bytes()
    except FileNotFoundError:
        raise StatementError(
            Words(
                "文件内容不在数据目录的 attachments 中，请从备份恢复",
                "the content is not in the data directory's attachments; restore it from a backup",
            )
        ) from None
    note(
        "file.downloaded",
        by=by,
        at=at,
        about=f"customer:{customer_id}",
        detail={"file": file_id},
    )
    return found, content


def media_type_of(content: bytes) -> str | None:
    """What a file is, by its content; ``None`` for kinds that are not kept.

    PDF, PNG, JPEG, GIF, WebP, Office documents, and plain text that is no markup.
    """
    for beginning, media_type in _BEGINNINGS:
        if content.startswith(beginning):
            return media_type
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if content.startswith(b"PK"):
        office = b"[Content_Types].xml" in content
        return next((kind for part, kind in _IN_ZIP if office and part in content), None)
    return "text/plain" if _is_text(content) else None


def clean_name(name: str) -> str:
    """A file name without a path and without characters that mean something to a system."""
    plain = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(letter for letter in plain if letter.isprintable() and letter not in '<>:"|?*')
    return kept.strip(". ")[-150:] or "file"


def _is_text(content: bytes) -> bool:
    if b"\x00" in content or _MARKUP.search(content[:1024]):
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


def _checked(content: bytes) -> str:
    if not content:
        raise StatementError(Words("文件是空的", "the file is empty"))
    if len(content) > LARGEST_FILE:
        most = LARGEST_FILE // 1024 // 1024
        raise StatementError(
            Words(zh=f"文件超过 {most} MB", en=f"the file is larger than {most} MB")
        )
    media_type = media_type_of(content)
    if media_type is None:
        raise StatementError(
            Words(
                "不支持这种文件：可以添加 PDF、图片（PNG、JPEG、GIF、WebP）、Office 文档和纯文本",
                "files of this kind are not kept: attach PDF, images (PNG, JPEG, GIF, WebP), "
                "Office documents or plain text",
            )
        )
    return media_type


def _found(customer_id: int, file_id: int, by: Actor) -> FileView:
    for file in files_of(customer_id, viewer=by):
        if file.id == file_id:
            return file
    raise StatementError(Words("这个附件已不存在", "this file is no longer there"))


def _path(key: str) -> Path:
    if not _KEY.fullmatch(key):
        raise StatementError(Words("附件编号不正确", "the key of the file is malformed"))
    return Home(Path(settings.TENURE_HOME)).attachments / key[-2:] / key


def _store(key: str, content: bytes) -> Path:
    """Write the file whole, readable by the owner only."""
    path = _path(key)
    path.parent.parent.mkdir(mode=OWNER_ONLY_DIRECTORY, parents=True, exist_ok=True)
    path.parent.mkdir(mode=OWNER_ONLY_DIRECTORY, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY_FILE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return path
