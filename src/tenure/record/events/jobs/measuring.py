"""Measuring the log in the background, each night and when asked."""

from __future__ import annotations

from django_tasks import task

from tenure.record.events.operations.measuring import measure_quality
from tenure.work import current_work


@task(unique="measure-quality", cron="10 4 * * *", priority=-5)
def measure_log() -> int:
    """Measure; how many kinds of events there are."""
    return len(measure_quality(at=current_work().at).kinds)
