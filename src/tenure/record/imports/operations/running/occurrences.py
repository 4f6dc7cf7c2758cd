"""Tells how many times equal rows were seen in a file, in bounded memory."""

from __future__ import annotations

import sqlite3
import tempfile
from types import TracebackType

IN_MEMORY = 2_000_000


class Occurrences:
    """Counts rows by their identity; past ``limit`` different rows it moves to a scratch file."""

    def __init__(self, limit: int = IN_MEMORY) -> None:
        self._limit = limit
        self._seen: set[bytes] = set()
        self._again: dict[bytes, int] = {}
        self._directory: tempfile.TemporaryDirectory[str] | None = None
        self._scratch: sqlite3.Connection | None = None

    def __enter__(self) -> Occurrences:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._scratch is not None:
            self._scratch.close()
        if self._directory is not None:
            self._directory.cleanup()

    def number(self, identity: bytes) -> int:
        """1 for the first row of this identity, 2 for the next equal one…"""
        if self._scratch is not None:
            return self._number_on_disk(identity)
        if identity not in self._seen:
            self._seen.add(identity)
            if len(self._seen) > self._limit:
                self._move()
            return 1
        number = self._again.get(identity, 1) + 1
        self._again[identity] = number
        return number

    def _move(self) -> None:
        self._directory = tempfile.TemporaryDirectory(prefix="tenure-import-")
        scratch = sqlite3.connect(f"{self._directory.name}/rows.sqlite3", isolation_level=None)
        scratch.execute("PRAGMA journal_mode=OFF")
        scratch.execute("PRAGMA synchronous=OFF")
        scratch.execute("CREATE TABLE row (identity BLOB PRIMARY KEY, n INTEGER) WITHOUT ROWID")
        scratch.execute("BEGIN")
        scratch.executemany(
            "INSERT INTO row VALUES (?, ?)",
            ((identity, self._again.get(identity, 1)) for identity in sorted(self._seen)),
        )
        self._seen.clear()
        self._again.clear()
        self._scratch = scratch

    def _number_on_disk(self, identity: bytes) -> int:
        assert self._scratch is not None
        found = self._scratch.execute(
            "INSERT INTO row VALUES (?, 1) ON CONFLICT DO UPDATE SET n = n + 1 RETURNING n",
            (identity,),
        ).fetchone()
        return int(found[0])
