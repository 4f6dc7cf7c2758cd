"""Every read of the audit's rows; who may see them is asked in ``guard.audit``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from tenure.guard.trail.models import AuditEntry


@dataclass(frozen=True, slots=True)
class EntryView:
    """One entry as it was noted."""

    entry_id: int
    at: datetime
    actor: str
    actor_name: str
    action: str
    about: str
    detail: Mapping[str, object]
    address: str


@dataclass(frozen=True, slots=True)
class Filters:
    """Which entries; what is empty does not narrow.

    Attributes:
        actor: key of who acted.
        action: what was done, such as ``customer.viewed``.
        about: the object, such as ``customer:123``.
        since: from this moment on, aware.
        until: before this moment, aware.
    """

    actor: str = ""
    action: str = ""
    about: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the order of the audit: after this entry, older ones follow."""

    at: datetime
    entry_id: int


def newest(filters: Filters, *, before: Place | None, limit: int) -> list[EntryView]:
    """At most ``limit`` entries, newest first, older than ``before`` where given."""
    return [_view(row) for row in _newest_first(filters, before)[:limit]]


def count_up_to(filters: Filters, limit: int) -> int:
    """How many entries, but never counting beyond ``limit``."""
    return _narrowed(filters).order_by()[:limit].count()


def in_order(filters: Filters, *, limit: int) -> Iterator[EntryView]:
    """At most ``limit`` entries, newest first, read as they are needed."""
    for row in _newest_first(filters, None)[:limit].iterator(chunk_size=2000):
        yield _view(row)


def exports_since(moment: datetime) -> Mapping[str, list[EntryView]]:
    """Entries that say how many rows left the house, by who took them, oldest first."""
    found: dict[str, list[EntryView]] = defaultdict(list)
    rows = AuditEntry.objects.filter(exported__isnull=False, at__gte=moment)
    for row in rows.order_by("at", "id"):
        found[row.actor].append(_view(row))
    return found


def _newest_first(filters: Filters, before: Place | None) -> QuerySet[AuditEntry]:
    rows = _narrowed(filters).order_by("-at", "-id")
    if before is None:
        return rows
    older = Q(at__lt=before.at) | Q(id__lt=before.entry_id)
    return rows.filter(at__lte=before.at).filter(older)


def _narrowed(filters: Filters) -> QuerySet[AuditEntry]:
    rows = AuditEntry.objects.all()
    if filters.actor:
        rows = rows.filter(actor=filters.actor)
    if filters.action:
        rows = rows.filter(action=filters.action)
    if filters.about:
        rows = rows.filter(about=filters.about)
    if filters.since:
        rows = rows.filter(at__gte=filters.since)
    if filters.until:
        rows = rows.filter(at__lt=filters.until)
    return rows


def _view(row: AuditEntry) -> EntryView:
    return EntryView(
        row.pk, row.at, row.actor, row.actor_name, row.action, row.about, row.detail, row.address
    )
