"""The audit page by page, for those who may see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tenure.actor import Actor
from tenure.guard.access.queries import demand
from tenure.guard.trail.queries import EntryView, Filters, Place, count_up_to, newest

COUNTED = 10_000


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Entries, newest first.

    Attributes:
        entries: of this page.
        older: from where the next page goes on; ``None`` at the end.
        count: how many the filters let through, at most ``COUNTED``.
        counted_all: whether that is all of them.
    """

    entries: Sequence[EntryView]
    older: Place | None
    count: int
    counted_all: bool


def audit_page(
    filters: Filters, viewer: Actor, *, before: Place | None = None, limit: int = 50
) -> AuditPage:
    """A page of the audit.

    Args:
        filters: which entries.
        viewer: who asks.
        before: where the page before ended.
        limit: how many entries at most.

    Raises:
        ForbiddenError: the viewer may not see the audit.
    """
    demand(viewer, "audit.view")
    found = newest(filters, before=before, limit=limit + 1)
    shown = found[:limit]
    older = Place(shown[-1].at, shown[-1].entry_id) if len(found) > limit else None
    count = count_up_to(filters, COUNTED + 1)
    return AuditPage(shown, older, min(count, COUNTED), count <= COUNTED)
