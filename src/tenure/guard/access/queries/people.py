"""Accounts, roles and invitations, as settings pages show them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from tenure.actor import Actor
from tenure.guard.access.models import Account, Invitation, Role
from tenure.guard.access.queries.places import demand_manager
from tenure.guard.access.queries.reading import demand
from tenure.guard.access.queries.rights import RIGHTS, Scope
from tenure.words import TenureError, Words


@dataclass(frozen=True, slots=True)
class RoleView:
    """A role; ``holders`` counts the active accounts that have it."""

    key: str
    name: Words
    built_in: bool
    edited: bool
    grants: Mapping[str, Scope]
    reads: frozenset[str]
    reveals: frozenset[str]
    holders: int


@dataclass(frozen=True, slots=True)
class PersonView:
    """An account as its administrators see it."""

    account_id: int
    name: str
    email: str
    active: bool
    roles: Mapping[str, Words]
    department_id: int | None
    department: str
    teams: Mapping[int, str]
    last_login_at: datetime | None


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """One page of accounts, and how many there are in all."""

    people: Sequence[PersonView]
    total: int


@dataclass(frozen=True, slots=True)
class InvitationView:
    """An invitation that is neither accepted nor taken back."""

    invitation_id: int
    email: str
    name: str
    roles: Sequence[Words]
    created_at: datetime
    expires_at: datetime


def roles(viewer: Actor) -> list[RoleView]:
    """All roles, the built-in ones first.

    Raises:
        ForbiddenError: the viewer manages neither accounts nor roles.
    """
    demand_manager(viewer)
    active = Count("holders", filter=Q(holders__is_active=True))
    return [_role(row, row.held) for row in Role.objects.annotate(held=active).order_by("pk")]


def role(key: str, viewer: Actor) -> RoleView:
    """One role.

    Raises:
        ForbiddenError: the viewer manages neither accounts nor roles.
        TenureError: there is no such role.
    """
    for found in roles(viewer):
        if found.key == key:
            return found
    raise TenureError(Words(zh=f"没有角色 {key}", en=f"there is no role {key}"))


def people(
    viewer: Actor, *, sought: str = "", role_key: str = "", offset: int = 0, limit: int = 50
) -> PeoplePage:
    """Accounts by name, active ones first.

    Args:
        viewer: who asks; manages accounts.
        sought: part of a name or address.
        role_key: only holders of this role.
        offset: how many to pass over.
        limit: how many at most.

    Raises:
        ForbiddenError: the viewer does not manage accounts.
    """
    demand(viewer, "account.manage")
    rows = Account.objects.order_by("-is_active", "name", "pk")
    if sought:
        rows = rows.filter(Q(name__icontains=sought) | Q(email__icontains=sought))
    if role_key:
        rows = rows.filter(roles__key=role_key)
    read = rows.select_related("department").prefetch_related("roles", "teams")
    return PeoplePage([_person(row) for row in read[offset : offset + limit]], rows.count())


def person(account_id: int, viewer: Actor) -> PersonView:
    """One account.

    Raises:
        ForbiddenError: the viewer does not manage accounts.
        TenureError: there is no such account.
    """
    demand(viewer, "account.manage")
    row = Account.objects.filter(pk=account_id).select_related("department").first()
    if row is None:
        raise TenureError(
            Words(zh=f"没有账号 {account_id}", en=f"there is no account {account_id}")
        )
    return _person(row)


def invitations(viewer: Actor) -> list[InvitationView]:
    """Open invitations, the newest first; those that have expired among them.

    Raises:
        ForbiddenError: the viewer does not manage accounts.
    """
    demand(viewer, "account.manage")
    rows = Invitation.objects.filter(accepted_at=None, revoked_at=None).order_by("-pk")
    return [_invitation(row) for row in rows.prefetch_related("roles")]


def is_invited(email: str, at: datetime) -> bool:
    """Whether an invitation to this address is open at a moment."""
    rows = Invitation.objects.filter(accepted_at=None, revoked_at=None, expires_at__gt=at)
    return rows.filter(email__iexact=email.strip()).exists()


def invited_by(token: str, at: datetime) -> InvitationView | None:
    """The invitation that a link leads to, while it is open; whoever holds the link may know."""
    digest = hashlib.sha256(token.encode()).digest()
    rows = Invitation.objects.filter(accepted_at=None, revoked_at=None, expires_at__gt=at)
    row = rows.filter(digest=digest).prefetch_related("roles").first()
    return None if row is None else _invitation(row)


def account_names(account_ids: Iterable[int]) -> dict[int, str]:
    """How colleagues are called, those switched off included; every account may know."""
    rows = Account.objects.filter(pk__in=set(account_ids))
    return {row.pk: row.get_full_name() for row in rows}


def colleagues() -> dict[int, str]:
    """Active accounts by number, ordered by name; every account may know."""
    rows = Account.objects.filter(is_active=True).order_by("name", "email")
    return {row.pk: row.get_full_name() for row in rows}


def _role(row: Role, holders: int) -> RoleView:
    return RoleView(
        row.key,
        Words(row.name_zh, row.name_en),
        row.built_in,
        row.edited,
        {right: Scope[s.upper()] for right, s in row.grants.items() if right in RIGHTS},
        frozenset(row.reads),
        frozenset(row.reveals),
        holders,
    )


def _invitation(row: Invitation) -> InvitationView:
    return InvitationView(
        row.pk,
        row.email,
        row.name,
        [Words(role.name_zh, role.name_en) for role in row.roles.all()],
        row.created_at,
        row.expires_at,
    )


def _person(row: Account) -> PersonView:
    return PersonView(
        account_id=row.pk,
        name=row.name,
        email=row.email,
        active=row.is_active,
        roles={role.key: Words(role.name_zh, role.name_en) for role in row.roles.all()},
        department_id=row.department_id,
        department=row.department.name if row.department else "",
        teams={team.pk: team.name for team in row.teams.all()},
        last_login_at=row.last_login,
    )
