"""Background work of lifecycles: following the log."""

from __future__ import annotations

from datetime import datetime

from django_tasks import task

from tenure.derive.customers.operations.searching import index_search
from tenure.derive.lifecycles.operations import AlreadyRunningError, TickReport, rebuild, tick
from tenure.derive.lifecycles.operations.roster import refresh_roster
from tenure.record.library.queries import current_library
from tenure.work import current_work


@task(unique="tick", cron="* * * * *", priority=10)
def follow_log() -> dict[str, int]:
    """Bring stages and customers up to the end of the log and to now.

    Where a tick runs elsewhere (at the terminal) there is nothing to do: the next minute looks
    again.
    """
    try:
        report = follow_now(at=current_work().at)
    except AlreadyRunningError:
        return {}
    return {"events": report.events, "customers": report.customers, "passed": report.passed}


def follow_now(*, at: datetime) -> TickReport:
    """A tick; what it leaves because of very many customers is enqueued to be computed beside.

    Args:
        at: the present, aware.

    Raises:
        AlreadyRunningError: another tick or rebuild is running.
    """
    report = tick(at=at)
    if report.waiting:
        compute_waiting.enqueue(list(report.waiting))
    return report


@task(unique="compute-waiting", priority=3)
def compute_waiting(lifecycles: list[str]) -> dict[str, int]:
    """Compute lifecycles of very many customers from the beginning, while ticks go on.

    Args:
        lifecycles: keys; those no longer defined are left out.
    """
    library, _ = current_library()
    keys = [key for key in lifecycles if key in library.lifecycles]
    work = current_work()
    return rebuild(at=work.at, lifecycles=keys, progress=work.tell, gently=True).computed


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
