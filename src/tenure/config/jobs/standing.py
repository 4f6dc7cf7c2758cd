"""How the queue stands, for those who watch it."""

from __future__ import annotations

from django.db.models import Count

from tenure.config.jobs.models import Job


def jobs_by_state() -> dict[str, int]:
    """How many jobs there are in each state; states without any as 0."""
    found = dict(Job.objects.values_list("status").annotate(Count("id")))
    return {state: found.get(state, 0) for state in Job.Status.values}
