"""Roles: what each may do, and which personal fields it reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from tenure.clock import now
from tenure.guard.access.operations import (
    copy_role,
    edit_role,
    ensure_roles,
    remove_role,
    reset_role,
)
from tenure.guard.access.queries import (
    FIELD_GROUPS,
    RIGHTS,
    SCOPE_NAMES,
    SCOPED_RIGHTS,
    WHOLE_RIGHTS,
    RoleView,
    Scope,
    role,
    roles,
)
from tenure.web.components.toasts import toast
from tenure.web.settings.asking import typed
from tenure.web.viewer import page, viewer_of
from tenure.words import Words

SCOPES = (
    (Scope.NOTHING, Words("无", "None")),
    (Scope.OWN, Words("本人", "Own")),
    (Scope.TEAM, Words("团队", "Team")),
    (Scope.DEPARTMENT, Words("部门", "Department")),
    (Scope.ALL, Words("全部", "All")),
)
READING = (
    ("masked", Words("隐藏", "Masked")),
    ("reveals", Words("可显示", "On request")),
    ("reads", Words("可见", "Read")),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the matrix: what, and which of the choices is set."""

    key: str
    words: Words
    value: str


@page("role.manage")
def all_roles(request: HttpRequest) -> HttpResponse:
    """All roles, with what they reach."""
    viewer = viewer_of(request)
    ensure_roles(by=viewer, at=now())
    listed = [
        (one, SCOPE_NAMES[one.grants.get("customer.view", Scope.NOTHING)]) for one in roles(viewer)
    ]
    return render(request, "settings/roles.html", {"roles": listed, "groups": FIELD_GROUPS})


@page("role.manage")
def one(request: HttpRequest, key: str) -> HttpResponse:
    """The matrix of one role."""
    viewer = viewer_of(request)
    if request.method == "POST":
        _save(request, key)
        toast(request, Words("角色已保存，立即生效", "Saved; it holds at once"))
        return HttpResponseRedirect(reverse("settings:role", args=[key]))
    found = role(key, viewer)
    context = {
        "role": found,
        "scopes": [(scope.name.lower(), words) for scope, words in SCOPES],
        "scoped": [_right(found, key, words) for key, words in SCOPED_RIGHTS.items()],
        "whole": [_right(found, key, words) for key, words in WHOLE_RIGHTS.items()],
        "reading": READING,
        "groups": [Row(key, words, _reading(found, key)) for key, words in FIELD_GROUPS.items()],
        "summary": list(_summary(found)),
    }
    return render(request, "settings/role.html", context)


@require_POST
@page("role.manage")
def copy(request: HttpRequest, key: str) -> HttpResponse:
    """A new role that begins like this one."""
    viewer = viewer_of(request)
    source = role(key, viewer).name
    name = Words(zh=f"{source.zh}（副本）", en=f"{source.en} (copy)")
    made = copy_role(key=key, name=name, by=viewer, at=now())
    toast(request, Words("已复制，请改名并调整权限", "Copied; rename it and set its rights"))
    return HttpResponseRedirect(reverse("settings:role", args=[made]))


@require_POST
@page("role.manage")
def reset(request: HttpRequest, key: str) -> HttpResponse:
    """A built-in role as it came."""
    reset_role(key=key, by=viewer_of(request), at=now())
    toast(request, Words("已恢复为初始设置", "As it came with Tenure"))
    return HttpResponseRedirect(reverse("settings:role", args=[key]))


@require_POST
@page("role.manage")
def remove(request: HttpRequest, key: str) -> HttpResponse:
    """Remove a role that nobody holds."""
    remove_role(key=key, by=viewer_of(request), at=now())
    toast(request, Words("角色已删除", "Role removed"))
    return HttpResponseRedirect(reverse("settings:roles"))


def _save(request: HttpRequest, key: str) -> None:
    data = request.POST
    edit_role(
        key=key,
        name=Words(zh=typed(data, "name_zh", 60), en=typed(data, "name_en", 60)),
        grants={right: _scope(data, right) for right in RIGHTS},
        reads=[group for group in FIELD_GROUPS if data.get(f"group-{group}") == "reads"],
        reveals=[group for group in FIELD_GROUPS if data.get(f"group-{group}") == "reveals"],
        by=viewer_of(request),
        at=now(),
    )


def _scope(data: QueryDict, right: str) -> Scope:
    name = data.get(f"grant-{right}", "nothing").upper()
    return Scope[name] if name in Scope.__members__ else Scope.NOTHING


def _right(found: RoleView, key: str, words: Words) -> Row:
    return Row(key, words, found.grants.get(key, Scope.NOTHING).name.lower())


def _reading(found: RoleView, group: str) -> str:
    if group in found.reads:
        return "reads"
    return "reveals" if group in found.reveals else "masked"


def _summary(found: RoleView) -> Iterator[tuple[Words, Words]]:
    """What a holder of the role can see and do, in words."""
    for right, words in SCOPED_RIGHTS.items():
        scope = found.grants.get(right, Scope.NOTHING)
        if scope is not Scope.NOTHING:
            yield words, SCOPE_NAMES[scope]
    may = [words for right, words in WHOLE_RIGHTS.items() if right in found.grants]
    if may:
        yield Words("另外可以", "May also"), _joined(may)
    for kind, groups in (
        (Words("直接可见", "Reads"), found.reads),
        (Words("可逐项显示", "Shows one by one"), found.reveals),
    ):
        if groups:
            yield kind, _joined([w for group, w in FIELD_GROUPS.items() if group in groups])


def _joined(some: list[Words]) -> Words:
    return Words(zh="、".join(w.zh for w in some), en=", ".join(w.en.lower() for w in some))
