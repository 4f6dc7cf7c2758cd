"""Departments, a tree, and teams."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr

from tenure.actor import Actor
from tenure.guard.access.models import Account, Department, Team
from tenure.guard.access.operations.finding import department_of, teams_of
from tenure.guard.access.queries import demand
from tenure.guard.trail.operations import note
from tenure.words import TenureError, Words

_LONGEST_PATH = 500


@transaction.atomic
def add_department(*, name: str, parent_id: int | None, by: Actor, at: datetime) -> int:
    """A new department under another one, or at the top; returns its number.

    Raises:
        TenureError: it has no name, there is no such parent, or the tree would be too deep.
    """
    demand(by, "account.manage")
    parent = department_of(parent_id)
    department = Department.objects.create(name=_named(name), parent=parent, path="")
    department.path = _path_under(parent, department.pk)
    department.save(update_fields=["path"])
    note(
        "department.added",
        by=by,
        at=at,
        about=f"department:{department.pk}",
        detail={"name": department.name, "parent": parent_id},
    )
    return department.pk


@transaction.atomic
def rename_department(*, department_id: int, name: str, by: Actor, at: datetime) -> None:
    """Call a department otherwise."""
    demand(by, "account.manage")
    department = _existing(department_id)
    before, department.name = department.name, _named(name)
    department.save(update_fields=["name"])
    detail = {"before": before, "after": department.name}
    note("department.renamed", by=by, at=at, about=f"department:{department_id}", detail=detail)


@transaction.atomic
def move_department(*, department_id: int, parent_id: int | None, by: Actor, at: datetime) -> None:
    """Put a department, with all below it, under another one or at the top.

    Raises:
        TenureError: it would come under itself.
    """
    demand(by, "account.manage")
    list(Department.objects.select_for_update().values_list("pk"))  # two moves make no circle
    department, parent = _existing(department_id), department_of(parent_id)
    if parent is not None and parent.path.startswith(department.path):
        raise TenureError(
            Words(
                zh=f"“{department.name}”不能移到自己或自己的下级部门之下",
                en=f"“{department.name}” cannot come under itself or a department below it",
            )
        )
    old, new = department.path, _path_under(parent, department.pk)
    below = Department.objects.filter(path__startswith=old)
    longest = max(len(path) for path in below.values_list("path", flat=True))
    _demand_short(longest - len(old) + len(new))
    below.update(path=Concat(Value(new), Substr(F("path"), len(old) + 1)))
    Department.objects.filter(pk=department_id).update(parent=parent)
    detail = {"before": old, "after": new}
    note("department.moved", by=by, at=at, about=f"department:{department_id}", detail=detail)


@transaction.atomic
def remove_department(*, department_id: int, by: Actor, at: datetime) -> None:
    """Remove a department in which nobody is and below which there is none.

    Raises:
        TenureError: there is somebody in it or a department below it.
    """
    demand(by, "account.manage")
    department = _existing(department_id)
    peopled = Account.objects.filter(department=department).exists()
    if peopled or Department.objects.filter(parent=department).exists():
        raise TenureError(
            Words(
                zh=f"“{department.name}”里还有人或下级部门，请先移走",
                en=f"“{department.name}” still has people or departments below it; move them first",
            )
        )
    department.delete()
    note(
        "department.removed",
        by=by,
        at=at,
        about=f"department:{department_id}",
        detail={"name": department.name},
    )


@transaction.atomic
def add_team(*, name: str, by: Actor, at: datetime) -> int:
    """A new team; returns its number.

    Raises:
        TenureError: it has no name, or another has it.
    """
    demand(by, "account.manage")
    team = Team.objects.create(name=_new_team_name(name))
    note("team.added", by=by, at=at, about=f"team:{team.pk}", detail={"name": team.name})
    return team.pk


@transaction.atomic
def rename_team(*, team_id: int, name: str, by: Actor, at: datetime) -> None:
    """Call a team otherwise."""
    demand(by, "account.manage")
    team = teams_of([team_id])[0]
    before = team.name
    if name.strip() != before:
        team.name = _new_team_name(name)
        team.save(update_fields=["name"])
    detail = {"before": before, "after": team.name}
    note("team.renamed", by=by, at=at, about=f"team:{team_id}", detail=detail)


@transaction.atomic
def remove_team(*, team_id: int, by: Actor, at: datetime) -> None:
    """Remove a team; its members stay accounts and see each other's customers no more."""
    demand(by, "account.manage")
    team = teams_of([team_id])[0]
    team.delete()
    note("team.removed", by=by, at=at, about=f"team:{team_id}", detail={"name": team.name})


def _existing(department_id: int) -> Department:
    department = department_of(department_id)
    assert department is not None
    return department


def _named(name: str) -> str:
    if not name.strip():
        raise TenureError(Words(zh="请填写名称", en="give it a name"))
    return name.strip()[:100]


def _new_team_name(name: str) -> str:
    if Team.objects.filter(name=_named(name)).exists():
        raise TenureError(Words(zh="已有同名的团队", en="there is a team of this name already"))
    return _named(name)


def _path_under(parent: Department | None, number: int) -> str:
    path = f"{parent.path if parent else '/'}{number}/"
    _demand_short(len(path))
    return path


def _demand_short(length: int) -> None:
    if length > _LONGEST_PATH:
        raise TenureError(
            Words(zh="部门层级太深", en="departments would lie too deep under each other")
        )
