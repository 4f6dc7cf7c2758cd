"""Tokens for programs: random, kept as digests only, within the rights of their owner."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from tenure.actor import Actor
from tenure.guard.access.models import ApiToken
from tenure.guard.access.operations.finding import account_of
from tenure.guard.access.operations.limits import demand_no_wider
from tenure.guard.access.operations.programs import service_of
from tenure.guard.access.queries import FIELD_GROUPS, RIGHTS, Rights, account_id_of, demand
from tenure.guard.access.queries.reading import actor_of, rights_as_service, rights_of
from tenure.guard.access.queries.tokens import (
    PREFIX,
    PROGRAM_RIGHTS,
    KnownToken,
    digest_of,
)
from tenure.guard.trail.operations import note
from tenure.words import TenureError, Words

USE_NOTED_EVERY = timedelta(minutes=1)
LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class TokenMade:
    """A token just made; ``token`` is shown once and kept nowhere."""

    token_id: int
    token: str


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """What a token shall be.

    Attributes:
        name: what it is for, as its owner recognises it.
        scopes: rights it may use; each must be its owner's.
        reads: field groups it reads unmasked; each must be its owner's.
        expires_at: from when it opens nothing, aware; ``None``: never.
    """

    name: str
    scopes: Collection[str]
    reads: Collection[str] = ()
    expires_at: datetime | None = None


def make_token(request: TokenRequest, *, by: Actor, at: datetime) -> TokenMade:
    """A token of the account of ``by``.

    Raises:
        TenureError: ``by`` has no account, or the request names what they may not.
    """
    number = account_id_of(by)
    if number is None:
        raise TenureError(
            Words("只有登录的账号能创建自己的令牌", "only an account that is logged in has tokens")
        )
    return make_token_of_account(number, request, by=by, at=at)


@transaction.atomic
def make_token_of_account(
    account_id: int, request: TokenRequest, *, by: Actor, at: datetime
) -> TokenMade:
    """A token of an account: one's own, or any where ``by`` may manage tokens.

    Raises:
        ForbiddenError: it is another's account, and ``by`` does not manage tokens.
        TenureError: the account has more rights than ``by``, is switched off, or the request
            names what the account may not.
    """
    account = account_of(account_id)
    if account_id != account_id_of(by):
        demand(by, "token.manage")
        demand_no_wider(by, account.roles.all())
    if not account.is_active:
        raise TenureError(Words(zh="这个账号已停用", en="this account is switched off"))
    _check(request, rights_of(actor_of(account)), at)
    return _keep(request, ApiToken(account=account), about=f"account:{account_id}", by=by, at=at)


@transaction.atomic
def make_service_token(
    service_id: int, request: TokenRequest, *, by: Actor, at: datetime
) -> TokenMade:
    """A token of a service.

    Raises:
        ForbiddenError: ``by`` does not manage tokens.
        TenureError: there is no such service, it is switched off or has more rights than ``by``,
            or the request names what it may not.
    """
    demand(by, "token.manage")
    service = service_of(service_id)
    demand_no_wider(by, service.roles.all())
    if service.switched_off_at is not None:
        raise TenureError(Words(zh="这个服务已停用", en="this service is switched off"))
    _check(request, rights_as_service(service), at)
    return _keep(request, ApiToken(service=service), about=f"service:{service_id}", by=by, at=at)


@transaction.atomic
def revoke_token(token_id: int, *, by: Actor, at: datetime) -> None:
    """Let a token open nothing from now on: one's own, or any with the right to manage them.

    Raises:
        ForbiddenError: it is another's, and ``by`` does not manage tokens.
        TenureError: there is none, or it is revoked already.
    """
    row = ApiToken.objects.select_for_update().filter(pk=token_id).first()
    if row is None or row.account_id is None or row.account_id != account_id_of(by):
        demand(by, "token.manage")
    if row is None or row.revoked_at is not None:
        raise TenureError(
            Words("没有这个令牌，或它已被撤销", "there is no such token, or it was revoked before")
        )
    row.revoked_at = at
    row.save(update_fields=["revoked_at"])
    note("token.revoked", by=by, at=at, about=f"token:{token_id}", detail={"name": row.name})


def note_use(known: KnownToken, *, at: datetime) -> None:
    """Remember when a token was used last, to the minute: most uses write nothing."""
    if known.last_used_at is None or at - known.last_used_at >= USE_NOTED_EVERY:
        ApiToken.objects.filter(pk=known.token_id).update(last_used_at=at)


def _check(request: TokenRequest, rights: Rights, at: datetime) -> None:
    if not request.name.strip() or len(request.name.strip()) > LONGEST_NAME:
        raise TenureError(
            Words(
                f"令牌需要 1 到 {LONGEST_NAME} 个字的名称",
                f"a token needs a name of 1 to {LONGEST_NAME} characters",
            )
        )
    if not request.scopes:
        raise TenureError(Words("请至少选择一项权限", "choose at least one right"))
    if request.expires_at is not None and request.expires_at <= at:
        raise TenureError(Words("到期时间已经过去", "it would have expired already"))
    for right in request.scopes:
        if right not in PROGRAM_RIGHTS or not rights.may(right):
            raise _beyond(RIGHTS.get(right, Words(zh=right, en=right)))
    for group in request.reads:
        if group not in rights.reads:
            raise _beyond(FIELD_GROUPS.get(group, Words(zh=group, en=group)))


def _beyond(name: Words) -> TenureError:
    return TenureError(
        Words(
            zh=f"令牌不能有“{name.zh}”：它的所有者没有这项权限，或接口用不到它",
            en=f"the token cannot have “{name.en}”: its owner does not, or no program needs it",
        )
    )


def _keep(
    request: TokenRequest, row: ApiToken, *, about: str, by: Actor, at: datetime
) -> TokenMade:
    token = PREFIX + secrets.token_urlsafe(32)
    row.name = request.name.strip()
    row.digest, row.hint = digest_of(token), token[-4:]
    row.scopes, row.reads = sorted(request.scopes), sorted(request.reads)
    row.created_by, row.created_at, row.expires_at = by.key, at, request.expires_at
    row.save()
    said = {"name": row.name, "token": row.pk, "scopes": row.scopes, "reads": row.reads}
    note("token.made", by=by, at=at, about=about, detail=said)
    return TokenMade(row.pk, token)
