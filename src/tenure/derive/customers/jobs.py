"""Background work of customers: who may be one."""

from __future__ import annotations

from django_tasks import task

from tenure.derive.customers.operations.suggesting import PARTIES, refresh_suggestions
from tenure.words import Words
from tenure.work import current_work


@task(unique="suggest-merges", cron="40 2 * * *", priority=1)
def suggest_merges() -> int:
    """Compare all customers and keep who may be one; every night, and when asked."""
    work = current_work()
    count = 0
    for place, party in enumerate(PARTIES):
        work.tell(place / len(PARTIES), Words("正在比对客户", "comparing customers"))
        count += refresh_suggestions(party, at=work.at)
    return count
