"""The one file that says which parts are the lake; switching it is the commit."""

from __future__ import annotations

from pathlib import Path

import msgspec

from tenure.engine.durable import replace_file
from tenure.words import TenureError, Words

MIXED = "recent"
"""The month of a part that holds events of several months: a small append."""

Columns = tuple[tuple[str, str], ...]
"""Names and Arrow types of promoted columns."""


class LakeError(TenureError):
    """The lake cannot do what was asked; says why and what mends it."""


class Part(msgspec.Struct, frozen=True):
    """One Parquet file.

    Attributes:
        path: relative to the lake's root, with ``/``.
        month: ``YYYY-MM`` of ``occurred_us`` (UTC), or ``recent`` for several months.
        rows: events in it.
        types: event types in it, sorted.
        columns: names and types of the promoted columns it answers for, such as
            ``("f_channel", "string")``; one that its file lacks is NULL for all its events.
    """

    path: str
    month: str
    rows: int
    types: tuple[str, ...]
    columns: Columns = ()


class Manifest(msgspec.Struct, frozen=True):
    """What the lake is at one moment.

    Attributes:
        cursor: the last ``event_id`` contained; 0 for none.
        generation: grows with every rebuild; part of file names.
        sequence: number of the last part written; names are never used twice.
        parts: the files, in the order of their making.
        shape: a part without rows that has all declared columns, so that a reader finds them
            even where no event has them yet.
    """

    cursor: int = 0
    generation: int = 1
    sequence: int = 0
    parts: tuple[Part, ...] = ()
    shape: Part | None = None

    @property
    def rows(self) -> int:
        """Number of events contained."""
        return sum(part.rows for part in self.parts)

    def schema_columns(self) -> dict[str, str]:
        """Promoted columns of any part, name to Arrow type, by name."""
        columns: dict[str, str] = {}
        for part in self.files():
            columns |= dict(part.columns)
        return dict(sorted(columns.items()))

    def files(self) -> tuple[Part, ...]:
        """All files the manifest names, the shape first."""
        return ((self.shape,) if self.shape else ()) + self.parts


def load(path: Path) -> Manifest | None:
    """The manifest in ``path``, or ``None`` where there is no file.

    Raises:
        LakeError: the file is not a manifest.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=Manifest)
    except FileNotFoundError:
        return None
    except msgspec.DecodeError as problem:
        raise LakeError(
            Words(
                zh=f"数据湖清单 {path} 已损坏（{problem}）。请运行 tenure rebuild 重新生成数据湖。",
                en=f"the lake's manifest {path} is damaged ({problem}). "
                "Run `tenure rebuild` to make the lake anew from the log.",
            )
        ) from problem


def save(path: Path, manifest: Manifest) -> None:
    """Switch ``path`` to ``manifest`` atomically and durably."""
    replace_file(path, msgspec.json.encode(manifest))
