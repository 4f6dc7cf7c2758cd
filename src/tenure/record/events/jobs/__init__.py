"""Background work on the log."""

from tenure.record.events.jobs.exporting import export_to_lake
from tenure.record.events.jobs.measuring import measure_log

__all__ = ["export_to_lake", "measure_log"]
