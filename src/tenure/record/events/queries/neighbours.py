"""Links around some identifiers, and which identifiers have news: for following, not for reading all.

A follower keeps two cursors, one over links and one over events. Both rise in commit order,
because recording is one at a time, so nothing appears later beneath a cursor.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa
from django.db.models import Max, Q

from tenure.record.events.models import Identifier, Link, LinkStatement, UndoneBatch
from tenure.record.events.queries.links import EDGES

Pair = tuple[int, int]
_SLICE = 400


@dataclass(frozen=True, slots=True)
class LinkNews:
    """What happened to links since a follower last looked.

    Attributes:
        touched: identifiers of new links, new statements, and links of imports taken back.
        undone: imports taken back since.
        link_cursor: the newest link.
    """

    touched: frozenset[int]
    undone: tuple[int, ...]
    link_cursor: int


def last_link_id() -> int:
    """The number of the newest link; 0 where there is none."""
    return Link.objects.aggregate(last=Max("id"))["last"] or 0


def link_news(*, link_cursor: int, event_cursor: int, event_limit: int) -> LinkNews:
    """Identifiers whose links may have changed after the cursors.

    Args:
        link_cursor: the newest link looked at before.
        event_cursor: the newest event looked at before.
        event_limit: the newest event to look at now; later news are the next reader's.
    """
    recent = Q(event_id__gt=event_cursor, event_id__lte=event_limit)
    undone = tuple(UndoneBatch.objects.filter(recent).values_list("batch_id", flat=True))
    newest = last_link_id()
    fresh = Q(id__gt=link_cursor, id__lte=newest)
    columns = ("left_id", "right_id")
    pairs = list(Link.objects.filter(fresh).values_list(*columns))
    pairs += LinkStatement.objects.filter(recent).values_list(*columns)
    if undone:
        pairs += Link.objects.filter(batch_id__in=undone).values_list(*columns)
    return LinkNews(frozenset(number for pair in pairs for number in pair), undone, newest)


def edges_around(identifier_ids: Iterable[int]) -> pa.Table:
    """All links that hold and have at least one end among ``identifier_ids``, each pair once.

    The same rule as ``edges``: per pair the last explicit statement decides; without one, any
    automatic link counts that did not come from an undone import.

    Returns:
        A table with the columns of ``EDGES``, in no particular order.
    """
    wanted = sorted(set(identifier_ids))
    stated = _stated_around(wanted)
    pairs: dict[Pair, bool] = {pair: True for pair, linked in stated.items() if linked}
    undone = list(UndoneBatch.objects.values_list("batch_id", flat=True))
    for part in _parts(wanted):
        for side in ("left_id__in", "right_id__in"):
            links = Link.objects.filter(**{side: part}).exclude(batch_id__in=undone)
            for pair in links.values_list("left_id", "right_id"):
                if pair not in stated:
                    pairs[pair] = False
    return _with_types(pairs)


def types_of(identifier_ids: Iterable[int]) -> dict[int, str]:
    """The type of each identifier on record."""
    found: dict[int, str] = {}
    for part in _parts(sorted(set(identifier_ids))):
        found.update(Identifier.objects.filter(id__in=part).values_list("id", "type"))
    return found


def identifiers_of_types(types: Sequence[str]) -> pa.Array:
    """Ids of all identifiers of some types, int64."""
    rows = Identifier.objects.filter(type__in=list(types)).values_list("id", flat=True)
    return pa.array(list(rows.iterator(chunk_size=50_000)), pa.int64())


def _stated_around(wanted: Sequence[int]) -> dict[Pair, bool]:
    """The last statement of every pair around; ordered by moment, then event key."""
    rows: dict[int, tuple[int, bytes, Pair, bool]] = {}
    columns = ("event_id", "occurred_us", "event_key", "left_id", "right_id", "linked")
    for part in _parts(wanted):
        about = LinkStatement.objects.filter(Q(left_id__in=part) | Q(right_id__in=part))
        for event, moment, key, left, right, linked in about.values_list(*columns):
            rows[event] = (moment, bytes(key), (left, right), linked)
    return {pair: linked for _, _, pair, linked in sorted(rows.values())}


def _with_types(pairs: dict[Pair, bool]) -> pa.Table:
    ordered = sorted(pairs)
    types = types_of(number for pair in ordered for number in pair)
    return pa.table(
        {
            "left": [left for left, _ in ordered],
            "right": [right for _, right in ordered],
            "explicit": [pairs[pair] for pair in ordered],
            "left_type": [types[left] for left, _ in ordered],
            "right_type": [types[right] for _, right in ordered],
        },
        schema=EDGES,
    )


def _parts(wanted: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(wanted), _SLICE):
        yield wanted[start : start + _SLICE]
