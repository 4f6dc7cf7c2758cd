"""Background work of lifecycles: following the log."""

from __future__ import annotations

from django_tasks import task

from tenure.derive.customers.operations.searching import index_search
from tenure.derive.lifecycles.operations import AlreadyRunningError, tick
from tenure.derive.lifecycles.operations.roster import refresh_roster
from tenure.work import current_work


@task(unique="tick", cron="* * * * *", priority=10)
def follow_log() -> dict[str, int]:
    """Bring stages and customers up to the end of the log and to now.

    Where a tick runs elsewhere (at the terminal) there is nothing to do: the next minute looks
    again.
    """
    try:
        report = tick(at=current_work().at)
    except AlreadyRunningError:
        return {}
    return {"events": report.events, "customers": report.customers, "passed": report.passed}


@task(unique="roster", cron="* * * * *", priority=5)
def renew_roster() -> int | None:
    """Write the roster of customers anew where it is old or much has changed since."""
    return refresh_roster(at=current_work().at)


@task(unique="catch-up", priority=8)
def catch_up() -> int | None:
    """Follow the log and write the roster anew at once: lists are right after an import is undone.

    Where a tick runs elsewhere, the jobs of every minute do the same a little later.
    """
    at = current_work().at
    try:
        tick(at=at)
    except AlreadyRunningError:
        return None
    return refresh_roster(at=at)


@task(unique="search", cron="* * * * *", priority=4)
def read_vault() -> int:
    """Make the names and telephones of new customers findable."""
    return index_search(at=current_work().at, limit=200_000)
