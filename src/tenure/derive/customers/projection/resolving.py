"""Links to customers. The recorded clock alone cuts them: who is who does not depend on when."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tenure.derive.customers.models import IdentityState
from tenure.derive.customers.projection.mapping import customers_of, identity_map
from tenure.derive.customers.projection.sharing import limits_known_at, limits_of, limits_within
from tenure.engine.identity import Components, affected, components
from tenure.engine.identity.affected import customers_in
from tenure.record.events.queries.neighbours import (
    all_edges,
    edges_around,
    last_link_id,
    link_news,
)

Ids = npt.NDArray[np.int64]
STATE = "links"
"""Name of the one row of ``IdentityState``."""


@dataclass(frozen=True, slots=True)
class IdentityChange:
    """What the news of the log changes about who is who; nothing is stored yet.

    Attributes:
        moved: identifier_id, before, after: identifiers that changed their customer.
        explored: identifiers whose stored rows ``now`` replaces; ``None`` for all.
        now: the map and the refused links among them.
        undone: imports taken back since.
        link_cursor: the newest link looked at.
        event_cursor: the newest event looked at.
    """

    moved: pa.Table
    explored: Ids | None
    now: Components
    undone: tuple[int, ...]
    link_cursor: int
    event_cursor: int


def identity_state() -> IdentityState | None:
    """How far the links have been followed; ``None`` before the first time."""
    return IdentityState.objects.filter(name=STATE).first()


def follow_links(state: IdentityState, *, event_limit: int) -> IdentityChange:
    """What the links after ``state`` change, found by walking around them only."""
    news = link_news(
        link_cursor=state.link_cursor, event_cursor=state.event_cursor, event_limit=event_limit
    )
    result = affected(
        news.changed,
        edges_of=lambda ids: edges_around(ids.tolist()),
        previous=customers_of,
        limits=limits_of,
    )
    return IdentityChange(
        moved=result.moved,
        explored=result.explored,
        now=result.now,
        undone=news.undone,
        link_cursor=news.link_cursor,
        event_cursor=event_limit,
    )


def resolve_all(state: IdentityState | None, *, event_limit: int) -> IdentityChange:
    """Who is who from all links; the same as following them one by one."""
    newest = last_link_id()
    since = state.event_cursor if state else 0
    news = link_news(link_cursor=newest, event_cursor=since, event_limit=event_limit)
    now = identity_known_at(None)
    return IdentityChange(
        moved=moves_between(identity_map(), now.map),
        explored=None,
        now=now,
        undone=news.undone,
        link_cursor=newest,
        event_cursor=event_limit,
    )


def identity_known_at(known_us: int | None) -> Components:
    """Who is who as known at a moment (microseconds), or now."""
    edges = all_edges(known_us)
    return components(edges, limits_within(edges))


def members_known_at(identifier_id: int, known_us: int) -> list[int]:
    """All identifiers of one customer as known at a moment, the customer's own number first.

    The same as by :func:`identity_known_at`, found by walking around the identifier only.

    Args:
        identifier_id: any identifier of the customer.
        known_us: the moment, microseconds.
    """

    def edges_of(ids: Ids) -> pa.Table:
        return edges_around(ids.tolist(), known_us)

    start = np.array([identifier_id], np.int64)
    limits = limits_known_at(known_us)
    found = affected(edges_of(start), edges_of=edges_of, previous=np.copy, limits=limits)
    known = found.now.map
    [customer] = customers_in(known, start).tolist()
    others = known.filter(pc.equal(known["customer_id"], pa.scalar(customer, pa.int64())))
    return [customer, *np.sort(others["identifier_id"].to_numpy()).tolist()]


def moves_between(before: pa.Table, after: pa.Table) -> pa.Table:
    """The identifiers whose customer differs between two sparse maps."""
    joined = before.rename_columns(["identifier_id", "before"]).join(
        after.rename_columns(["identifier_id", "after"]), "identifier_id", join_type="full outer"
    )
    own = joined["identifier_id"]
    filled = pa.Table.from_arrays(
        [own, pc.coalesce(joined["before"], own), pc.coalesce(joined["after"], own)],
        names=["identifier_id", "before", "after"],
    )
    return filled.filter(pc.not_equal(filled["before"], filled["after"]))
