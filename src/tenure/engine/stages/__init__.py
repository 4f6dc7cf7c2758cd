"""Stages: exact histories of intervals, and the stage of a moment."""

from tenure.engine.stages.atoms import Atom
from tenure.engine.stages.current import current_stages
from tenure.engine.stages.history import stage_history
from tenure.engine.stages.pins import PINNED
from tenure.engine.stages.plan import lifecycle_atoms
from tenure.engine.stages.together import stage_histories

__all__ = [
    "PINNED",
    "Atom",
    "current_stages",
    "lifecycle_atoms",
    "stage_histories",
    "stage_history",
]
