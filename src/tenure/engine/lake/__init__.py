"""The lake: every event as immutable Parquet parts by month, behind one atomic manifest."""

from tenure.engine.lake.compaction import Sizes
from tenure.engine.lake.lookup import look_up
from tenure.engine.lake.manifest import LakeError, Manifest, Part
from tenure.engine.lake.snapshot import Snapshot
from tenure.engine.lake.store import Lake

__all__ = ["Lake", "LakeError", "Manifest", "Part", "Sizes", "Snapshot", "look_up"]
