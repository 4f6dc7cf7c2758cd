"""Background work of access."""

from __future__ import annotations

from django_tasks import task

from tenure.guard.access.operations.answers import forget_answers
from tenure.work import current_work


@task(cron="40 * * * *", unique="forget-answers")
def tidy_answers() -> int:
    """Delete answers kept for requests with an ``Idempotency-Key`` that are older than a day."""
    return forget_answers(at=current_work().at)
