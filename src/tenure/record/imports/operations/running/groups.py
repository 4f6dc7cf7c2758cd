"""Brings the rows of a group together wherever they stand, sorting on disk."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import msgspec
import pyarrow as pa

from tenure.words import Words

from ..planning.plan import Plan
from ..problems import RowProblem
from ..reading.table import Cells, Refuse, Table

_BATCH = 20_000
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder().decode
_LARGEST_GROUP = 100_000
_SORTED = """
SELECT rows.name, rows.line, rows.body
FROM rows JOIN (SELECT name, min(line) AS first FROM rows GROUP BY name) AS groups USING (name)
ORDER BY groups.first, rows.line
"""

Group = tuple[str, list[tuple[int, Cells]]]


class Grouping:
    """The rows of a table, given group by group in the order of their first rows."""

    def __init__(self, table: Table, plan: Plan) -> None:
        self._table = table
        self._plan = plan
        self._total = 1
        self._given = 0

    def progress(self) -> float:
        """Reading is the first half of the work, giving the groups the second."""
        return self._table.progress() / 2 + self._given / self._total / 2

    def groups(self, refuse: Refuse) -> Iterator[Group]:
        """Each group as (key, rows); rows without a key go to ``refuse``."""
        with tempfile.TemporaryDirectory(prefix="tenure-import-") as directory:
            scratch = duckdb.connect(
                str(Path(directory) / "rows.duckdb"),
                config={"memory_limit": "512MB", "threads": 2, "temp_directory": directory},
            )
            try:
                self._spool(scratch, refuse)
                yield from self._sorted(scratch, refuse)
            finally:
                scratch.close()

    def _spool(self, scratch: duckdb.DuckDBPyConnection, refuse: Refuse) -> None:
        scratch.execute("CREATE TABLE rows (name VARCHAR, line BIGINT, body BLOB)")
        names: list[str] = []
        lines: list[int] = []
        bodies: list[bytes] = []
        count = 0
        for line, cells in self._table.rows(refuse):
            try:
                names.append(self._plan.group_of(cells))
            except RowProblem as problem:
                refuse(line, cells, problem.words)
                continue
            lines.append(line)
            bodies.append(_encode(cells))
            count += 1
            if len(names) >= _BATCH:
                _insert(scratch, names, lines, bodies)
        _insert(scratch, names, lines, bodies)
        self._total = max(count, 1)

    def _sorted(self, scratch: duckdb.DuckDBPyConnection, refuse: Refuse) -> Iterator[Group]:
        current: str | None = None
        rows: list[tuple[int, Cells]] = []
        reader = scratch.execute(_SORTED)
        while found := reader.fetchmany(_BATCH):
            for name, line, body in found:
                if name != current:
                    if current is not None:
                        yield current, rows
                    current, rows = name, []
                if len(rows) >= _LARGEST_GROUP:
                    refuse(line, _decode(body), _too_large(name))
                    continue
                rows.append((line, _decode(body)))
            self._given += len(found)
        if current is not None:
            yield current, rows


def _insert(
    scratch: duckdb.DuckDBPyConnection, names: list[str], lines: list[int], bodies: list[bytes]
) -> None:
    if not names:
        return
    batch = pa.table(
        {"name": names, "line": pa.array(lines, pa.int64()), "body": pa.array(bodies, pa.binary())}
    )
    scratch.register("batch", batch)
    scratch.execute("INSERT INTO rows SELECT name, line, body FROM batch")
    scratch.unregister("batch")
    names.clear()
    lines.clear()
    bodies.clear()


def _too_large(name: str) -> Words:
    return Words(
        zh=f"「{name}」超过 {_LARGEST_GROUP:,} 行，group_by 的列选对了吗？",
        en=f"“{name}” has more than {_LARGEST_GROUP:,} rows: is group_by the right column?",
    )
