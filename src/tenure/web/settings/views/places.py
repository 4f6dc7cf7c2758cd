"""Departments, a tree, and teams."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from tenure.clock import now
from tenure.guard.access.operations import (
    add_department,
    add_team,
    move_department,
    remove_department,
    remove_team,
    rename_department,
    rename_team,
)
from tenure.guard.access.queries import departments, teams
from tenure.web.components.toasts import toast
from tenure.web.settings.asking import typed
from tenure.web.viewer import page, viewer_of
from tenure.words import Words

_SAVED = Words("已保存", "Saved")


@page("account.manage")
def tree(request: HttpRequest) -> HttpResponse:
    """The tree of departments, and the teams."""
    viewer = viewer_of(request)
    listed = departments(viewer)
    context = {
        "departments": listed,
        "choices": [(d.department_id, "\u2003" * d.depth + d.name) for d in listed],
        "teams": teams(viewer),
    }
    return render(request, "settings/departments.html", context)


@require_POST
@page("account.manage")
def add(request: HttpRequest) -> HttpResponse:
    """A new department."""
    name, parent = typed(request.POST, "name"), _number(request, "parent")
    add_department(name=name, parent_id=parent, by=viewer_of(request), at=now())
    return _back(request, Words("已新增部门", "Department added"))


@require_POST
@page("account.manage")
def change(request: HttpRequest, department_id: int) -> HttpResponse:
    """Another name, or another place in the tree."""
    viewer, at = viewer_of(request), now()
    found = next((d for d in departments(viewer) if d.department_id == department_id), None)
    name, parent = typed(request.POST, "name"), _number(request, "parent")
    if found is None or parent != found.parent_id:
        move_department(department_id=department_id, parent_id=parent, by=viewer, at=at)
    if found is not None and name.strip() != found.name:
        rename_department(department_id=department_id, name=name, by=viewer, at=at)
    return _back(request, _SAVED)


@require_POST
@page("account.manage")
def remove(request: HttpRequest, department_id: int) -> HttpResponse:
    """Remove an empty department."""
    remove_department(department_id=department_id, by=viewer_of(request), at=now())
    return _back(request, Words("部门已删除", "Department removed"))


@require_POST
@page("account.manage")
def add_one_team(request: HttpRequest) -> HttpResponse:
    """A new team."""
    add_team(name=typed(request.POST, "name"), by=viewer_of(request), at=now())
    return _back(request, Words("已新增团队", "Team added"))


@require_POST
@page("account.manage")
def change_team(request: HttpRequest, team_id: int) -> HttpResponse:
    """Another name for a team."""
    name = typed(request.POST, "name")
    rename_team(team_id=team_id, name=name, by=viewer_of(request), at=now())
    return _back(request, _SAVED)


@require_POST
@page("account.manage")
def remove_one_team(request: HttpRequest, team_id: int) -> HttpResponse:
    """Remove a team."""
    remove_team(team_id=team_id, by=viewer_of(request), at=now())
    return _back(request, Words("团队已删除", "Team removed"))


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.POST.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 19 else None


def _back(request: HttpRequest, words: Words) -> HttpResponse:
    toast(request, words)
    return HttpResponseRedirect(reverse("settings:departments"))
