"""Who will change stage soon if nothing happens: when, from where to where, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tenure.actor import Actor
from tenure.clock import from_microseconds, to_microseconds
from tenure.definitions import Library, Lifecycle
from tenure.derive.customers.projection import members_of
from tenure.derive.lifecycles.projection.affected import events_of
from tenure.derive.lifecycles.projection.current import moment_input, standing
from tenure.derive.lifecycles.projection.places import house_lake, house_runner
from tenure.derive.lifecycles.queries.evidence import values_of_rows
from tenure.derive.lifecycles.queries.reading import Group, Reading, history_of
from tenure.derive.lifecycles.queries.reasons import foreseen_cause
from tenure.engine.schema import unbound
from tenure.words import Words

if TYPE_CHECKING:
    import ibis.expr.types as ir

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
    lifecycle: str, *, at: datetime, until: datetime, viewer: Actor, among: Group | None = None
) -> list[ComingCount]:
    """How many customers change stage by themselves in a period, by from and to.

    Args:
        lifecycle: its key.
        at: the present, aware.
        until: the end of the period, aware.
        viewer: who asks; only customers the viewer may see count.
        among: only these customers.

    Returns:
        The commonest first.

    Raises:
        UnknownLifecycleError: no such lifecycle.
    """
    with history_of(lifecycle, viewer=viewer, among=among) as reading:
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
    among: Group | None = None,
    limit: int = 50,
    offset: int = 0,
) -> list[ComingChange]:
    """Customers who change stage by themselves in a period, the soonest first.

    Args:
        lifecycle: its key.
        at: the present, aware.
        until: the end of the period, aware.
        viewer: who asks; only customers the viewer may see.
        stage: only those in this stage now.
        next_stage: only those who go to this stage.
        among: only these customers.
        limit: at most so many.
        offset: how many to leave out before them.

    Raises:
        UnknownLifecycleError: no such lifecycle.
    """
    with history_of(lifecycle, viewer=viewer, among=among) as reading:
        rows = _soon(reading, at, until)
        if stage:
            rows = rows.filter(rows.stage == stage)
        if next_stage:
            rows = rows.filter(rows.next_stage == next_stage)
        rows = rows.order_by("next_us", "customer_id").limit(limit, offset=offset)
        listed = reading.run(rows, moment=moment_input(to_microseconds(at)))
        ordered = listed.sort_by([("next_us", "ascending"), ("customer_id", "ascending")])
        found = ordered.to_pylist()
        causes = _causes(reading, found)
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


def _causes(reading: Reading, rows: Sequence[dict[str, Any]]) -> list[Words]:
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
    values = _values(reading.library, reading.lifecycle, next_ones)
    return [
        foreseen_cause(reading.library, reading.lifecycle, row, now)
        for row, now in zip(next_ones, values, strict=True)
    ]


def _values(
    library: Library, lifecycle: Lifecycle, rows: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Metric values of each row's customer at the moment the row begins."""
    customers = np.array([row["customer_id"] for row in rows], np.int64)
    identity = members_of(customers)
    own = np.union1d(customers, identity["identifier_id"].to_numpy())
    with house_lake().reading() as lake:
        events = events_of(lake, house_runner(), library, pa.array(own, pa.int64()))
    place = pc.index_in(
        events["identifier_id"], value_set=identity["identifier_id"].combine_chunks()
    )
    whose = pc.coalesce(identity["customer_id"].take(place), events["identifier_id"])
    keys = [metric.key for metric in library.lifecycle_metrics(lifecycle.key)]
    moments = [(row["customer_id"], row["entered_us"]) for row in rows]
    return values_of_rows(library, keys, events.append_column("customer_id", whose), moments)
