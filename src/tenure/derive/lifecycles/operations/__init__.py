"""Every write of lifecycles: rebuilding, following, pinning."""

from __future__ import annotations

from tenure.derive.lifecycles.operations.house import Progress
from tenure.derive.lifecycles.operations.pins import pin_stage, unpin_stage
from tenure.derive.lifecycles.operations.publishing import (
    NoSuchVersionError,
    NoteMissingError,
    publish_definitions,
    roll_forward,
)
from tenure.derive.lifecycles.operations.ticking import TickReport, rebuild, tick
from tenure.derive.lifecycles.operations.turn import AlreadyRunningError

__all__ = [
    "AlreadyRunningError",
    "NoSuchVersionError",
    "NoteMissingError",
    "Progress",
    "TickReport",
    "pin_stage",
    "publish_definitions",
    "rebuild",
    "roll_forward",
    "tick",
    "unpin_stage",
]
