"""Keeps two processes from running the same import."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tenure.words import Words

from ..problems import CannotImportError


@contextmanager
def only_one(folder: Path, import_id: int) -> Iterator[None]:
    """Hold the import; the operating system lets go of it when the process dies.

    Raises:
        CannotImportError: another process holds it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f".import-{import_id}.lock"
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as problem:
            raise CannotImportError(
                Words(
                    zh=f"导入 {import_id} 正在另一个进程中运行",
                    en=f"import {import_id} is running in another process",
                )
            ) from problem
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


def is_running(folder: Path, import_id: int) -> bool:
    """Whether a process holds the import now."""
    path = folder / f".import-{import_id}.lock"
    try:
        with path.open("r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False
