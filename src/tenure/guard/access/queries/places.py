"""Departments and teams: where accounts stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from tenure.actor import Actor
from tenure.guard.access.models import Department, Team
from tenure.guard.access.queries.reading import demand, holds


@dataclass(frozen=True, slots=True)
class DepartmentView:
    """A department in the order of the tree; ``depth`` is 0 at the top."""

    department_id: int
    name: str
    parent_id: int | None
    depth: int
    people: int


@dataclass(frozen=True, slots=True)
class TeamView:
    """A team and the names of its active members."""

    team_id: int
    name: str
    members: Sequence[str]


def departments(viewer: Actor) -> list[DepartmentView]:
    """The tree of departments, each followed by those below it.

    Raises:
        ForbiddenError: the viewer manages neither accounts nor roles.
    """
    demand_manager(viewer)
    active = Count("account", filter=Q(account__is_active=True))
    below: dict[int | None, list[tuple[Department, int]]] = {}
    for found in Department.objects.annotate(held=active).order_by("name", "pk"):
        below.setdefault(found.parent_id, []).append((found, found.held))
    ordered: list[DepartmentView] = []
    waiting = [(row, held, 0) for row, held in reversed(below.get(None, []))]
    while waiting:
        row, held, depth = waiting.pop()
        ordered.append(DepartmentView(row.pk, row.name, row.parent_id, depth, held))
        waiting += [(child, n, depth + 1) for child, n in reversed(below.get(row.pk, []))]
    return ordered


def teams(viewer: Actor) -> list[TeamView]:
    """All teams by name.

    Raises:
        ForbiddenError: the viewer manages neither accounts nor roles.
    """
    demand_manager(viewer)
    return [
        TeamView(
            row.pk,
            row.name,
            sorted(member.get_full_name() for member in row.members.all() if member.is_active),
        )
        for row in Team.objects.order_by("name").prefetch_related("members")
    ]


def demand_manager(viewer: Actor) -> None:
    """That ``viewer`` manages accounts or roles.

    Raises:
        ForbiddenError: neither.
    """
    if not holds(viewer, "role.manage"):
        demand(viewer, "account.manage")
