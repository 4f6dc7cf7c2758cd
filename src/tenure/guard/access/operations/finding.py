"""Rows that operations change, or words that there are none."""

from __future__ import annotations

from collections.abc import Sequence

from tenure.guard.access.models import Account, Department, Role, Team
from tenure.words import TenureError, Words


def account_of(account_id: int) -> Account:
    """The account with this number.

    Raises:
        TenureError: there is none.
    """
    account = Account.objects.select_for_update().filter(pk=account_id).first()
    if account is None:
        raise TenureError(
            Words(zh=f"没有账号 {account_id}", en=f"there is no account {account_id}")
        )
    return account


def roles_of(keys: Sequence[str]) -> list[Role]:
    """The roles with these keys.

    Raises:
        TenureError: one is not there.
    """
    found = {role.key: role for role in Role.objects.filter(key__in=keys)}
    for key in keys:
        if key not in found:
            raise TenureError(Words(zh=f"没有角色 {key}", en=f"there is no role {key}"))
    return [found[key] for key in dict.fromkeys(keys)]


def role_of(key: str) -> Role:
    """The role with this key.

    Raises:
        TenureError: there is none.
    """
    return roles_of([key])[0]


def department_of(department_id: int | None) -> Department | None:
    """The department with this number; none for ``None``.

    Raises:
        TenureError: there is none.
    """
    if department_id is None:
        return None
    department = Department.objects.filter(pk=department_id).first()
    if department is None:
        raise TenureError(
            Words(zh=f"没有部门 {department_id}", en=f"there is no department {department_id}")
        )
    return department


def teams_of(team_ids: Sequence[int]) -> list[Team]:
    """The teams with these numbers.

    Raises:
        TenureError: one is not there.
    """
    found = {team.pk: team for team in Team.objects.filter(pk__in=team_ids)}
    for number in team_ids:
        if number not in found:
            raise TenureError(Words(zh=f"没有团队 {number}", en=f"there is no team {number}"))
    return list(found.values())
