"""Every write of the vault."""

from __future__ import annotations

from tenure.record.vault.operations.rotating import Rotation, rotate_keys
from tenure.record.vault.operations.storing import Secret, discard, store

__all__ = ["Rotation", "Secret", "discard", "rotate_keys", "store"]
