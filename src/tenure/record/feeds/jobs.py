"""Background work of feeds: looking at those that are due, trying refused records again."""

from __future__ import annotations

from django_tasks import task

from tenure.actor import Actor
from tenure.record.feeds.models import Feed
from tenure.record.feeds.operations import due_feeds, retry_refused
from tenure.record.feeds.operations import pull_feed as pull
from tenure.words import Words
from tenure.work import current_work

SCHEDULE = Actor("program:schedule", "program", "schedule")


@task(cron="* * * * *", unique="pull-due-feeds")
def pull_due() -> int:
    """Have every feed looked at whose time has come; how many."""
    due = due_feeds(at=current_work().at)
    for source_id in due:
        send_off(source_id, by=SCHEDULE)
    return len(due)


@task(unique="pull-feed-{0}", most_attempts=3)
def pull_feed(source_id: int, by: dict[str, str]) -> int | None:
    """Look at one feed and bring what is new into the log."""
    work = current_work()
    return pull(
        source_id,
        by=Actor(**by),  # type: ignore[arg-type]
        clock=work.clock,
        tell=lambda words: work.tell(0.0, words),
    )


@task(unique="retry-feed-{0}")
def try_again(source_id: int, by: dict[str, str]) -> dict[str, int]:
    """Try the refused records of a webhook again under its map of now."""
    work = current_work()
    done = retry_refused(source_id, by=Actor(**by), clock=work.clock)  # type: ignore[arg-type]
    said = Words(
        zh=f"记入 {done.recorded:,} 条，仍被拒 {done.refused:,} 条",
        en=f"recorded {done.recorded:,}, still refused {done.refused:,}",
    )
    work.tell(1.0, said)
    return {"recorded": done.recorded, "refused": done.refused, "left_out": done.left_out}


def send_off(source_id: int, *, by: Actor) -> str:
    """Have a feed looked at in the background; the number of the job, also of one under way."""
    job = pull_feed.enqueue(source_id, {"key": by.key, "kind": by.kind, "name": by.name})
    Feed.objects.filter(pk=source_id).update(job=job.id)
    return str(job.id)
