"""Who will change stage soon if nothing happens: when, from where to where, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tenure.actor import Actor
from tenure.clock import from_microseconds, to_microseconds
from tenure.definitions import Library, Lifecycle
from tenure.derive.customers.projection import members_of
from tenure.derive.lifecycles.projection.affected import events_of
from tenure.derive.lifecycles.projection.current import moment_input, standing
from tenure.derive.lifecycles.projection.places import house_lake, house_runner
from tenure.derive.lifecycles.queries.everybody import CUSTOMERS, events_of_all
from tenure.derive.lifecycles.queries.evidence import values_of_rows
from tenure.derive.lifecycles.queries.reading import (
    Group,
    Reading,
    history_of,
    microseconds_or_none,
)
from tenure.derive.lifecycles.queries.reasons import foreseen_cause
from tenure.engine.schema import unbound
from tenure.words import Words

if TYPE_CHECKING:
    import ibis.expr.types as ir

Ids = npt.NDArray[np.int64]
_LISTED = pa.schema([("listed_id", pa.int64()), ("listed_us", pa.int64())])


@dataclass(frozen=True, slots=True)
class ComingChange:
    """A change of stage that comes by itself.

    Attributes:
        at: when, aware.
        entered_at: since when the customer has been in the present stage.
        cause: why, with the values at that moment.
    """

    customer_id: int
    at: datetime
    stage: str
    next_stage: str
    entered_at: datetime
    cause: Words


@dataclass(frozen=True, slots=True)
class ComingCount:
    """How many will go from one stage to another."""

    stage: str
    next_stage: str
    customers: int


def coming_counts(
    lifecycle: str,
    *,
    at: datetime,
    until: datetime,
    viewer: Actor,
    past: bool = False,
    known_at: datetime | None = None,
    among: Group | None = None,
) -> list[ComingCount]:
    """How many customers change stage by themselves in a period, by from and to.

    Args:
        lifecycle: its key.
        at: the present, or with ``past`` an earlier moment, aware.
        until: the end of the period, aware.
        viewer: who asks; only customers the viewer may see count.
        past: count only what had happened by ``at``: what was to be expected then.
        known_at: as it was believed at this moment (aware); as known now when ``None``.
        among: only these customers.

    Returns:
        The commonest first.

    Raises:
        UnknownLifecycleError: no such lifecycle.
    """
    world_at = at if past else None
    with history_of(
        lifecycle, viewer=viewer, known_at=known_at, among=among, world_at=world_at
    ) as reading:
        soon = _soon(reading, at, until)
        counted = soon.group_by("stage", "next_stage").agg(customers=soon.count())
        rows = reading.run(counted, moment=moment_input(to_microseconds(at))).to_pylist()
    found = [ComingCount(row["stage"], row["next_stage"], row["customers"]) for row in rows]
    return sorted(found, key=lambda one: (-one.customers, one.stage, one.next_stage))


def coming_changes(
    lifecycle: str,
    *,
    at: datetime,
    until: datetime,
    viewer: Actor,
    stage: str = "",
    next_stage: str = "",
    past: bool = False,
    known_at: datetime | None = None,
    among: Group | None = None,
    limit: int = 50,
    offset: int = 0,
) -> list[ComingChange]:
    """Customers who change stage by themselves in a period, the soonest first.

    Args:
        lifecycle: its key.
        at: the present, or with ``past`` an earlier moment, aware.
        until: the end of the period, aware.
        viewer: who asks; only customers the viewer may see.
        stage: only those in this stage now.
        next_stage: only those who go to this stage.
        past: count only what had happened by ``at``: what was to be expected then.
        known_at: as it was believed at this moment (aware); as known now when ``None``.
        among: only these customers.
        limit: at most so many.
        offset: how many to leave out before them.

    Raises:
        UnknownLifecycleError: no such lifecycle.
    """
    world_at = at if past else None
    with history_of(
        lifecycle, viewer=viewer, known_at=known_at, among=among, world_at=world_at
    ) as reading:
        rows = _soon(reading, at, until)
        if stage:
            rows = rows.filter(rows.stage == stage)
        if next_stage:
            rows = rows.filter(rows.next_stage == next_stage)
        rows = rows.order_by("next_us", "customer_id").limit(limit, offset=offset)
        listed = reading.run(rows, moment=moment_input(to_microseconds(at)))
        ordered = listed.sort_by([("next_us", "ascending"), ("customer_id", "ascending")])
        found = ordered.to_pylist()
        causes = _causes(reading, found, known_at, world_at)
    return [
        ComingChange(
            customer_id=row["customer_id"],
            at=from_microseconds(row["next_us"]),
            stage=row["stage"],
            next_stage=row["next_stage"],
            entered_at=from_microseconds(row["entered_us"]),
            cause=cause,
        )
        for row, cause in zip(found, causes, strict=True)
    ]


def _soon(reading: Reading, at: datetime, until: datetime) -> ir.Table:
    rows = standing(reading.intervals)
    return rows.filter(rows.next_us.notnull() & (rows.next_us <= to_microseconds(until)))


def _causes(
    reading: Reading,
    rows: Sequence[dict[str, Any]],
    known_at: datetime | None,
    world_at: datetime | None,
) -> list[Words]:
    """Why each change comes, from the interval that begins with it."""
    if not rows:
        return []
    listed = pa.table(
        [
            pa.array([row["customer_id"] for row in rows], pa.int64()),
            pa.array([row["next_us"] for row in rows], pa.int64()),
        ],
        schema=_LISTED,
    )
    wanted = unbound("listed", _LISTED)
    intervals = reading.intervals
    begins = intervals.semi_join(
        wanted,
        [
            intervals.customer_id == wanted.listed_id,
            intervals.entered_us == wanted.listed_us,
        ],
    )
    by_customer = {
        row["customer_id"]: row for row in reading.run(begins, listed=listed).to_pylist()
    }
    next_ones = [by_customer[row["customer_id"]] for row in rows]
    library, lifecycle = reading.library, reading.lifecycle
    customers = np.array([row["customer_id"] for row in next_ones], np.int64)
    if known_at is None and world_at is None:
        events = _events_now(library, customers)
    else:
        events = _events_cut(library, lifecycle, customers, known_at, world_at)
    keys = [metric.key for metric in library.lifecycle_metrics(lifecycle.key)]
    moments = [(row["customer_id"], row["entered_us"]) for row in next_ones]
    values = values_of_rows(library, keys, events, moments)
    return [
        foreseen_cause(library, lifecycle, row, now)
        for row, now in zip(next_ones, values, strict=True)
    ]


def _events_now(library: Library, customers: Ids) -> pa.Table:
    """All events of some customers, with customer_id."""
    identity = members_of(customers)
    own = np.union1d(customers, identity["identifier_id"].to_numpy())
    with house_lake().reading() as lake:
        events = events_of(lake, house_runner(), library, pa.array(own, pa.int64()))
    place = pc.index_in(
        events["identifier_id"], value_set=identity["identifier_id"].combine_chunks()
    )
    whose = pc.coalesce(identity["customer_id"].take(place), events["identifier_id"])
    return events.append_column("customer_id", whose)


def _events_cut(
    library: Library,
    lifecycle: Lifecycle,
    customers: Ids,
    known_at: datetime | None,
    world_at: datetime | None,
) -> pa.Table:
    """The events of some customers that a history cut on both clocks is made of."""
    with events_of_all(
        library,
        lifecycle.party,
        known_us=microseconds_or_none(known_at),
        world_us=microseconds_or_none(world_at),
    ) as everybody:
        rows = everybody.events.semi_join(unbound("wanted", CUSTOMERS), "customer_id")
        wanted = pa.table([pa.array(np.unique(customers), pa.int64())], schema=CUSTOMERS)
        return house_runner().run(rows, {**everybody.inputs, "wanted": wanted})
