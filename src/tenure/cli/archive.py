"""A whole installation in one file: the database as of one moment, its files, its secrets.

The lake is not in it: it is derived, and rebuilt after a restore.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec

import tenure
from tenure.cli.dumping import ArchiveError, dump_postgresql, dump_sqlite, restore_postgresql
from tenure.home import OWNER_ONLY_DIRECTORY, OWNER_ONLY_FILE, Home
from tenure.words import Words

FORMAT = 1
CONTENTS = "contents.json"
_SQLITE, _POSTGRESQL = "database.sqlite3", "database.dump"
_PREFERENCES, _ATTACHMENTS, _SPOOL = "preferences.json", "attachments", "spool"
# Full disks and missing permissions are not the fault of the file.
_OF_THE_MACHINE = {errno.ENOSPC, errno.EDQUOT, errno.EACCES}


class Contents(msgspec.Struct, frozen=True):
    """What an archive holds.

    Attributes:
        format: number of the archive's layout.
        engine: ``sqlite`` or ``postgresql``.
        made_at: aware UTC moment of the backup.
        tenure: version of the program that made it.
        sha256: digest of every file in it, by path.
    """

    format: int
    engine: str
    made_at: datetime
    tenure: str
    sha256: dict[str, str]


def write_archive(file: Path, home: Home, url: str, *, at: datetime) -> Contents:
    """Write the installation to ``file``, readable by its owner only, while it goes on running.

    Args:
        file: a new file; an existing one is not overwritten.
        home: the data directory.
        url: the PostgreSQL address, or empty for SQLite.
        at: the moment of the backup.

    Raises:
        ArchiveError: the file exists, the disk is full, or the database cannot be read.
    """
    if file.exists():
        raise ArchiveError(
            Words(
                zh=f"{file} 已存在，不会覆盖；请换一个文件名",
                en=f"{file} exists and is not overwritten: choose another name",
            )
        )
    with tempfile.TemporaryDirectory(dir=file.absolute().parent, prefix=".backup-") as draft:
        folder = Path(draft)
        _copy_installation(home, url, folder)
        contents = Contents(
            FORMAT, "postgresql" if url else "sqlite", at, tenure.__version__, _digests(folder)
        )
        (folder / CONTENTS).write_bytes(msgspec.json.encode(contents))
        _pack(folder, file)
    return contents


def read_archive(file: Path, folder: Path) -> Contents:
    """Unpack ``file`` into ``folder`` and check every digest.

    Raises:
        ArchiveError: not an archive of ours, of a newer layout, or damaged.
    """
    if not file.is_file():
        raise ArchiveError(
            Words(zh=f"找不到备份文件 {file}", en=f"there is no backup {file}; check the name")
        )
    try:
        with tarfile.open(file) as tar:
            tar.extractall(folder, filter="data")
        contents = msgspec.json.decode((folder / CONTENTS).read_bytes(), type=Contents)
    except (tarfile.TarError, msgspec.MsgspecError, zlib.error, EOFError, OSError) as error:
        if isinstance(error, OSError) and error.errno in _OF_THE_MACHINE:
            raise
        raise ArchiveError(
            Words(
                zh=f"{file} 不是可用的备份：不是 tenure backup 写的，或者不完整；请换另一份",
                en=f"{file} is not a usable backup: not written by tenure backup, "
                "or incomplete; use another one",
            )
        ) from error
    if contents.format > FORMAT:
        raise ArchiveError(
            Words(
                zh=f"{file} 由更新的版本（{contents.tenure}）生成，请先升级",
                en=f"{file} was made by a newer version ({contents.tenure}): upgrade first",
            )
        )
    found = {path: digest for path, digest in _digests(folder).items() if path != CONTENTS}
    if found != contents.sha256:
        damaged = min(set(found.items()) ^ set(contents.sha256.items()))[0]
        raise ArchiveError(
            Words(
                zh=f"{file} 已损坏：{damaged} 与校验值不符，请换另一份备份",
                en=f"{file} is damaged: {damaged} does not match its digest; use another backup",
            )
        )
    return contents


def restore_archive(file: Path, home: Home, url: str, *, at: datetime) -> Contents:
    """Put the installation in ``file`` in the place of ``home``.

    What was in ``home`` before is kept beside it under a dated name, never deleted.

    Args:
        file: an archive of ``write_archive``.
        home: the data directory to fill.
        url: the PostgreSQL address, or empty for SQLite.
        at: the moment of the restore, part of the dated name.

    Raises:
        ArchiveError: the archive is unusable, or was made on the other database engine.
    """
    with tempfile.TemporaryDirectory(dir=_parent(home), prefix=".restore-") as draft:
        folder = Path(draft)
        contents = read_archive(file, folder)
        engine = "postgresql" if url else "sqlite"
        if contents.engine != engine:
            raise ArchiveError(
                Words(
                    zh=f"备份来自 {contents.engine}，当前是 {engine}；请设置相应的 DATABASE_URL",
                    en=f"the backup is of {contents.engine}, this is {engine}: "
                    "set DATABASE_URL accordingly",
                )
            )
        if url:
            restore_postgresql(folder / _POSTGRESQL, url)
        _change_places(folder, home, at)
    return contents


def _parent(home: Home) -> Path:
    home.root.parent.mkdir(parents=True, exist_ok=True)
    return home.root.parent


def _copy_installation(home: Home, url: str, folder: Path) -> None:
    # Keys may be rotated meanwhile: they are read before and after the database,
    # and all kept, so that the copy can always be decrypted.
    _copy_secrets(home, folder)
    if (home.root / _PREFERENCES).exists():
        shutil.copy(home.root / _PREFERENCES, folder)
    # before the database: what is loaded meanwhile is in both, and recognised as a repeat
    _copy_spool(home.spool, folder / _SPOOL)
    if url:
        dump_postgresql(url, folder / _POSTGRESQL)
    else:
        dump_sqlite(home.database, folder / _SQLITE)
    # after the database: every file that an event in it names is there by now
    if home.attachments.is_dir():
        shutil.copytree(home.attachments, folder / _ATTACHMENTS)
    if _digests(home.secrets) != _digests(folder / "secrets"):
        raise ArchiveError(
            Words(
                zh="备份期间密钥发生了轮换，请重试",
                en="keys were rotated during the backup: try again",
            )
        )


def _copy_secrets(home: Home, folder: Path) -> None:
    if home.secrets.is_dir():
        shutil.copytree(home.secrets, folder / "secrets")
    else:
        (folder / "secrets").mkdir()


def _copy_spool(spool: Path, copy: Path) -> None:
    """What was taken and is not in the log yet; a segment loaded meanwhile may be gone."""
    for segment in spool.glob("*.segment"):
        copy.mkdir(exist_ok=True)
        with suppress(FileNotFoundError):
            shutil.copy(segment, copy)


def _pack(folder: Path, file: Path) -> None:
    draft = folder.with_suffix(".tar")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY_FILE)
    try:
        with (
            os.fdopen(descriptor, "wb") as raw,
            tarfile.open(fileobj=raw, mode="w:gz", compresslevel=6) as tar,
        ):
            for path in sorted(folder.iterdir()):
                tar.add(path, arcname=path.name)
        draft.rename(file)
    except OSError as error:
        raise ArchiveError(
            Words(zh=f"无法写入 {file}：{error}", en=f"cannot write {file}: {error}")
        ) from error
    finally:
        draft.unlink(missing_ok=True)


def _digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): _digest(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _change_places(folder: Path, home: Home, at: datetime) -> None:
    if home.root.exists():
        home.root.rename(home.root.with_name(f"{home.root.name}.before-{at:%Y%m%dT%H%M%SZ}"))
    home.ensure()
    for name, target in _moves(folder, home):
        if target.is_dir():
            target.rmdir()
        (folder / name).rename(target)
    # Unpacking does not keep the mode of folders.
    home.secrets.chmod(OWNER_ONLY_DIRECTORY)
    for kept in filter(Path.is_dir, (home.attachments, home.spool)):
        for place in (kept, *kept.rglob("*")):
            place.chmod(OWNER_ONLY_DIRECTORY if place.is_dir() else OWNER_ONLY_FILE)


def _moves(folder: Path, home: Home) -> Iterator[tuple[str, Path]]:
    yield "secrets", home.secrets
    if (folder / _SQLITE).exists():
        yield _SQLITE, home.database
    if (folder / _PREFERENCES).exists():
        yield _PREFERENCES, home.root / _PREFERENCES
    if (folder / _ATTACHMENTS).exists():
        yield _ATTACHMENTS, home.attachments
    if (folder / _SPOOL).exists():
        yield _SPOOL, home.spool
