"""Accounts: made, changed, switched off and on; never deleted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import available_timezones

from django.db import transaction

from tenure.actor import Actor
from tenure.guard.access.models import Account, Role
from tenure.guard.access.operations.built_in import ADMINISTRATOR
from tenure.guard.access.operations.finding import account_of, department_of, roles_of, teams_of
from tenure.guard.access.operations.limits import (
    administrators,
    demand_no_wider,
    keeping_an_administrator,
)
from tenure.guard.access.operations.roles import ensure_roles
from tenure.guard.access.queries import account_id_of, demand
from tenure.guard.trail.operations import note
from tenure.words import Language, TenureError, Words

THEMES = ("auto", "light", "dark")


@transaction.atomic
def make_account(
    *,
    email: str,
    name: str = "",
    roles: Sequence[str] = (),
    department_id: int | None = None,
    team_ids: Sequence[int] = (),
    password: str | None = None,
    language: Language = "zh",
    by: Actor,
    at: datetime,
) -> int:
    """A new account; returns its number.

    Args:
        email: what it logs in with.
        name: as shown to colleagues.
        roles: keys of its roles; the built-in ones are made where they are missing.
        department_id: its department.
        team_ids: its teams.
        password: ``None``: it logs in by a link first.
        language: in which it sees the pages.
        by: who makes it.
        at: when, aware.

    Raises:
        TenureError: there is such an account, no such role, department or team, or a role reaches
            further than the rights of ``by``.
    """
    given = roles_for_newcomer(email, roles, by=by, at=at)
    account = Account.objects.create_user(
        email.strip(),
        password,
        name=name.strip(),
        language=language,
        department=department_of(department_id),
        created_at=at,
    )
    account.roles.set(given)
    account.teams.set(teams_of(team_ids))
    note("account.made", by=by, at=at, about=f"account:{account.pk}", detail={"roles": list(roles)})
    return account.pk


@transaction.atomic
def ensure_administrator(
    *, email: str, name: str = "", language: Language = "zh", by: Actor, at: datetime
) -> int:
    """The number of an active administrator; one without a password is made where there is none."""
    ensure_roles(by=by, at=at)
    there = administrators()
    if there:
        return there[0]
    return make_account(
        email=email, name=name, roles=[ADMINISTRATOR], language=language, by=by, at=at
    )


@transaction.atomic
def change_access(
    *,
    account_id: int,
    roles: Sequence[str],
    department_id: int | None,
    team_ids: Sequence[int],
    by: Actor,
    at: datetime,
) -> None:
    """Set the roles, the department and the teams of an account.

    Raises:
        TenureError: something is not there, a role reaches further than the rights of ``by``, or
            nobody could manage accounts and roles any more.
    """
    demand(by, "account.manage")
    account = account_of(account_id)
    old, new = list(account.roles.all()), roles_of(roles)
    demand_no_wider(by, {role.pk: role for role in [*old, *new]}.values())
    with keeping_an_administrator():
        account.department = department_of(department_id)
        account.save(update_fields=["department"])
        account.roles.set(new)
        account.teams.set(teams_of(team_ids))
    detail = {
        "before": sorted(role.key for role in old),
        "after": sorted(role.key for role in new),
        "department": department_id,
        "teams": sorted(team_ids),
    }
    note("account.changed", by=by, at=at, about=f"account:{account_id}", detail=detail)


@transaction.atomic
def change_login(*, account_id: int, email: str, name: str, by: Actor, at: datetime) -> None:
    """Set what an account logs in with and how it is called.

    Raises:
        TenureError: another account has this address, or it has more rights than ``by``.
    """
    demand(by, "account.manage")
    account = account_of(account_id)
    demand_no_wider(by, account.roles.all())
    if email.strip().lower() != account.email.lower():
        demand_new(email)
    account.email, account.name = email.strip().lower(), name.strip()
    account.save(update_fields=["email", "name"])
    note("account.renamed", by=by, at=at, about=f"account:{account_id}")


@transaction.atomic
def change_profile(
    *,
    name: str,
    language: Language,
    theme: str,
    time_zone: str,
    by: Actor,
    account_id: int,
    at: datetime,
) -> None:
    """Set how an account is shown, and how it sees the pages.

    Args:
        name: as shown to colleagues.
        language: of the pages.
        theme: ``auto``, ``light`` or ``dark``.
        time_zone: a name such as ``Asia/Shanghai``; empty: the organisation's.
        by: who changes it.
        account_id: whose profile.
        at: when, aware.

    Raises:
        ForbiddenError: it is another's, and ``by`` does not manage accounts.
        TenureError: there is no such theme or time zone.
    """
    if account_id_of(by) != account_id:
        demand(by, "account.manage")
    account = account_of(account_id)
    if theme not in THEMES:
        raise TenureError(Words(zh=f"没有主题 {theme}", en=f"there is no theme {theme}"))
    if time_zone and time_zone not in available_timezones():
        raise TenureError(
            Words(zh=f"没有时区 {time_zone}", en=f"there is no time zone {time_zone}")
        )
    account.name, account.language = name.strip(), language
    account.theme, account.time_zone = theme, time_zone
    account.save(update_fields=["name", "language", "theme", "time_zone"])
    note("account.profiled", by=by, at=at, about=f"account:{account_id}")


@transaction.atomic
def switch_off(*, account_id: int, by: Actor, at: datetime) -> None:
    """Let an account do nothing and log in no more; what it did stays.

    Raises:
        TenureError: it is the last that can manage accounts and roles, or has more rights than
            ``by``.
    """
    demand(by, "account.manage")
    account = account_of(account_id)
    demand_no_wider(by, account.roles.all())
    with keeping_an_administrator():
        account.is_active = False
        account.save(update_fields=["is_active"])
    note("account.switched_off", by=by, at=at, about=f"account:{account_id}")


@transaction.atomic
def switch_on(*, account_id: int, by: Actor, at: datetime) -> None:
    """Let an account work again.

    Raises:
        TenureError: it has more rights than ``by``.
    """
    demand(by, "account.manage")
    account = account_of(account_id)
    demand_no_wider(by, account.roles.all())
    account.is_active = True
    account.save(update_fields=["is_active"])
    note("account.switched_on", by=by, at=at, about=f"account:{account_id}")


def roles_for_newcomer(email: str, roles: Sequence[str], *, by: Actor, at: datetime) -> list[Role]:
    """The roles that ``by`` may give to somebody who has no account yet.

    Raises:
        TenureError: there is such an account, no such role, or one reaches further than the
            rights of ``by``, who must manage accounts.
    """
    demand(by, "account.manage")
    ensure_roles(by=by, at=at)
    given = roles_of(roles)
    demand_no_wider(by, given)
    demand_new(email)
    return given


def demand_new(email: str) -> None:
    """That no account logs in with this address.

    Raises:
        TenureError: one does.
    """
    if Account.objects.filter(email__iexact=email.strip()).exists():
        raise TenureError(
            Words(
                zh="已经有账号使用这个邮箱",
                en="there is already an account with this e-mail address",
            )
        )
