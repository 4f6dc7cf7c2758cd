"""Every write of lifecycles: rebuilding, following, pinning."""

from __future__ import annotations

from tenure.derive.lifecycles.operations.house import Progress
from tenure.derive.lifecycles.operations.pins import pin_stage, unpin_stage
from tenure.derive.lifecycles.operations.ticking import TickReport, rebuild, tick
from tenure.derive.lifecycles.operations.turn import AlreadyRunningError

__all__ = [
    "AlreadyRunningError",
    "Progress",
    "TickReport",
    "pin_stage",
    "rebuild",
    "tick",
    "unpin_stage",
]
