"""Files that survive a killed process and a full disk: written aside, synced, then renamed.

The order is always the same: content under a temporary name, ``fsync``, ``rename``, ``fsync``
of the directory. A reader sees the old file or the new one, never half of one (the rules of
POSIX ``rename``; see Pillai et al., "All File Systems Are Not Created Equal", OSDI 2014).
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.parquet as pq

from tenure.words import TenureError, Words

TEMPORARY = ".tmp"
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_PAUSE_SECONDS = 0.02


class StorageFullError(TenureError):
    """The disk (or the user's quota) has no room left; what was stored before is untouched."""


class StorageBusyError(TenureError):
    """Another process holds the only writer's place for too long."""


@contextmanager
def room_needed(path: Path) -> Iterator[None]:
    """Turn "no space left" while writing below ``path`` into words a user can act on.

    Raises:
        StorageFullError: instead of the operating system's error.
    """
    try:
        yield
    except OSError as problem:
        if problem.errno not in _NO_ROOM:
            raise
        raise StorageFullError(
            Words(
                zh=f"磁盘空间不足，无法写入 {path}。已有数据完好无损；请腾出空间后重试。",
                en=f"no space left to write {path}. What was stored is untouched; "
                "free some space and run the same again.",
            )
        ) from problem


def sync_directory(directory: Path) -> None:
    """Make renames and removals inside ``directory`` durable."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def temporary_of(path: Path) -> Path:
    """The name under which ``path`` is written before it is complete."""
    return path.with_name(path.name + TEMPORARY)


def put_in_place(path: Path) -> None:
    """Rename the complete, synced temporary of ``path`` to ``path``."""
    os.replace(temporary_of(path), path)  # noqa: PTH105  the system call by name


def replace_file(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path`` so that a crash leaves the old content or the new, whole.

    Raises:
        StorageFullError: no room; the old content stays.
    """
    aside = temporary_of(path)
    with room_needed(path):
        with aside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        put_in_place(path)
        sync_directory(path.parent)


def write_parquet(
    path: Path,
    table: pa.Table,
    *,
    row_group: int,
    repeated: Collection[str] = (),
    compression: Literal["zstd", "snappy"] = "zstd",
) -> None:
    """Write ``table`` to ``path``, synced and whole; the directory is not synced.

    Args:
        path: where; its directory is made if absent.
        table: the rows.
        row_group: rows per group, the unit that readers skip by statistics.
        repeated: columns whose values come again and again, kept as a dictionary.
        compression: ``zstd`` is a fifth smaller, ``snappy`` read in two thirds of the time.

    Raises:
        StorageFullError: no room.
    """
    with room_needed(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary_of(path).open("wb") as file:
            pq.write_table(
                table,
                file,
                row_group_size=row_group,
                compression=compression,
                # the stubs know only the switch for all columns
                use_dictionary=list(repeated),  # type: ignore[arg-type]
            )
            file.flush()
            os.fsync(file.fileno())
        put_in_place(path)


def adopt_file(written: Path, path: Path) -> None:
    """Move the complete file ``written`` to ``path`` durably; the directory is not synced."""
    with room_needed(path):
        with written.open("rb") as file:
            os.fsync(file.fileno())
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(written, temporary_of(path))
        put_in_place(path)


def remove_all_but(live: set[Path], files: Iterable[Path], *, readers: Path) -> None:
    """Remove those ``files`` that are not ``live``, unless someone holds the lock ``readers``."""
    with no_readers(readers) as alone:
        for path in files if alone else ():
            if path not in live:
                path.unlink()


@contextmanager
def sole_writer(lock: Path, *, wait_seconds: float = 60.0) -> Iterator[None]:
    """Hold the exclusive lock file ``lock``; the system frees it when the process dies.

    Args:
        lock: path of the lock file, made if absent.
        wait_seconds: how long to wait for another writer.

    Raises:
        StorageBusyError: another writer did not finish in time.
    """
    with lock.open("ab") as file:
        for _ in range(max(1, round(wait_seconds / _PAUSE_SECONDS))):
            if take(file.fileno(), fcntl.LOCK_EX):
                break
            time.sleep(_PAUSE_SECONDS)
        else:
            raise StorageBusyError(
                Words(
                    zh=f"另一个 Tenure 进程正在写入 {lock.parent}，等待 {wait_seconds:g} 秒后放弃。"
                    "请等它完成或先停止它，然后重试。",
                    en=f"another Tenure process is writing {lock.parent}; gave up after "
                    f"{wait_seconds:g} s. Let it finish or stop it, then try again.",
                )
            )
        yield


def take(descriptor: int, mode: int) -> bool:
    """Try ``flock`` in ``mode`` without waiting; whether it was given."""
    try:
        fcntl.flock(descriptor, mode | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def reader_present(lock: Path) -> Iterator[None]:
    """Hold ``lock`` together with other readers, so that nothing they read is removed."""
    with lock.open("ab") as file:
        fcntl.flock(file.fileno(), fcntl.LOCK_SH)
        yield


@contextmanager
def no_readers(lock: Path) -> Iterator[bool]:
    """Whether nobody reads now; while ``True``, new readers wait."""
    with lock.open("ab") as file:
        yield take(file.fileno(), fcntl.LOCK_EX)
