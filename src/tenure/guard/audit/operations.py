"""Every write of the audit, and its export."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tenure.actor import Actor
from tenure.guard.access.queries import demand
from tenure.guard.trail.operations import note
from tenure.guard.trail.queries import EntryView, Filters, count_up_to, in_order

__all__ = ["AuditExport", "export_audit", "note"]

MOST_ROWS = 100_000


@dataclass(frozen=True, slots=True)
class AuditExport:
    """Entries that leave the house; ``whole`` tells whether there were more than the most."""

    entries: list[EntryView]
    whole: bool


@transaction.atomic
def export_audit(
    filters: Filters, *, by: Actor, at: datetime, most: int = MOST_ROWS
) -> AuditExport:
    """The entries of an export, newest first; that it was made is itself noted.

    Args:
        filters: which entries.
        by: who exports.
        at: when, aware.
        most: rows at most.

    Raises:
        ForbiddenError: they may not export the audit.
    """
    demand(by, "audit.export")
    entries = list(in_order(filters, limit=most))
    whole = count_up_to(filters, most + 1) <= most
    said = {"rows": len(entries), "actor": filters.actor, "action": filters.action}
    note("audit.exported", by=by, at=at, about="audit", detail=said)
    return AuditExport(entries, whole)
