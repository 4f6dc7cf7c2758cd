"""What nobody may do to accounts: give more than they have, or lock the last administrator out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from tenure.actor import Actor
from tenure.guard.access.models import Account, Role
from tenure.guard.access.queries import RIGHTS, Scope, rights_of
from tenure.words import TenureError, Words

KEEPING = ("account.manage", "role.manage")
"""Who has both can mend everything else."""


def demand_no_wider(by: Actor, roles: Iterable[Role]) -> None:
    """Whoever gives, takes or uses ``roles`` for another must have all that they grant.

    Raises:
        TenureError: a role reaches further than the rights of ``by``.
    """
    rights = rights_of(by)
    if rights.may("role.manage"):
        return
    for role in roles:
        wider = any(
            Scope[scope.upper()] > rights.scope(right)
            for right, scope in role.grants.items()
            if right in RIGHTS
        )
        seen = set(role.reads) | set(role.reveals)
        if wider or not seen <= rights.reads | rights.reveals:
            raise TenureError(
                Words(
                    zh=f"角色“{role.name_zh}”的权限超出您自己的权限，需要由能管理角色的人操作",
                    en=f"the role “{role.name_en}” reaches further than your own rights; "
                    "ask someone who may manage roles",
                )
            )


@contextmanager
def keeping_an_administrator() -> Iterator[None]:
    """A change after which there is still an active account that can manage accounts and roles.

    Raises:
        TenureError: there was one before, and there would be none.
    """
    before = administrators()
    yield
    if before and not administrators():
        raise TenureError(
            Words(
                zh="这样就没有任何在用的账号能管理账号和角色了，请先把这些权限交给另一个人",
                en="nobody could manage accounts and roles any more; give another person these "
                "rights first",
            )
        )


def administrators() -> list[int]:
    """Active accounts that may manage accounts and roles."""
    active = Account.objects.filter(is_active=True).order_by("pk").prefetch_related("roles")
    return [
        account.pk
        for account in active.filter(roles__isnull=False).distinct()
        if all(_has(account, right) for right in KEEPING)
    ]


def _has(account: Account, right: str) -> bool:
    return any(role.grants.get(right, "nothing") == "all" for role in account.roles.all())
