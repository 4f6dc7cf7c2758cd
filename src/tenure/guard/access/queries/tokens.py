"""Tokens of programs and the services that own some; who shows one, and what it may."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from tenure.actor import Actor
from tenure.guard.access.models import ApiToken, Service
from tenure.guard.access.queries.reading import (
    TOKEN_KEY,
    account_id_of,
    demand,
    rights_as_service,
    rights_of,
    token_id_of,
)
from tenure.guard.access.queries.rights import Rights
from tenure.words import TenureError, Words

PREFIX = "tn_"
"""How every token begins, so that scanners for lost secrets know one."""

PROGRAM_RIGHTS = (
    *("customer.view", "customer.edit", "customer.assign", "customer.merge"),
    *("stage.pin", "event.record", "definition.view", "definition.publish"),
    *("import.view", "import.run", "audit.view", "health.view", "webhook.manage"),
)
"""Rights a token can have: those the interface knows, and none that changes who may what."""


@dataclass(frozen=True, slots=True)
class TokenView:
    """A token as its owner sees it; the token itself is kept nowhere.

    Attributes:
        hint: its last four characters.
        scopes: rights it may use, as far as its owner has them.
        reads: field groups it reads unmasked, as far as its owner does.
        owner: name of the account or service.
        service_id: of the service it belongs to; ``None`` for a person's.
    """

    token_id: int
    name: str
    hint: str
    scopes: tuple[str, ...]
    reads: tuple[str, ...]
    owner: str
    service_id: int | None
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None

    def is_good(self, at: datetime) -> bool:
        """Whether it opens anything at a moment."""
        return self.revoked_at is None and (self.expires_at is None or at < self.expires_at)


@dataclass(frozen=True, slots=True)
class ServiceView:
    """A service and the names of its roles."""

    service_id: int
    name: str
    department: str
    department_id: int | None
    roles: Mapping[str, Words]
    active: bool


@dataclass(frozen=True, slots=True)
class KnownToken:
    """Whoever shows a good token.

    Attributes:
        actor: as whom it acts.
        rights: what it may now.
        token_id: of the token.
        last_used_at: when it was shown before; kept to the minute.
    """

    actor: Actor
    rights: Rights
    token_id: int
    last_used_at: datetime | None


def digest_of(token: str) -> bytes:
    """What is kept of a token: enough to know it again, not to make it.

    A random token of 256 bits needs no slow hash.
    """
    return hashlib.sha256(token.encode()).digest()


def token_shown(token: str, at: datetime) -> KnownToken | None:
    """Who shows ``token``; ``None`` where it is unknown, revoked or expired at a moment."""
    if not token.startswith(PREFIX) or len(token) > 200:
        return None
    rows = ApiToken.objects.filter(digest=digest_of(token), revoked_at=None)
    row = rows.filter(Q(expires_at=None) | Q(expires_at__gt=at)).first()
    if row is None:
        return None
    actor = actor_of_token(row)
    return KnownToken(actor, rights_of(actor), row.pk, row.last_used_at)


def actor_of_token(row: ApiToken) -> Actor:
    """A token as the one who acts: under its own key, so that the audit tells it from its owner."""
    return Actor(f"{TOKEN_KEY}{row.pk}", "program", f"{_owner(row)} · {row.name}")


def own_tokens(viewer: Actor) -> list[TokenView]:
    """The tokens of the viewer's account, the newest first; none without an account."""
    number = account_id_of(viewer)
    return [] if number is None else _views(Q(account_id=number))


def all_tokens(viewer: Actor) -> list[TokenView]:
    """Everybody's tokens and those of services, the newest first.

    Raises:
        ForbiddenError: the viewer does not manage tokens.
    """
    demand(viewer, "token.manage")
    return _views(Q())


def services(viewer: Actor) -> list[ServiceView]:
    """All services by name.

    Raises:
        ForbiddenError: the viewer does not manage tokens.
    """
    demand(viewer, "token.manage")
    rows = Service.objects.order_by("name").select_related("department")
    return [
        ServiceView(
            service_id=row.pk,
            name=row.name,
            department=row.department.name if row.department else "",
            department_id=row.department_id,
            roles={role.key: Words(role.name_zh, role.name_en) for role in row.roles.all()},
            active=row.switched_off_at is None,
        )
        for row in rows.prefetch_related("roles")
    ]


def rights_of_service(service_id: int, viewer: Actor) -> Rights:
    """What a service may.

    Raises:
        ForbiddenError: the viewer does not manage tokens.
        TenureError: there is no such service.
    """
    demand(viewer, "token.manage")
    row = Service.objects.filter(pk=service_id).select_related("department").first()
    if row is None:
        raise TenureError(Words(f"没有服务 {service_id}", f"there is no service {service_id}"))
    return rights_as_service(row)


def token_names(keys: Iterable[str]) -> dict[str, str]:
    """Keys of actors that are tokens to the names of owner and token; every account may know."""
    asked = {key: token_id_of(Actor(key, "program", "")) for key in keys if _is_token(key)}
    rows = ApiToken.objects.filter(pk__in=set(asked.values())).select_related("account", "service")
    known = {row.pk: actor_of_token(row).name for row in rows}
    return {key: known[number] for key, number in asked.items() if number in known}


def _is_token(key: str) -> bool:
    return key.startswith(TOKEN_KEY) and key.removeprefix(TOKEN_KEY).isdecimal()


def _owner(row: ApiToken) -> str:
    if row.service is not None:
        return row.service.name
    return row.account.get_full_name() if row.account else ""


def _views(which: Q) -> list[TokenView]:
    rows: Sequence[ApiToken] = list(
        ApiToken.objects.filter(which).select_related("account", "service").order_by("-pk")
    )
    return [
        TokenView(
            token_id=row.pk,
            name=row.name,
            hint=row.hint,
            scopes=tuple(row.scopes),
            reads=tuple(row.reads),
            owner=_owner(row),
            service_id=row.service_id,
            created_at=row.created_at,
            expires_at=row.expires_at,
            last_used_at=row.last_used_at,
            revoked_at=row.revoked_at,
        )
        for row in rows
    ]
