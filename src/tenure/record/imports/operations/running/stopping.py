"""An import that stops: marked as such, and told about where the disk is full."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, transaction
from django.db.models import QuerySet

from tenure.words import Words

from ...models import Import
from ..problems import CannotImportError

_DATABASES = ("django", "sqlite3", "psycopg", "duckdb", "_duckdb")
_FULL = ("full", "no space left", "enospc", "disk quota")


class ImportStoppedError(CannotImportError):
    """An import that could not go on; what is recorded stays and it can be resumed."""


@contextmanager
def told_when_stopped(row: Import) -> Iterator[None]:
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
            running(row).update(status=Import.Status.STOPPED)
    except DatabaseError:
        return  # on a full disk it stays RUNNING, which can be resumed just the same


def running(row: Import) -> QuerySet[Import]:
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
