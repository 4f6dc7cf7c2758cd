"""Event types this app records: a person overrules the stage, or takes that back."""

from __future__ import annotations

STAGE_PINNED = "stage.pinned"
"""Fields: lifecycle, stage, reason, until (date, the stage holds up to its first moment, UTC)."""

STAGE_UNPINNED = "stage.unpinned"
"""Fields: lifecycle, reason."""
