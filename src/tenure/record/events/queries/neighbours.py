"""Links as rows for identity resolution: all of them, those around some identifiers, the news.

The columns are those of ``tenure.engine.identity.EDGES``. A follower keeps two cursors, one
over links and one over events; both rise in commit order, because recording is one at a time,
so nothing appears later beneath a cursor.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
from django.db.models import Max, Q

from tenure.clock import from_microseconds
from tenure.record.events.models import Event, Identifier, Link, LinkStatement, UndoneBatch
from tenure.record.events.operations.edges import (
    edge_table,
    edges_around,
    in_slices,
    types_of,
    without_undone,
)
from tenure.record.events.queries.links import Statement

__all__ = [
    "LinkNews",
    "all_edges",
    "all_types",
    "edges_around",
    "identifiers_between",
    "identifiers_of_types",
    "last_link_id",
    "latest_statements",
    "link_news",
    "types_of",
    "values_of_type",
]

_READ = 50_000


@dataclass(frozen=True, slots=True)
class LinkNews:
    """What happened to links since a follower last looked.

    Attributes:
        changed: new links, new statements, and links of imports taken back since.
        undone: numbers of those imports.
        link_cursor: the newest link looked at.
    """

    changed: pa.Table
    undone: tuple[int, ...]
    link_cursor: int


def last_link_id() -> int:
    """The number of the newest link; 0 where there is none."""
    return Link.objects.aggregate(last=Max("id"))["last"] or 0


def link_news(*, link_cursor: int, event_cursor: int, event_limit: int) -> LinkNews:
    """Links that came or went after the cursors.

    Args:
        link_cursor: the newest link looked at before.
        event_cursor: the newest event looked at before.
        event_limit: the newest event to look at now; later news are the next reader's.
    """
    recent = Q(event_id__gt=event_cursor, event_id__lte=event_limit)
    undone = tuple(UndoneBatch.objects.filter(recent).values_list("batch_id", flat=True))
    newest = last_link_id()
    links = Link.objects.filter(Q(id__gt=link_cursor, id__lte=newest) | Q(batch_id__in=undone))
    statements = LinkStatement.objects.filter(recent)
    return LinkNews(edge_table([links], [statements]), undone, newest)


def all_edges(known_us: int | None = None) -> pa.Table:
    """Every link and statement that counts, as known at a moment (microseconds) or now."""
    links, statements = Link.objects.all(), LinkStatement.objects.all()
    undone = UndoneBatch.objects.all()
    if known_us is not None:
        links = links.filter(recorded_us__lte=known_us)
        statements = statements.filter(recorded_us__lte=known_us)
        undone = undone.filter(recorded_us__lte=known_us)
    return edge_table(
        [without_undone(links, list(undone.values_list("batch_id", flat=True)))], [statements]
    )


def identifiers_between(after: int, upto: int) -> pa.Array[pa.Int64Scalar]:
    """Identifiers that the events after one number up to another arrived with, each once."""
    rows = Event.objects.filter(id__gt=after, id__lte=upto, identifier_id__isnull=False)
    found = rows.values_list("identifier_id", flat=True).distinct()
    return pa.array(list(found.iterator(chunk_size=_READ)), pa.int64())


def identifiers_told(after: int, upto: int, types: Sequence[str]) -> list[int]:
    """Identifiers that events of these types, after one number up to another, arrived with."""
    rows = Event.objects.filter(id__gt=after, id__lte=upto, type__in=types)
    found = rows.values_list("identifier_id", flat=True).distinct()
    return [number for number in found.iterator(chunk_size=_READ) if number is not None]


def all_types() -> dict[int, str]:
    """The type of every identifier on record."""
    rows = Identifier.objects.values_list("id", "type")
    return dict(rows.iterator(chunk_size=_READ))


def values_of_type(kind: str, *, among: Sequence[int] | None = None) -> dict[int, str]:
    """The values of identifiers of a type that is not personal: of all, or of some."""
    rows = Identifier.objects.filter(type=kind, value__isnull=False).values_list("id", "value")
    parts = [rows] if among is None else [rows.filter(id__in=part) for part in in_slices(among)]
    read = (row for part in parts for row in part.iterator(chunk_size=_READ))
    return {number: value for number, value in read if value}


def identifiers_of_types(types: Sequence[str]) -> pa.Array[pa.Int64Scalar]:
    """Ids of all identifiers of some types."""
    rows = Identifier.objects.filter(type__in=list(types)).values_list("id", flat=True)
    return pa.array(list(rows.iterator(chunk_size=_READ)), pa.int64())


def latest_statements(limit: int) -> list[Statement]:
    """The newest explicit statements about any identifiers, newest first."""
    return [
        Statement(
            event_id=row.event_id,
            left=row.left_id,
            right=row.right_id,
            linked=row.linked,
            occurred_at=from_microseconds(row.occurred_us),
            recorded_at=from_microseconds(row.recorded_us),
        )
        for row in LinkStatement.objects.order_by("-event_id")[:limit]
    ]
