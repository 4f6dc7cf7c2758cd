"""Links around some identifiers as rows for identity resolution."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import pyarrow as pa
from django.db.models import Q, QuerySet

from tenure.engine.identity import EDGES
from tenure.record.events.models import Identifier, Link, LinkStatement, UndoneBatch

_KIND_SAID = {True: "linked", False: "unlinked", None: "reopened"}
_SLICE = 400
_READ = 50_000
_LINK_COLUMNS = ("left_id", "right_id", "occurred_us", "recorded_us")
_STATEMENT_COLUMNS = (*_LINK_COLUMNS, "linked", "event_key")


def edges_around(identifier_ids: Iterable[int], known_us: int | None = None) -> pa.Table:
    """Every link and statement that counts with an end among ``identifier_ids``.

    Args:
        identifier_ids: in any order.
        known_us: as known at this moment (microseconds), or now.
    """
    known = Q() if known_us is None else Q(recorded_us__lte=known_us)
    undone = list(UndoneBatch.objects.filter(known).values_list("batch_id", flat=True))
    links: list[QuerySet[Link]] = []
    statements: list[QuerySet[LinkStatement]] = []
    for part in in_slices(sorted(set(identifier_ids))):
        for side in ("left_id__in", "right_id__in"):
            links.append(without_undone(Link.objects.filter(known, **{side: part}), undone))
            statements.append(LinkStatement.objects.filter(known, **{side: part}))
    return edge_table(links, statements)


def types_of(identifier_ids: Iterable[int]) -> dict[int, str]:
    """The type of each identifier on record."""
    found: dict[int, str] = {}
    for part in in_slices(sorted(set(identifier_ids))):
        found.update(Identifier.objects.filter(id__in=part).values_list("id", "type"))
    return found


def without_undone(links: QuerySet[Link], undone: Sequence[int]) -> QuerySet[Link]:
    """Links but those of imports taken back."""
    return links.exclude(batch_id__in=undone) if undone else links


def edge_table(
    links: Iterable[QuerySet[Link]], statements: Iterable[QuerySet[LinkStatement]]
) -> pa.Table:
    """Links and statements with the columns of ``EDGES``."""
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


def in_slices(wanted: Sequence[int]) -> Iterator[Sequence[int]]:
    """Parts of so many numbers as one statement may name."""
    for start in range(0, len(wanted), _SLICE):
        yield wanted[start : start + _SLICE]
