"""Parts being written for the next manifest; nothing counts until that is switched."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pyarrow as pa

from tenure.engine.durable import sync_directory
from tenure.engine.lake.manifest import Columns, Manifest, Part
from tenure.engine.lake.parts import pieces_by_month, write_part


class Draft:
    """New files beside those of ``manifest``, and the manifest they will make.

    Args:
        root: directory of the lake.
        manifest: the one now valid.
    """

    def __init__(self, root: Path, manifest: Manifest) -> None:
        self._root = root
        self._manifest = manifest
        self._sequence = manifest.sequence
        self.parts: list[Part] = []

    @property
    def promised(self) -> Columns:
        """The columns that appended events answer for: those declared to the lake."""
        return self._manifest.shape.columns if self._manifest.shape else ()

    def add(self, table: pa.Table, *, at_least: int, promised: Columns) -> None:
        """Write ``table`` by month; months with fewer than ``at_least`` rows share one part.

        Args:
            table: events.
            at_least: rows that make a part of their own.
            promised: columns it answers for though it may not have them, being NULL.
        """
        table = table.combine_chunks()
        pieces = pieces_by_month(table, at_least=at_least)
        named = [(month, rows, self._next_name()) for month, rows in pieces]
        # taking, encoding and compressing run outside Python's lock
        with ThreadPoolExecutor(min(len(named), os.cpu_count() or 1) or 1) as pool:
            written = pool.map(
                lambda piece: write_part(
                    self._root,
                    table.take(piece[1]),
                    month=piece[0],
                    name=piece[2],
                    promised=promised,
                ),
                named,
            )
            self.parts.extend(written)

    def write(self, table: pa.Table, *, month: str) -> Part:
        """Write ``table`` as one part, under a name never used before."""
        return write_part(self._root, table, month=month, name=self._next_name())

    def _next_name(self) -> str:
        self._sequence += 1
        return f"part-{self._manifest.generation:04d}-{self._sequence:08d}"

    def finished(
        self,
        *,
        without: set[Part] | None = None,
        cursor: int | None = None,
        shape: Part | None = None,
    ) -> Manifest:
        """Make the written files durable under their names; the manifest that has them.

        Args:
            without: parts they replace.
            cursor: the new cursor, if it moves.
            shape: the new shape, if it changes.
        """
        written = [*self.parts, *([shape] if shape else [])]
        for directory in sorted({(self._root / part.path).parent for part in written}):
            sync_directory(directory)
        if written:
            sync_directory(self._root / "events")
        kept = [part for part in self._manifest.parts if part not in (without or set())]
        return msgspec.structs.replace(
            self._manifest,
            cursor=self._manifest.cursor if cursor is None else cursor,
            sequence=self._sequence,
            parts=(*kept, *self.parts),
            shape=shape or self._manifest.shape,
        )
