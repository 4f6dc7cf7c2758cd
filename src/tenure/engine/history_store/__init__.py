"""Stage intervals on disk: a base and the deltas that supersede it, behind one manifest."""

from tenure.engine.history_store.manifest import Delta, HistoryError, Manifest, Meta
from tenure.engine.history_store.snapshot import HistorySnapshot
from tenure.engine.history_store.store import HistoryStore

__all__ = ["Delta", "HistoryError", "HistorySnapshot", "HistoryStore", "Manifest", "Meta"]
