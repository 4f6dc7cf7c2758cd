"""Every write of the library: publishing, and drafts before it."""

from __future__ import annotations

from tenure.record.library.operations.drafting import (
    DraftConflictError,
    begin_draft,
    discard_draft,
    save_draft,
)
from tenure.record.library.operations.publishing import Published, publish, publish_packs

__all__ = [
    "DraftConflictError",
    "Published",
    "begin_draft",
    "discard_draft",
    "publish",
    "publish_packs",
    "save_draft",
]
