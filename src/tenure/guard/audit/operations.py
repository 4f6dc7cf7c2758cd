"""Every write of the audit, and its export."""

from __future__ import annotations

from tenure.guard.trail.operations import note

__all__ = ["note"]
