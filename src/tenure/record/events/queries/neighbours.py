"""Links as rows for identity resolution: all of them, those around some identifiers, the news.

The columns are those of ``tenure.engine.identity.EDGES``. A follower keeps two cursors, one
over links and one over events; both rise in commit order, because recording is one at a time,
so nothing appears later beneath a cursor.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa
from django.db.models import Max, Q, QuerySet

from tenure.clock import from_microseconds
from tenure.engine.identity import EDGES
from tenure.record.events.models import Event, Identifier, Link, LinkStatement, UndoneBatch
from tenure.record.events.queries.links import Statement

_KIND_SAID = {True: "linked", False: "unlinked", None: "reopened"}
_SLICE = 400
_READ = 50_000
_LINK_COLUMNS = ("left_id", "right_id", "occurred_us", "recorded_us")
_STATEMENT_COLUMNS = (*_LINK_COLUMNS, "linked", "event_key")


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
    return LinkNews(_table([links], [statements]), undone, newest)


def all_edges(known_us: int | None = None) -> pa.Table:
    """Every link and statement that counts, as known at a moment (microseconds) or now."""
    links, statements = Link.objects.all(), LinkStatement.objects.all()
    undone = UndoneBatch.objects.all()
    if known_us is not None:
        links = links.filter(recorded_us__lte=known_us)
        statements = statements.filter(recorded_us__lte=known_us)
        undone = undone.filter(recorded_us__lte=known_us)
    return _table([_without(links, undone)], [statements])


def edges_around(identifier_ids: Iterable[int], known_us: int | None = None) -> pa.Table:
    """Every link and statement that counts with an end among ``identifier_ids``.

    Args:
        identifier_ids: in any order.
        known_us: as known at this moment (microseconds), or now.
    """
    known = Q() if known_us is None else Q(recorded_us__lte=known_us)
    undone = UndoneBatch.objects.filter(known)
    links: list[QuerySet[Link]] = []
    statements: list[QuerySet[LinkStatement]] = []
    for part in _parts(sorted(set(identifier_ids))):
        for side in ("left_id__in", "right_id__in"):
            links.append(_without(Link.objects.filter(known, **{side: part}), undone))
            statements.append(LinkStatement.objects.filter(known, **{side: part}))
    return _table(links, statements)


def identifiers_between(after: int, upto: int) -> pa.Array[pa.Int64Scalar]:
    """Identifiers that the events after one number up to another arrived with, each once."""
    rows = Event.objects.filter(id__gt=after, id__lte=upto, identifier_id__isnull=False)
    found = rows.values_list("identifier_id", flat=True).distinct()
    return pa.array(list(found.iterator(chunk_size=_READ)), pa.int64())


def types_of(identifier_ids: Iterable[int]) -> dict[int, str]:
    """The type of each identifier on record."""
    found: dict[int, str] = {}
    for part in _parts(sorted(set(identifier_ids))):
        found.update(Identifier.objects.filter(id__in=part).values_list("id", "type"))
    return found


def all_types() -> dict[int, str]:
    """The type of every identifier on record."""
    rows = Identifier.objects.values_list("id", "type")
    return dict(rows.iterator(chunk_size=_READ))


def values_of_type(kind: str, *, among: Sequence[int] | None = None) -> dict[int, str]:
    """The values of identifiers of a type that is not personal: of all, or of some."""
    rows = Identifier.objects.filter(type=kind, value__isnull=False).values_list("id", "value")
    parts = [rows] if among is None else [rows.filter(id__in=part) for part in _parts(among)]
    read = (row for part in parts for row in part.iterator(chunk_size=_READ))
    return {number: value for number, value in read if value}


def identifiers_of_types(types: Sequence[str]) -> pa.Array[pa.Int64Scalar]:
    """Ids of all identifiers of some types."""
    rows = Identifier.objects.filter(type__in=list(types)).values_list("id", flat=True)
    return pa.array(list(rows.iterator(chunk_size=_READ)), pa.int64())


def _without(links: QuerySet[Link], undone: QuerySet[UndoneBatch]) -> QuerySet[Link]:
    batches = list(undone.values_list("batch_id", flat=True))
    return links.exclude(batch_id__in=batches) if batches else links


def _table(
    links: Iterable[QuerySet[Link]], statements: Iterable[QuerySet[LinkStatement]]
) -> pa.Table:
    rows: list[tuple[object, ...]] = []
    for found in links:
        seen = found.values_list(*_LINK_COLUMNS).iterator(chunk_size=_READ)
        rows += [(*row, "automatic", b"") for row in seen]
    for said in statements:
        for *row, linked, key in said.values_list(*_STATEMENT_COLUMNS):
            rows.append((*row, _KIND_SAID[linked], bytes(key)))
    columns: list[Sequence[object]] = list(zip(*rows, strict=True)) or [() for _ in EDGES]
    return pa.table(
        [pa.array(c, f.type) for c, f in zip(columns, EDGES, strict=True)], schema=EDGES
    )


def _parts(wanted: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(wanted), _SLICE):
        yield wanted[start : start + _SLICE]


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
