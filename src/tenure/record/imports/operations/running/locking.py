"""Keeps two processes from running the same import."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from tenure.words import Words

from ..problems import CannotImportError

_TRIES, _PAUSE_SECONDS = 20, 0.01


@contextmanager
def only_one(folder: Path, import_id: int) -> Iterator[None]:
    """Hold the import; the operating system lets go of it when the process dies.

    The lock's file stays: were it removed, one that has it open and one that makes it anew
    would hold the import both.

    Raises:
        CannotImportError: another process holds it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _path(folder, import_id).open("w") as lock:
        if not _taken(lock):
            raise CannotImportError(
                Words(
                    zh=f"导入 {import_id} 正在另一个进程中运行",
                    en=f"import {import_id} is running in another process",
                )
            )
        yield


def _taken(lock: TextIO) -> bool:
    """Whether the lock could be had; one that only looks at it holds it for a moment."""
    for _ in range(_TRIES):
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(_PAUSE_SECONDS)
        else:
            return True
    return False


def is_running(folder: Path, import_id: int) -> bool:
    """Whether a process holds the import now."""
    try:
        with _path(folder, import_id).open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def _path(folder: Path, import_id: int) -> Path:
    return folder / f".import-{import_id}.lock"
