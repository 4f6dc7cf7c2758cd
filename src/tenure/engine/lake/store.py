"""The lake's door for writers and readers."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from tenure.engine.durable import reader_present, remove_all_but, sole_writer, sync_directory
from tenure.engine.lake.compaction import Sizes, groups_to_merge
from tenure.engine.lake.draft import Draft
from tenure.engine.lake.manifest import LakeError, Manifest, Part, load, save
from tenure.engine.lake.parts import checked, column_type, read_parts
from tenure.engine.schema import EVENT_BASE, event_schema, promote, promoted_columns
from tenure.words import Words

if TYPE_CHECKING:
    from tenure.definitions import Library

MANIFEST = "manifest.json"
SHADOW = "rebuild.json"


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

    @property
    def schema_fields(self) -> pa.Schema:
        """See ``Snapshot.schema``."""
        return self.snapshot().schema

    def rebuild_needed(self, library: Library) -> bool:
        """Whether some part lacks a column that ``library`` declares for a type it holds."""
        return bool(_incomplete(self.snapshot().manifest, library))

    # -- writing ---------------------------------------------------------------------------

    def append(self, batches: Iterable[pa.Table | pa.RecordBatch], *, cursor: int) -> int:
        """Add the events after the lake's cursor, up to ``cursor``, all or none.

        Events at or below the lake's cursor are left out, so a batch repeated after a crash is
        contained once. Give large appends (a million events) when there are many: small ones
        wait in mixed parts to be merged.

        Args:
            batches: the columns of ``EVENT_BASE`` and any promoted columns; read as a stream.
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
            for table in _gathered(batches, manifest, cursor, self._sizes.flush_rows):
                added += len(table)
                draft.add(table, at_least=self._sizes.month_rows)
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
        with self._writing() as manifest:
            draft, old = Draft(self.root, manifest), _incomplete(manifest, library)
            names = {(f.name, str(f.type)) for f in schema} - {
                (f.name, str(f.type)) for f in EVENT_BASE
            }
            if not old and manifest.shape and names == set(manifest.shape.columns):
                return 0
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
        """Merge groups of parts, one switch of the manifest each, until none is due."""
        while True:
            groups = groups_to_merge(manifest.parts, self._sizes, everything=within is None)
            due = [g for g in groups if within is None or sum(p.rows for p in g) <= within]
            if not due:
                return manifest
            group, draft = due[0], Draft(self.root, manifest)
            at_least = 0 if within is None else self._sizes.spread_rows
            draft.add(read_parts(self.root, group), at_least=at_least)
            manifest = draft.finished(without=set(group))
            save(self._manifest_path, manifest)


def _gathered(
    batches: Iterable[pa.Table | pa.RecordBatch], manifest: Manifest, cursor: int, rows: int
) -> Iterator[pa.Table]:
    """The events after the manifest's cursor, in tables of about ``rows``."""
    known, held, count = manifest.schema_columns(), list[pa.Table](), 0
    for batch in batches:
        table = checked(batch)
        _refuse_conflicts(table, known)
        table = table.filter(pc.field("event_id") > manifest.cursor)
        _refuse_beyond(table, cursor)
        for start in range(0, len(table), rows):
            held.append(table.slice(start, rows))
            count += len(held[-1])
            if count >= rows:
                yield pa.concat_tables(held, promote_options="default")
                held, count = [], 0
    if count:
        yield pa.concat_tables(held, promote_options="default")


def _incomplete(manifest: Manifest, library: Library) -> list[Part]:
    """Parts that lack a column of a type they hold, or have it in another type."""
    declared = {
        kind: {(name, str(t)) for name, t in promoted_columns(library, kind).items()}
        for kind in library.event_types
    }
    types = dict(pair for columns in declared.values() for pair in columns)
    incomplete = []
    for part in manifest.parts:
        wanted = set[tuple[str, str]]().union(*(declared.get(kind, set()) for kind in part.types))
        changed = any(types.get(name, kind) != kind for name, kind in part.columns)
        if changed or not wanted <= set(part.columns):
            incomplete.append(part)
    return incomplete


def _refuse_conflicts(table: pa.Table, known: dict[str, str]) -> None:
    for field in table.schema:
        if known.get(field.name, str(field.type)) != str(field.type):
            raise LakeError(
                Words(
                    zh=f"字段 {field.name} 的类型已由 {known[field.name]} 改为 {field.type}，"
                    "请先运行 tenure rebuild。",
                    en=f"the field {field.name} changed its type from {known[field.name]} to "
                    f"{field.type}: run `tenure rebuild` first.",
                )
            )


def _refuse_beyond(table: pa.Table, cursor: int) -> None:
    last = pc.max(table["event_id"]).as_py()
    if last is not None and last > cursor:
        raise LakeError(
            Words(
                zh=f"事件 {last} 超出本批游标 {cursor}，会被重复写入，已拒绝整批。",
                en=f"event {last} is beyond the batch's cursor {cursor} and would come twice; "
                "the whole batch is refused.",
            )
        )
