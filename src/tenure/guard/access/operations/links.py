"""Links that log in or invite: random, kept as digests only, used once and soon."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from tenure.actor import Actor
from tenure.guard.access.models import Account, Invitation, LoginLink
from tenure.guard.access.operations.accounts import demand_new, roles_for_newcomer
from tenure.guard.access.operations.finding import account_of, department_of, teams_of
from tenure.guard.access.operations.limits import demand_no_wider
from tenure.guard.access.queries import actor_of, demand
from tenure.guard.trail.operations import note
from tenure.words import Language, TenureError, Words

LOGIN_LINK_LIFE = timedelta(minutes=15)
INVITATION_LIFE = timedelta(days=7)
_SPENT = Words(
    zh="这个链接已用过、已过期或已撤回，请向发链接的人再要一个",
    en="this link was used, has expired or was taken back; ask whoever sent it for another",
)


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation just made; its token is shown once and kept nowhere."""

    invitation_id: int
    token: str


@transaction.atomic
def one_time_login(
    *, account_id: int, by: Actor, at: datetime, life: timedelta = LOGIN_LINK_LIFE
) -> str:
    """A token that logs the account in, once and within ``life``.

    Raises:
        TenureError: the account is switched off, or has more rights than ``by``.
    """
    demand(by, "account.manage")
    account = account_of(account_id)
    demand_no_wider(by, account.roles.all())
    if not account.is_active:
        raise TenureError(Words(zh="这个账号已停用", en="this account is switched off"))
    token = secrets.token_urlsafe(32)
    LoginLink.objects.create(
        account=account,
        digest=_digest(token),
        made_by=by.key,
        created_at=at,
        expires_at=at + life,
    )
    note("login_link.made", by=by, at=at, about=f"account:{account_id}")
    return token


@transaction.atomic
def use_login_link(*, token: str, at: datetime) -> int:
    """The number of the account that ``token`` logs in; it never will again.

    Raises:
        TenureError: it was used, has expired, or there is none.
    """
    link = LoginLink.objects.select_for_update().filter(digest=_digest(token)).first()
    good = link and link.used_at is None and at < link.expires_at and link.account.is_active
    if link is None or not good:
        raise TenureError(_SPENT)
    link.used_at = at
    link.save(update_fields=["used_at"])
    note("login_link.used", by=actor_of(link.account), at=at, about=f"account:{link.account_id}")
    return link.account_id


@transaction.atomic
def invite(
    *,
    email: str,
    name: str = "",
    roles: Sequence[str] = (),
    department_id: int | None = None,
    team_ids: Sequence[int] = (),
    by: Actor,
    at: datetime,
) -> Invited:
    """A link by which one person makes their account; an older one to them counts no more.

    Raises:
        TenureError: there is such an account, no such role, department or team, or a role reaches
            further than the rights of ``by``.
    """
    given = roles_for_newcomer(email, roles, by=by, at=at)
    open_ones = Invitation.objects.filter(
        email__iexact=email.strip(), accepted_at=None, revoked_at=None
    )
    open_ones.update(revoked_at=at)
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        email=email.strip().lower(),
        name=name.strip(),
        digest=_digest(token),
        department=department_of(department_id),
        invited_by=by.key,
        created_at=at,
        expires_at=at + INVITATION_LIFE,
    )
    invitation.roles.set(given)
    invitation.teams.set(teams_of(team_ids))
    about = f"invitation:{invitation.pk}"
    note("invitation.sent", by=by, at=at, about=about, detail={"roles": list(roles)})
    return Invited(invitation.pk, token)


@transaction.atomic
def revoke_invitation(*, invitation_id: int, by: Actor, at: datetime) -> None:
    """Take an open invitation back.

    Raises:
        TenureError: it was accepted or taken back already.
    """
    demand(by, "account.manage")
    open_ones = Invitation.objects.filter(pk=invitation_id, accepted_at=None, revoked_at=None)
    if not open_ones.update(revoked_at=at):
        raise TenureError(
            Words(
                zh="这个邀请已被接受或撤回", en="this invitation was accepted or taken back already"
            )
        )
    note("invitation.revoked", by=by, at=at, about=f"invitation:{invitation_id}")


@transaction.atomic
def accept_invitation(
    *, token: str, name: str, password: str, language: Language, at: datetime
) -> int:
    """Make the account that ``token`` invites to; returns its number.

    Raises:
        TenureError: the invitation is spent.
    """
    invitation = Invitation.objects.select_for_update().filter(digest=_digest(token)).first()
    return _accept(invitation, name=name, password=password, language=language, at=at)


@transaction.atomic
def accept_by_address(*, email: str, name: str, language: Language, at: datetime) -> int:
    """Make the account to which a confirmed address is invited; returns its number.

    For people who log in with another system's login: that system has confirmed ``email``.

    Raises:
        TenureError: it is not invited.
    """
    invitation = (
        Invitation.objects.select_for_update()
        .filter(email__iexact=email.strip(), accepted_at=None, revoked_at=None)
        .order_by("-pk")
        .first()
    )
    return _accept(invitation, name=name, password=None, language=language, at=at)


def _accept(
    invitation: Invitation | None,
    *,
    name: str,
    password: str | None,
    language: Language,
    at: datetime,
) -> int:
    if invitation is None or not is_open(invitation, at):
        raise TenureError(_SPENT)
    demand_new(invitation.email)
    account = Account.objects.create_user(
        invitation.email,
        password,
        name=name.strip() or invitation.name,
        language=language,
        department=invitation.department,
        created_at=at,
    )
    account.roles.set(invitation.roles.all())
    account.teams.set(invitation.teams.all())
    invitation.accepted_at = at
    invitation.save(update_fields=["accepted_at"])
    by = actor_of(account)
    note("invitation.accepted", by=by, at=at, about=f"invitation:{invitation.pk}")
    note("account.made", by=by, at=at, about=f"account:{account.pk}")
    return account.pk


def is_open(invitation: Invitation, at: datetime) -> bool:
    """Whether it can still be accepted at ``at``."""
    return (
        invitation.accepted_at is None
        and invitation.revoked_at is None
        and at < invitation.expires_at
    )


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
