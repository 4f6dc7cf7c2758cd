"""Accounts of a small company, for tests."""

from __future__ import annotations

from datetime import UTC, datetime

from tenure.actor import SYSTEM, Actor
from tenure.guard.access.models import Account
from tenure.guard.access.operations import make_account
from tenure.guard.access.queries import actor_of

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def staff(*roles: str, email: str = "", **given: object) -> Actor:
    """A new account with ``roles``."""
    count = Account.objects.count()
    address = email or f"person{count}@example.com"
    made = make_account(
        email=address,
        name=f"P{count}",
        roles=roles,
        by=SYSTEM,
        at=AT,
        **given,  # type: ignore[arg-type]
    )
    return actor_of(Account.objects.get(pk=made))


def number(actor: Actor) -> int:
    return int(actor.key.removeprefix("account:"))
