"""Every write of sources."""

from __future__ import annotations

from tenure.record.sources.operations.keeping import (
    AddedSource,
    SourceError,
    add_source,
    change_source,
    keep_key,
    pause_source,
    resume_source,
    revoke_key,
    rotate_key,
)
from tenure.record.sources.operations.loading import Loader, MovedError, load_spool
from tenure.record.sources.operations.taking import Taken

__all__ = [
    "AddedSource",
    "Loader",
    "MovedError",
    "SourceError",
    "Taken",
    "add_source",
    "change_source",
    "keep_key",
    "load_spool",
    "pause_source",
    "resume_source",
    "revoke_key",
    "rotate_key",
]
