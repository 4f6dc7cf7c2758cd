"""Every write of the audit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from tenure.actor import Actor
from tenure.guard.audit.models import AuditEntry


def note(
    action: str,
    *,
    by: Actor,
    at: datetime,
    about: str = "",
    detail: Mapping[str, object] | None = None,
    address: str = "",
) -> None:
    """Add an entry; call it in the transaction of what it tells.

    Args:
        action: what was done, ``noun.past_participle``: ``customer.viewed``.
        by: who did it.
        at: when, aware.
        about: the object, such as ``customer:123``.
        detail: more, without personal values.
        address: where from.
    """
    AuditEntry.objects.create(
        at=at,
        actor=by.key,
        actor_name=by.name[:150],
        action=action,
        about=about[:150],
        detail=dict(detail or {}),
        address=address,
    )
