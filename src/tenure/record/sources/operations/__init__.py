"""Every write of sources."""

from __future__ import annotations

from tenure.record.sources.operations.keeping import (
    AddedSource,
    SourceError,
    add_source,
    change_source,
    pause_source,
    resume_source,
    rotate_key,
)

__all__ = [
    "AddedSource",
    "SourceError",
    "add_source",
    "change_source",
    "pause_source",
    "resume_source",
    "rotate_key",
]
