"""Every write of the audit: adding."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from tenure.actor import Actor
from tenure.guard.trail.models import AuditEntry


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

    An action that ends with ``.exported`` should say in ``detail`` how many ``rows`` left the
    house: by them unusual exports are recognised.

    Args:
        action: what was done, ``noun.past_participle``: ``customer.viewed``.
        by: who did it.
        at: when, aware.
        about: the object, such as ``customer:123``.
        detail: more, without personal values.
        address: where from.
    """
    said = dict(detail or {})
    rows = said.get("rows") if action.endswith(".exported") else None
    AuditEntry.objects.create(
        at=at,
        actor=by.key,
        actor_name=by.name[:150],
        action=action,
        about=about[:150],
        detail=said,
        address=address[:45],
        exported=rows if isinstance(rows, int) else None,
    )
