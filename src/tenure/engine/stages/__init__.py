"""Stages: exact histories of intervals, and the stage of a moment."""

from tenure.engine.stages.atoms import Atom
from tenure.engine.stages.current import current_stages
from tenure.engine.stages.history import stage_history
from tenure.engine.stages.plan import lifecycle_atoms

__all__ = ["Atom", "current_stages", "lifecycle_atoms", "stage_history"]
