"""Who is who among accounts, and what each may."""

from __future__ import annotations

from collections.abc import Iterable

from tenure.actor import Actor
from tenure.guard.access.models import Account, ApiToken, Role, Service
from tenure.guard.access.queries.rights import EVERYTHING, RIGHTS, Rights, Scope
from tenure.words import TenureError, Words

ACCOUNT_KEY = "account:"
TOKEN_KEY = "token:"  # noqa: S105


class ForbiddenError(TenureError):
    """The actor lacks a right; says which."""

    def __init__(self, right: str) -> None:
        name = RIGHTS[right]
        super().__init__(
            Words(
                zh=f"您没有“{name.zh}”的权限，请联系管理员",
                en=f"you do not have the right “{name.en}”; ask an administrator",
            )
        )
        self.right = right


def actor_of(account: Account) -> Actor:
    """The account as the one who acts."""
    return Actor(f"{ACCOUNT_KEY}{account.pk}", "person", account.get_full_name())


def account_id_of(actor: Actor) -> int | None:
    """The number of the actor's account; ``None`` for the terminal, programs and Tenure."""
    return int(actor.key.removeprefix(ACCOUNT_KEY)) if actor.key.startswith(ACCOUNT_KEY) else None


def token_id_of(actor: Actor) -> int | None:
    """The number of the token by which the actor asks; ``None`` for everybody else."""
    return int(actor.key.removeprefix(TOKEN_KEY)) if actor.key.startswith(TOKEN_KEY) else None


def rights_of(viewer: Actor) -> Rights:
    """What ``viewer`` may: all that the roles grant together.

    The terminal's user owns the files of the installation, and Tenure is itself: both may all.
    An account that is switched off may nothing. A token may what its scopes and the rights its
    owner has now both allow, over the owner's customers; nothing once it is revoked.
    """
    token_id = token_id_of(viewer)
    if token_id is not None:
        return _of_token(token_id)
    number = account_id_of(viewer)
    return EVERYTHING if number is None else _of_account(number)


def _of_account(number: int) -> Rights:
    account = Account.objects.filter(pk=number, is_active=True).select_related("department").first()
    if account is None:
        return Rights(number, {})
    mates = Account.objects.filter(teams__members=number).values_list("pk", flat=True)
    return _of_roles(
        list(account.roles.all()),
        account_id=number,
        teammates=frozenset(mates),
        department=_below(account),
    )


def _of_token(number: int) -> Rights:
    token = ApiToken.objects.filter(pk=number, revoked_at=None).select_related("service").first()
    if token is None:
        return Rights(None, {})
    owner = (
        rights_as_service(token.service) if token.service else _of_account(token.account_id or 0)
    )
    return Rights(
        account_id=owner.account_id,
        grants={right: scope for right, scope in owner.grants.items() if right in token.scopes},
        by_team=owner.by_team,
        reads=owner.reads & frozenset(token.reads),
        teammates=owner.teammates,
        department=owner.department,
    )


def rights_as_service(service: Service) -> Rights:
    """What a service may by its roles; nothing while it is switched off."""
    if service.switched_off_at is not None:
        return Rights(None, {})
    place = service.department
    below = Account.objects.filter(department__path__startswith=place.path) if place else ()
    return _of_roles(
        list(service.roles.all()), department=frozenset(account.pk for account in below)
    )


def _of_roles(
    roles: list[Role],
    *,
    account_id: int | None = None,
    teammates: frozenset[int] = frozenset(),
    department: frozenset[int] = frozenset(),
) -> Rights:
    """All that some roles grant together, to one who stands there."""
    granted = [
        (right, Scope[scope.upper()])
        for role in roles
        for right, scope in role.grants.items()
        if right in RIGHTS
    ]
    grants: dict[str, Scope] = {}
    for right, scope in granted:
        grants[right] = max(grants.get(right, Scope.NOTHING), scope)
    return Rights(
        account_id=account_id,
        grants=grants,
        by_team=frozenset(right for right, scope in granted if scope is Scope.TEAM),
        reads=_union(role.reads for role in roles),
        reveals=_union(role.reveals for role in roles),
        teammates=teammates,
        department=department,
    )


def demand(viewer: Actor, right: str) -> None:
    """That ``viewer`` has ``right``, however far it reaches.

    Raises:
        ForbiddenError: it reaches nothing.
    """
    if not holds(viewer, right):
        raise ForbiddenError(right)


def holds(viewer: Actor, right: str) -> bool:
    """Whether ``right`` reaches anything: one query, where :func:`rights_of` takes several."""
    number = account_id_of(viewer)
    if number is None:
        return EVERYTHING.may(right)
    roles = Role.objects.filter(holders=number, holders__is_active=True)
    scopes = [grants.get(right, "nothing") for grants in roles.values_list("grants", flat=True)]
    return any(Scope[scope.upper()] > Scope.NOTHING for scope in scopes)


def _union(groups: Iterable[list[str]]) -> frozenset[str]:
    return frozenset(group for some in groups for group in some)


def _below(account: Account) -> frozenset[int]:
    if account.department is None:
        return frozenset({account.pk})
    return frozenset(
        Account.objects.filter(department__path__startswith=account.department.path).values_list(
            "pk", flat=True
        )
    )
