"""The lake's door for writers and readers."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from tenure.engine.durable import reader_present, remove_all_but, sole_writer, sync_directory
from tenure.engine.lake.admission import admitted
from tenure.engine.lake.compaction import Sizes, groups_to_merge, rows_of
from tenure.engine.lake.conformity import conforms, incomplete_parts
from tenure.engine.lake.draft import Draft
from tenure.engine.lake.manifest import LakeError, Manifest, load, save
from tenure.engine.lake.parts import read_parts
from tenure.engine.lake.snapshot import Snapshot
from tenure.engine.schema import EVENT_BASE, event_schema, promote
from tenure.words import Words

if TYPE_CHECKING:
    from tenure.definitions import Library

MANIFEST = "manifest.json"
SHADOW = "rebuild.json"


class Lake:
    """One directory of event parts with a cursor.

    One process writes at a time (a file lock); readers need no lock, but those that hold
    ``reading()`` are sure that no file they read is removed. Without it files stay until the
    write after the one that replaced them.

    Args:
        root: the directory, made if absent.
        sizes: when parts are split and merged.
        lock_seconds: how long a writer waits for another.
    """

    def __init__(
        self,
        root: Path,
        *,
        sizes: Sizes | None = None,
        lock_seconds: float = 60.0,
        manifest_name: str = MANIFEST,
    ) -> None:
        self.root = root
        self._sizes = sizes or Sizes()
        self._lock_seconds = lock_seconds
        self._manifest_path = root / manifest_name

    # -- reading ---------------------------------------------------------------------------

    def snapshot(self) -> Snapshot:
        """The lake now; an empty one before the first write."""
        return Snapshot(self.root, load(self._manifest_path) or Manifest())

    @contextmanager
    def reading(self) -> Iterator[Snapshot]:
        """The lake now, none of whose files is removed inside the ``with`` block."""
        self.root.mkdir(parents=True, exist_ok=True)
        with reader_present(self.root / "readers.lock"):
            yield self.snapshot()

    @property
    def cursor(self) -> int:
        """The last ``event_id`` contained; 0 for none."""
        return self.snapshot().cursor

    def parts(self, types: Iterable[str] | None = None) -> list[Path]:
        """See ``Snapshot.parts``."""
        return self.snapshot().parts(types)

    # -- writing ---------------------------------------------------------------------------

    def append(self, batches: Iterable[pa.Table | pa.RecordBatch], *, cursor: int) -> int:
        """Add the events after the lake's cursor, up to ``cursor``, all or none.

        Events at or below the lake's cursor are left out, so a batch repeated after a crash is
        contained once. Give large appends (a million events) when there are many: small ones
        wait in mixed parts to be merged.

        Args:
            batches: the columns of ``EVENT_BASE`` and promoted columns; read as a stream. Of the
                columns declared by ``conform``, only those may be left out that are NULL for
                all events of the batch.
            cursor: the last ``event_id`` of the log that the batches cover.

        Returns:
            How many events were added.

        Raises:
            LakeError: wrong columns, or an event beyond ``cursor``.
            StorageFullError: no room; nothing was added.
            StorageBusyError: another writer did not finish.
        """
        with self._writing() as manifest:
            if cursor <= manifest.cursor:
                return 0
            draft, added = Draft(self.root, manifest), 0
            for table in admitted(batches, manifest, cursor, self._sizes.flush_rows):
                added += len(table)
                draft.add(table, at_least=self._sizes.month_rows, promised=draft.promised)
            grown = draft.finished(cursor=cursor)
            save(self._manifest_path, grown)
            self._merge(grown, within=self._sizes.tick_rows)
            return added

    def compact(self) -> int:
        """Merge all small parts, month by month; how many files fewer there are."""
        with self._writing() as manifest:
            merged = self._merge(manifest, within=None)
            return len(manifest.parts) - len(merged.parts)

    def conform(self, library: Library) -> int:
        """Give the lake the columns of ``library``, out of the properties of its events.

        Parts that lack a column for a type they hold are written anew. Call it after publishing
        definitions; it costs nothing when nothing changed.

        Returns:
            How many events were written anew.
        """
        schema = event_schema(library)
        if conforms(self.snapshot().manifest, library):
            return 0
        with self._writing() as manifest:
            draft, old = Draft(self.root, manifest), incomplete_parts(manifest, library)
            for part in old:
                events = read_parts(self.root, [part]).select(EVENT_BASE.names)
                draft.parts.append(draft.write(promote(events, schema), month=part.month))
            shape = draft.write(schema.empty_table(), month="shape")
            save(self._manifest_path, draft.finished(without=set(old), shape=shape))
            return sum(part.rows for part in old)

    def rebuilding(self, *, fresh: bool = False) -> Lake:
        """A shadow of this lake to fill from the log's start while readers use the old one.

        It keeps its own cursor, so an interrupted rebuild goes on; ``take_over`` ends it.

        Args:
            fresh: forget what an interrupted rebuild had done.
        """
        shadow = Lake(
            self.root, sizes=self._sizes, lock_seconds=self._lock_seconds, manifest_name=SHADOW
        )
        with self._writing() as manifest:
            begun = load(shadow._manifest_path)
            if fresh or begun is None:
                last = max(manifest.generation, begun.generation if begun else 0)
                save(shadow._manifest_path, Manifest(generation=last + 1, shape=manifest.shape))
        return shadow

    def take_over(self) -> None:
        """Make this shadow (of ``rebuilding``) the lake, atomically."""
        with self._writing():
            os.replace(self._manifest_path, self.root / MANIFEST)  # noqa: PTH105  the commit
            sync_directory(self.root)

    # -- inside the lock -------------------------------------------------------------------

    @contextmanager
    def _writing(self) -> Iterator[Manifest]:
        """The manifest under the writer's lock, leftovers of crashes removed."""
        self.root.mkdir(parents=True, exist_ok=True)
        with sole_writer(self.root / "writer.lock", wait_seconds=self._lock_seconds):
            self._sweep()
            manifest = load(self._manifest_path)
            if manifest is None and self._manifest_path.name == SHADOW:
                raise LakeError(
                    Words(
                        zh="没有正在进行的数据湖重建；请重新开始 tenure rebuild。",
                        en="no rebuild of the lake is going on; start `tenure rebuild` again.",
                    )
                )
            try:
                yield manifest or Manifest()
            except BaseException:
                self._sweep()
                raise

    def _sweep(self) -> None:
        """Remove files that no manifest names, unless someone reads."""
        manifests = [load(self.root / MANIFEST), load(self.root / SHADOW)]
        live = {
            self.root / part.path for manifest in manifests if manifest for part in manifest.files()
        }
        remove_all_but(live, (self.root / "events").glob("*/*"), readers=self.root / "readers.lock")

    def _merge(self, manifest: Manifest, *, within: int | None) -> Manifest:
        """Merge groups of parts, smallest first, one switch of the manifest each.

        Args:
            manifest: the one now valid.
            within: merge full magnitudes only and no more events than this in all, so that no
                single append takes long; ``None`` merges everything there is to merge.
        """
        everything, left = within is None, within or 0
        at_least = 0 if everything else self._sizes.spread_rows
        while True:
            groups = groups_to_merge(manifest.parts, self._sizes, everything=everything)
            group = min(groups, key=rows_of, default=None)
            if group is None or (not everything and rows_of(group) > left):
                return manifest
            left -= rows_of(group)
            draft = Draft(self.root, manifest)
            merged = read_parts(self.root, group)
            draft.add(merged, at_least=at_least, promised=group[0].columns)
            manifest = draft.finished(without=set(group))
            save(self._manifest_path, manifest)
