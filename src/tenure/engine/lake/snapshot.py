"""The lake as a reader sees it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from tenure.engine.lake.manifest import Manifest
from tenure.engine.lake.parts import column_type
from tenure.engine.schema import EVENT_BASE


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The lake at one moment: one manifest, whose files do not change."""

    root: Path
    manifest: Manifest

    @property
    def cursor(self) -> int:
        """The last ``event_id`` contained."""
        return self.manifest.cursor

    def parts(self, types: Iterable[str] | None = None) -> list[Path]:
        """The files to read for events of ``types`` (all types if ``None``).

        The first file has no rows and every declared column; columns differ between files, so
        read them as a union by name, a missing column being NULL. Files may hold other types
        too: filter on ``type``.
        """
        wanted = None if types is None else set(types)
        chosen = [
            p
            for p in self.manifest.files()
            if not p.rows or wanted is None or wanted & set(p.types)
        ]
        return [self.root / part.path for part in chosen]

    @property
    def schema(self) -> pa.Schema:
        """All columns of all parts: the base, then promoted ones by name."""
        columns = self.manifest.schema_columns()
        return pa.schema(
            [*EVENT_BASE, *((name, column_type(kind)) for name, kind in columns.items())]
        )
