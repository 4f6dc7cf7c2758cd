"""Background work on the log."""

from tenure.record.events.jobs.exporting import export_to_lake

__all__ = ["export_to_lake"]
