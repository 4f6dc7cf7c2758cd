"""Roles: the built-in ones, and how any is copied, edited, reset and removed."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from tenure.actor import Actor
from tenure.guard.access.models import Role
from tenure.guard.access.operations.built_in import BUILT_IN_ROLES
from tenure.guard.access.operations.finding import role_of
from tenure.guard.access.operations.limits import keeping_an_administrator
from tenure.guard.access.queries import FIELD_GROUPS, RIGHTS, SCOPED_RIGHTS, Scope, demand
from tenure.guard.trail.operations import note
from tenure.words import TenureError, Words


@transaction.atomic
def ensure_roles(*, by: Actor, at: datetime) -> None:
    """Bring the built-in roles up to date; those that were edited stay as they are."""
    there = {role.key: role for role in Role.objects.filter(built_in=True)}
    for key, built_in in BUILT_IN_ROLES.items():
        role = there.get(key) or Role(key=key, built_in=True)
        if role.edited or _same(role, key):
            continue
        _set_as_built_in(role, key)
        role.save()
        note("role.brought", by=by, at=at, about=f"role:{key}", detail={"name": built_in.name.en})


@transaction.atomic
def copy_role(*, key: str, name: Words, by: Actor, at: datetime) -> str:
    """A new role that begins as the one called ``key``; returns the new key."""
    demand(by, "role.manage")
    source = role_of(key)
    _demand_name(name)
    copy = Role.objects.create(
        key=f"custom_{secrets.token_hex(6)}",
        name_zh=name.zh.strip(),
        name_en=name.en.strip(),
        grants=source.grants,
        reads=source.reads,
        reveals=source.reveals,
    )
    note("role.copied", by=by, at=at, about=f"role:{copy.key}", detail={"from": key})
    return copy.key


@transaction.atomic
def edit_role(
    *,
    key: str,
    name: Words,
    grants: Mapping[str, Scope],
    reads: Sequence[str],
    reveals: Sequence[str],
    by: Actor,
    at: datetime,
) -> None:
    """Change what a role is called, grants and shows.

    Raises:
        TenureError: an unknown right or field group, a scope where a right has none, no name, or
            nobody could manage accounts and roles any more.
    """
    demand(by, "role.manage")
    role = role_of(key)
    _demand_name(name)
    _demand_known(grants, [*reads, *reveals])
    before = {"grants": role.grants, "reads": role.reads, "reveals": role.reveals}
    with keeping_an_administrator():
        role.name_zh, role.name_en = name.zh.strip(), name.en.strip()
        role.grants = {
            right: scope.name.lower()
            for right, scope in grants.items()
            if scope is not Scope.NOTHING
        }
        role.reads = [group for group in FIELD_GROUPS if group in reads]
        role.reveals = [group for group in FIELD_GROUPS if group in reveals and group not in reads]
        role.edited = True
        role.save()
    after = {"grants": role.grants, "reads": role.reads, "reveals": role.reveals}
    note(
        "role.edited",
        by=by,
        at=at,
        about=f"role:{key}",
        detail={"before": before, "after": after},
    )


@transaction.atomic
def reset_role(*, key: str, by: Actor, at: datetime) -> None:
    """Make a built-in role as it comes with Tenure.

    Raises:
        TenureError: it is not a built-in one.
    """
    demand(by, "role.manage")
    role = role_of(key)
    if key not in BUILT_IN_ROLES:
        raise TenureError(
            Words(
                zh=f"“{role.name_zh}”不是内置角色，没有可恢复的初始设置",
                en=f"“{role.name_en}” is not a built-in role: there is nothing to go back to",
            )
        )
    with keeping_an_administrator():
        _set_as_built_in(role, key)
        role.save()
    note("role.reset", by=by, at=at, about=f"role:{key}")


@transaction.atomic
def remove_role(*, key: str, by: Actor, at: datetime) -> None:
    """Remove a role that nobody holds.

    Raises:
        TenureError: it is built in, or somebody holds it.
    """
    demand(by, "role.manage")
    role = role_of(key)
    if role.built_in or role.holders.exists():
        raise TenureError(
            Words(
                zh=f"“{role.name_zh}”是内置角色或仍有人担任，不能删除",
                en=f"“{role.name_en}” is built in or still held by somebody",
            )
        )
    role.delete()
    note("role.removed", by=by, at=at, about=f"role:{key}")


def _set_as_built_in(role: Role, key: str) -> None:
    built_in = BUILT_IN_ROLES[key]
    role.name_zh, role.name_en = built_in.name.zh, built_in.name.en
    role.grants = dict(built_in.grants)
    role.reads, role.reveals = list(built_in.reads), list(built_in.reveals)
    role.edited = False


def _same(role: Role, key: str) -> bool:
    built_in = BUILT_IN_ROLES[key]
    return (role.name_zh, role.name_en, role.grants, role.reads, role.reveals) == (
        built_in.name.zh,
        built_in.name.en,
        dict(built_in.grants),
        list(built_in.reads),
        list(built_in.reveals),
    )


def _demand_name(name: Words) -> None:
    if not name.zh.strip() or not name.en.strip():
        raise TenureError(
            Words(
                zh="请填写角色的中文名和英文名", en="give the role a name in Chinese and in English"
            )
        )


def _demand_known(grants: Mapping[str, Scope], groups: Sequence[str]) -> None:
    unknown = [key for key in grants if key not in RIGHTS]
    unknown += [group for group in groups if group not in FIELD_GROUPS]
    unknown += [
        right
        for right, scope in grants.items()
        if right not in SCOPED_RIGHTS and scope not in {Scope.NOTHING, Scope.ALL}
    ]
    if unknown:
        names = ", ".join(unknown)
        raise TenureError(
            Words(zh=f"角色里有不认识的权限或范围：{names}", en=f"unknown right or scope: {names}")
        )
