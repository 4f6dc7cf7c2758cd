"""Every word by people about who is who, newest first: filtered, paged, within reach."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from tenure.actor import Actor
from tenure.derive.customers.projection import customers_of
from tenure.derive.customers.queries.identity import MergeView, merge_views
from tenure.derive.customers.queries.visibility import Visible, visible
from tenure.record.events.queries.links import Statement, StatementKind, last_words, statements_page

RIGHT = "customer.merge"
_PART = 500


@dataclass(frozen=True, slots=True)
class WordAsked:
    """Which words.

    Attributes:
        kind: merged, apart, reopened or empty for all.
        by: key of the actor; empty for anybody.
        since: said at or after this moment, aware.
        until: said before this moment, aware.
    """

    kind: StatementKind | None = None
    by: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class WordView:
    """A word about two identifiers, and whose they are now.

    Attributes:
        said: who, when, why, what.
        left: customer of the one identifier now.
        right: customer of the other now.
        stands: it is the last word about the two.
    """

    said: MergeView
    left: int
    right: int
    stands: bool


def words_said(
    asked: WordAsked, *, viewer: Actor, before: int | None = None, limit: int = 50
) -> tuple[list[WordView], int | None]:
    """Words about customers both of whom the viewer may merge, newest first.

    Args:
        asked: which.
        viewer: who asks.
        before: only words before this event, as the answer before said.
        limit: at most so many.

    Returns:
        The words, and what ``before`` is for those that follow; ``None`` at the end.
    """
    found: list[WordView] = []
    for part in _parts(asked, before):
        for one in _within(part, viewer):
            if len(found) == limit:
                return found, found[-1].said.event_id
            found.append(one)
    return found, None


def all_words_said(asked: WordAsked, *, viewer: Actor) -> Iterator[WordView]:
    """As :func:`words_said`, all of them, read as they are asked for."""
    for part in _parts(asked, None):
        yield from _within(part, viewer)


def _parts(asked: WordAsked, before: int | None) -> Iterator[Sequence[Statement]]:
    while part := statements_page(
        kind=asked.kind,
        by=asked.by,
        since=asked.since,
        until=asked.until,
        before=before,
        limit=_PART,
    ):
        yield part
        before = part[-1].event_id


def _within(part: Sequence[Statement], viewer: Actor) -> list[WordView]:
    ends = np.array([(one.left, one.right) for one in part], np.int64)
    whose = customers_of(ends.reshape(-1)).reshape(-1, 2).tolist()
    reached = _reached(visible(viewer), visible(viewer, RIGHT), {n for pair in whose for n in pair})
    kept = [(one, pair) for one, pair in zip(part, whose, strict=True) if {*pair} <= reached]
    last = last_words([(one.left, one.right) for one, _ in kept])
    views = merge_views([one for one, _ in kept])
    return [
        WordView(view, left, right, stands=last.get((one.left, one.right)) == one.event_id)
        for view, (one, (left, right)) in zip(views, kept, strict=True)
    ]


def _reached(seen: Visible, merging: Visible, customers: set[int]) -> set[int]:
    return merging.among(seen.among(customers))
