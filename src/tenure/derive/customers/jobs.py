"""Background work of customers: who may be one, and accepting many such suggestions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django_tasks import task

from tenure.actor import Actor
from tenure.derive.customers.operations.accepting import accept_group, undo_group
from tenure.derive.customers.operations.checking import (
    PARTIES,
    CheckStopped,
    begin_check,
    note_check,
    obey_stop,
    refresh_new_suggestions,
    refresh_suggestions,
)
from tenure.derive.customers.operations.faults import refresh_faults
from tenure.words import Words
from tenure.work import Work, current_work

_PARTIES = {
    "person": Words("正在比对个人客户", "comparing persons"),
    "organisation": Words("正在比对组织客户", "comparing organisations"),
}
_MERGING = Words("正在合并", "merging")
_UNDOING = Words("正在撤销合并", "taking merges back")


@task(unique="suggest-merges", cron="40 2 * * *", priority=1)
def suggest_merges() -> int:
    """Compare all customers and keep who may be one; every night, and when asked.

    Asked to end it leaves what was suggested before as it was.
    """
    work = current_work()
    begin_check()
    count = 0
    try:
        for place, party in enumerate(PARTIES):
            count += refresh_suggestions(party, at=work.at, tell=_telling(work, place))
    except CheckStopped:
        work.tell(1.0, Words("已停止，原有建议不变", "ended; the suggestions stay as they were"))
    return count


@task(unique="check-identifiers", cron="20 2 * * *", priority=1)
def check_identifiers() -> int:
    """Read the identifiers on record again by the rules of today; every night."""
    work = current_work()
    words = Words("正在核对标识", "reading identifiers again")
    return refresh_faults(at=work.at, tell=lambda share: work.tell(share, words))


@task(unique="suggest-new-merges", cron="*/10 * * * *", priority=1)
def suggest_new_merges() -> int:
    """Compare whoever was entered or imported since with all others; every ten minutes."""
    work = current_work()
    begin_check()
    compared = 0
    try:
        for place, party in enumerate(PARTIES):
            compared += refresh_new_suggestions(party, at=work.at, tell=_telling(work, place))
    except CheckStopped:
        work.tell(1.0, Words("已停止，原有建议不变", "ended; the suggestions stay as they were"))
    return compared


@task(unique="accept-suggestions-{0}", priority=15)
def accept_many_suggestions(group: str, least: float, by: dict[str, str]) -> int:
    """Merge all suggestions of at least a probability, so many as there are."""
    work = current_work()
    return accept_group(
        group, least, by=Actor(**by), at=work.at,  # type: ignore[arg-type]
        tell=lambda share: work.tell(share, _MERGING),
    )  # fmt: skip


@task(unique="undo-suggestions-{0}", priority=15)
def undo_many_suggestions(group: str, by: dict[str, str]) -> int:
    """Take back all merges of one such acceptance."""
    work = current_work()
    return undo_group(
        group, by=Actor(**by), at=work.at,  # type: ignore[arg-type]
        tell=lambda share: work.tell(share, _UNDOING),
    )  # fmt: skip


def begin_comparing(*, by: Actor, at: datetime) -> str:
    """Have all customers compared in the background; the number of the job."""
    job = suggest_merges.enqueue()
    note_check(job.id, by=by, at=at)
    return job.id


def _telling(work: Work, place: int) -> Callable[[float], None]:
    """Tells the share of the whole that is done, and ends where somebody asked for it."""
    words = _PARTIES[PARTIES[place]]

    def tell(share: float) -> None:
        obey_stop()
        work.tell((place + share) / len(PARTIES), words)

    return tell
