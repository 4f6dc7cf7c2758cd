"""Who is who among accounts, and what each may."""

from __future__ import annotations

from collections.abc import Iterable

from tenure.actor import Actor
from tenure.guard.access.models import Account, Role
from tenure.guard.access.queries.rights import EVERYTHING, RIGHTS, Rights, Scope
from tenure.words import TenureError, Words

ACCOUNT_KEY = "account:"


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


def rights_of(viewer: Actor) -> Rights:
    """What ``viewer`` may: all that the roles grant together.

    The terminal's user owns the files of the installation, and Tenure is itself: both may all.
    An account that is switched off may nothing.
    """
    number = account_id_of(viewer)
    if number is None:
        return EVERYTHING
    account = Account.objects.filter(pk=number, is_active=True).select_related("department").first()
    if account is None:
        return Rights(number, {})
    roles = list(account.roles.all())
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
        account_id=number,
        grants=grants,
        by_team=frozenset(right for right, scope in granted if scope is Scope.TEAM),
        reads=_union(role.reads for role in roles),
        reveals=_union(role.reveals for role in roles),
        teammates=frozenset(
            Account.objects.filter(teams__members=number).values_list("pk", flat=True)
        ),
        department=_below(account),
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
