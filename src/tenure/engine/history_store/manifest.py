"""What the stored history of one lifecycle consists of."""

from __future__ import annotations

from pathlib import Path

import msgspec

from tenure.engine.durable import replace_file
from tenure.words import TenureError, Words

Meta = dict[str, str | int | None]
"""What the caller wants to know again: definition version, cursor, moment of building."""


class HistoryError(TenureError):
    """The stored history cannot be used; says why and what mends it."""


class Delta(msgspec.Struct, frozen=True):
    """Customers whose whole history was replaced after the base was written.

    Attributes:
        generation: later deltas supersede earlier ones for the customers they name.
        rows_path: file of their new intervals, with a ``generation`` column.
        customers_path: file of the replaced customers, also those left without an interval.
        rows: number of intervals.
        customers: number of customers.
    """

    generation: int
    rows_path: str
    customers_path: str
    rows: int
    customers: int


class Manifest(msgspec.Struct, frozen=True):
    """One lifecycle's history.

    Attributes:
        generation: of the last write; names of files are made of it and never used twice.
        base_path: file of the base intervals, or ``None`` before the first build.
        base_rows: number of intervals in it.
        deltas: oldest first.
        meta: the caller's.
    """

    generation: int = 0
    base_path: str | None = None
    base_rows: int = 0
    deltas: tuple[Delta, ...] = ()
    meta: Meta = {}

    def files(self) -> set[str]:
        """Names of all files that belong to the history."""
        paths = {path for d in self.deltas for path in (d.rows_path, d.customers_path)}
        return paths | ({self.base_path} if self.base_path else set())


def load(path: Path) -> Manifest:
    """The manifest in ``path``; that of an empty history where there is no file.

    Raises:
        HistoryError: the file is not a manifest.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=Manifest)
    except FileNotFoundError:
        return Manifest()
    except msgspec.DecodeError as problem:
        raise HistoryError(
            Words(
                zh=f"阶段历史清单 {path} 已损坏（{problem}）。请运行 tenure rebuild 重新计算。",
                en=f"the manifest of the stage history {path} is damaged ({problem}). "
                "Run `tenure rebuild` to compute it anew.",
            )
        ) from problem


def save(path: Path, manifest: Manifest) -> None:
    """Switch ``path`` to ``manifest`` atomically and durably."""
    replace_file(path, msgspec.json.encode(manifest))
