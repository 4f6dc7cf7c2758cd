"""Jobs: enqueued with what they are about, run once, tried again, given up, recurring."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django_tasks.base import TaskResultStatus

from tenure.clock import now
from tenure.config.jobs import worker
from tenure.config.jobs.claiming import claim, finish, pause, renew
from tenure.config.jobs.models import Job, Recurrence
from tenure.config.jobs.running import Run
from tenure.config.jobs.schedule import enqueue_recurring
from tenure.config.jobs.tasks import JobResult, JobTask
from tenure.config.jobs.worker import run_due
from tenure.cron import Cron
from tenure.words import Words
from tests.config import chores

pytestmark = pytest.mark.django_db(transaction=True)
LEASE = timedelta(minutes=1)


def test_a_job_is_run_and_its_result_kept() -> None:
    job = chores.add.enqueue(2, right=3)
    assert job.status == TaskResultStatus.READY
    assert run_due() == 1
    job.refresh()
    assert job.return_value == 5
    assert run_due() == 0


def test_a_job_exists_exactly_when_its_transaction_does() -> None:
    with transaction.atomic():
        chores.add.enqueue(1, 1)
        transaction.set_rollback(True)
    assert Job.objects.count() == 0


def test_a_job_waits_for_its_moment() -> None:
    later = now() + timedelta(hours=1)
    chores.add.using(run_after=later).enqueue(1, 1)
    assert run_due() == 0
    assert run_due(later + timedelta(seconds=1)) == 1


def test_the_most_urgent_comes_first() -> None:
    chores.add.enqueue(1, 1)
    urgent = chores.add.using(priority=5).enqueue(2, 2)
    taken = claim("one", at=now(), lease=LEASE)
    assert taken is not None
    assert taken.pk == urgent.id


def test_what_fails_is_tried_again_later_and_given_up_in_the_end() -> None:
    job = chores.fail.enqueue()
    at = now()
    for attempt in range(3):
        assert run_due(at) == 1
        row = Job.objects.get(pk=job.id)
        assert row.attempts == attempt + 1
        assert "the network is down" in row.error
        assert run_due(at) == 0
        at += timedelta(hours=1)
    row = Job.objects.get(pk=job.id)
    assert row.status == Job.Status.DEAD
    job.refresh()
    assert job.errors[0].exception_class is RuntimeError
    assert run_due(at) == 0


def test_pauses_double_and_end_at_an_hour() -> None:
    assert 1.5 <= pause(1, 2.0).total_seconds() <= 2.5
    assert 12 <= pause(4, 2.0).total_seconds() <= 20
    assert pause(60, 2.0) == timedelta(hours=1)


def test_what_only_a_person_can_mend_is_not_tried_again() -> None:
    job = chores.need_a_person.enqueue()
    run_due()
    found = chores.need_a_person.get_result(job.id)
    assert isinstance(found, JobResult)
    assert (found.state, found.said) == ("dead", Words("文件是空的", "the file is empty"))


def test_of_one_key_only_one_is_open() -> None:
    first, same, other = (chores.once.enqueue(name) for name in ("a", "a", "b"))
    assert first.id == same.id != other.id
    assert run_due() == 2
    assert chores.once.enqueue("a").id != first.id


def test_a_job_tells_how_far_it_is() -> None:
    job = chores.tell_how_far.enqueue()
    row = claim("one", at=now(), lease=LEASE)
    assert row is not None
    Run(row, LEASE, threading.Event()).tell(0.25, Words("四分之一", "a quarter"))
    found = chores.tell_how_far.get_result(job.id)
    assert isinstance(found, JobResult)
    assert (found.share, found.said.en, found.state) == (0.25, "a quarter", "running")


def test_a_lease_that_ends_gives_the_job_to_another_and_voids_the_first() -> None:
    chores.add.enqueue(1, 1)
    at = now()
    first = claim("one", at=at, lease=LEASE)
    assert first is not None
    assert claim("two", at=at + LEASE / 2, lease=LEASE) is None
    assert renew(first, until=at + LEASE * 2)
    assert claim("two", at=at + LEASE * 1.5, lease=LEASE) is None
    second = claim("two", at=at + LEASE * 3, lease=LEASE)
    assert second is not None
    assert not finish(first, 2, at=at)
    assert not renew(first, until=at)
    assert finish(second, 2, at=at)


def test_a_job_that_kills_its_workers_is_given_up() -> None:
    chores.fail.enqueue()
    at = now()
    for _ in range(3):
        assert claim("one", at=at, lease=LEASE) is not None
        at += LEASE * 2
    assert claim("one", at=at, lease=LEASE) is None
    assert Job.objects.get().status == Job.Status.DEAD


def test_a_worker_that_closes_gives_back_what_it_holds() -> None:
    job = chores.tell_how_far.enqueue()
    row = claim("one", at=now(), lease=LEASE)
    assert row is not None
    stop = threading.Event()
    stop.set()
    Run(row, LEASE, stop).execute()
    assert Job.objects.get().status == Job.Status.READY
    assert run_due() == 1
    job.refresh()
    assert job.return_value == 1


def test_a_cancelled_job_stops_at_its_next_word() -> None:
    chores.tell_how_far.enqueue()
    row = claim("one", at=now(), lease=LEASE)
    assert row is not None
    Job.objects.update(cancelling=True)
    Run(row, LEASE, threading.Event()).execute()
    assert Job.objects.get().status == Job.Status.CANCELLED


def test_a_recurring_job_comes_once_for_all_workers_and_for_all_missed_moments() -> None:
    assert isinstance(chores.regularly, JobTask)
    at = datetime(2026, 3, 1, 10, 2, tzinfo=UTC)
    assert enqueue_recurring([chores.regularly], at=at) == 0
    assert Recurrence.objects.get().next_at == datetime(2026, 3, 1, 10, 5, tzinfo=UTC)
    missed = at + timedelta(hours=3)
    assert enqueue_recurring([chores.regularly], at=missed) == 1
    assert enqueue_recurring([chores.regularly], at=missed) == 0
    assert Job.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "after", "expected"),
    [
        ("* * * * *", "2026-03-01 10:02", "2026-03-01 10:03"),
        ("*/15 * * * *", "2026-03-01 10:45", "2026-03-01 11:00"),
        ("30 2 * * *", "2026-03-01 02:30", "2026-03-02 02:30"),
        ("0 9 * * 1-5", "2026-03-06 09:00", "2026-03-09 09:00"),
        ("0 0 1 1 *", "2026-03-01 00:00", "2027-01-01 00:00"),
        ("0 0 29 2 *", "2026-03-01 00:00", "2028-02-29 00:00"),
        ("0 8 1,15 * 0", "2026-03-02 00:00", "2026-03-08 08:00"),
    ],
)
def test_schedules(text: str, after: str, expected: str) -> None:
    zone = ZoneInfo("Asia/Shanghai")
    moment = datetime.fromisoformat(after).replace(tzinfo=zone)
    found = Cron.parse(text).after(moment.astimezone(UTC), zone)
    assert found == datetime.fromisoformat(expected).replace(tzinfo=zone)


@pytest.mark.parametrize("text", ["* * * *", "61 * * * *", "a * * * *", "5-1 * * * *"])
def test_what_is_no_schedule_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        Cron.parse(text)


def test_our_own_recurring_jobs_have_schedules() -> None:
    found = {task.module_path: Cron.parse(task.cron or "") for task in worker.recurring()}
    assert "tenure.derive.lifecycles.jobs.follow_log" in found


def test_old_jobs_are_forgotten_and_dead_ones_kept() -> None:
    chores.add.enqueue(1, 1)
    chores.need_a_person.enqueue()
    run_due()
    worker.sweep(at=now() + timedelta(days=40))
    assert [job.status for job in Job.objects.all()] == [Job.Status.DEAD]
