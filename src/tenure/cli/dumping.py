"""The database as of one moment, by the tools that each engine has for it."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import subprocess
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tenure.words import TenureError, Words


class ArchiveError(TenureError):
    """A backup cannot be written, read or restored."""


def dump_sqlite(database: Path, copy: Path) -> None:
    """Copy the database file as of one moment, while writers go on.

    Raises:
        ArchiveError: there is no such file.
    """
    if not database.exists():
        raise ArchiveError(
            Words(
                zh=f"{database} 不存在，没有可备份的数据",
                en=f"{database} does not exist: there is nothing to back up",
            )
        )
    with (
        contextlib.closing(sqlite3.connect(database)) as source,
        contextlib.closing(sqlite3.connect(copy)) as target,
    ):
        source.backup(target)


def dump_postgresql(url: str, copy: Path) -> None:
    """Dump the database at ``url`` as of one moment; raises ``ArchiveError`` when it cannot."""
    _run_with(url, ["pg_dump", "--format=custom", f"--file={copy}"])


def restore_postgresql(dump: Path, url: str) -> None:
    """Fill the database at ``url`` from ``dump``, whole or not at all."""
    options = ["--clean", "--if-exists", "--single-transaction", "--no-owner"]
    _run_with(url, ["pg_restore", *options, str(dump)])


def _run_with(url: str, command: list[str]) -> None:
    # The password goes by the environment: everybody on the machine sees arguments.
    address = urlsplit(url)
    password = {"PGPASSWORD": unquote(address.password)} if address.password else {}
    host = address.netloc.rpartition("@")[2]
    account = f"{address.username}@" if address.username else ""
    bare = address._replace(netloc=f"{account}{host}").geturl()
    command = [command[0], f"--dbname={bare}", *command[1:]]
    try:
        subprocess.run(
            command, check=True, capture_output=True, text=True, env={**os.environ, **password}
        )
    except FileNotFoundError as error:
        raise ArchiveError(
            Words(
                zh=f"找不到 {command[0]}，请安装 PostgreSQL 客户端程序",
                en=f"{command[0]} not found: install the PostgreSQL client programs",
            )
        ) from error
    except subprocess.CalledProcessError as error:
        why = str(error.stderr).strip()
        raise ArchiveError(
            Words(zh=f"{command[0]} 失败：{why}", en=f"{command[0]} failed: {why}")
        ) from error
