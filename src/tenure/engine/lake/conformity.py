"""Whether the lake has the columns that a library of definitions declares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenure.engine.lake.manifest import Manifest, Part
from tenure.engine.schema import PROMOTED, event_schema, promoted_columns

if TYPE_CHECKING:
    from tenure.definitions import Library


def conforms(manifest: Manifest, library: Library) -> bool:
    """Whether nothing is to be done for ``library``."""
    declared = {(f.name, str(f.type)) for f in event_schema(library) if f.name.startswith(PROMOTED)}
    shape = manifest.shape
    return bool(
        shape and set(shape.columns) == declared and not incomplete_parts(manifest, library)
    )


def incomplete_parts(manifest: Manifest, library: Library) -> list[Part]:
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
