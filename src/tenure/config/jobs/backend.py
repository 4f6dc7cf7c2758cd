"""The queue as a backend of ``django_tasks``: enqueue in the caller's transaction, look up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, cast

from django.db import IntegrityError, transaction
from django.utils.module_loading import import_string
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskError, TaskResult, TaskResultStatus
from django_tasks.exceptions import TaskResultDoesNotExist
from django_tasks.utils import normalize_json

from tenure.clock import now
from tenure.config.jobs.tasks import JobResult, JobTask
from tenure.ids import uuid7
from tenure.words import Words

if TYPE_CHECKING:
    from tenure.config.jobs.models import Job

P = ParamSpec("P")
T = TypeVar("T")
_STATUS = {
    "ready": TaskResultStatus.READY,
    "running": TaskResultStatus.RUNNING,
    "done": TaskResultStatus.SUCCESSFUL,
    "dead": TaskResultStatus.FAILED,
    "cancelled": TaskResultStatus.FAILED,
}
OPEN = ("ready", "running")


class DurableBackend(BaseTaskBackend):
    """Jobs in the database that everything else is in."""

    task_class = JobTask
    supports_defer = True
    supports_get_result = True
    supports_priority = True

    def enqueue(self, task: Task[P, T], args: Any, kwargs: Any) -> TaskResult[T]:
        """Add a job; where one with the same unique key is open, that one is the answer."""
        from tenure.config.jobs.models import Job

        self.validate_task(task)
        job_task = cast("JobTask[P, T]", task)
        arguments = normalize_json([list(args), dict(kwargs)])
        at = now()
        key = job_task.unique and job_task.unique.format(*args, **kwargs)
        job = Job(
            id=str(uuid7(at)),
            task=task.module_path,
            queue=task.queue_name,
            priority=task.priority,
            arguments=arguments,
            unique_key=key,
            most_attempts=job_task.most_attempts,
            due_at=task.run_after or at,
            enqueued_at=at,
        )
        while key is not None:
            found = Job.objects.filter(unique_key=key, status__in=OPEN).first()
            if found is not None:
                return result_of(found, self.alias)
            try:
                with transaction.atomic():
                    job.save(force_insert=True)
            except IntegrityError:
                continue  # another process was first
            return result_of(job, self.alias)
        job.save(force_insert=True)
        return result_of(job, self.alias)

    def get_result(self, result_id: str) -> TaskResult[Any]:
        """The job as it stands.

        Raises:
            TaskResultDoesNotExist: there is none.
        """
        from tenure.config.jobs.models import Job

        job = Job.objects.filter(pk=result_id).first()
        if job is None:
            raise TaskResultDoesNotExist(result_id)
        return result_of(job, self.alias)


def result_of(job: Job, alias: str = "default") -> JobResult[Any]:
    """A row as a result."""
    args, kwargs = job.arguments
    result: JobResult[Any] = JobResult(
        task=import_string(job.task),
        id=job.id,
        status=_STATUS[job.status],
        enqueued_at=job.enqueued_at,
        started_at=job.started_at,
        finished_at=job.finished_at,
        last_attempted_at=job.attempted_at,
        args=args,
        kwargs=kwargs,
        backend=alias,
        errors=[TaskError(exception_class_path=job.error_class, traceback=job.error)]
        if job.error_class
        else [],
        worker_ids=[job.worker] * job.attempts,
        share=job.share,
        said=Words(job.said_zh, job.said_en),
        state=job.status,
    )
    object.__setattr__(result, "_return_value", job.result)
    return result
