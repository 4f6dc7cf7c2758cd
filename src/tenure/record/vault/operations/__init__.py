"""Every write of the vault."""

from __future__ import annotations

from tenure.record.vault.operations.rotating import Rotation, rotate_keys
from tenure.record.vault.operations.storing import Secret, discard, move, store

__all__ = ["Rotation", "Secret", "discard", "move", "rotate_keys", "store"]
