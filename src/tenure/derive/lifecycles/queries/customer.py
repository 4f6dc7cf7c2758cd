"""One customer's life: stages with their causes, what comes next, all metrics."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from tenure.actor import Actor
from tenure.clock import from_microseconds, to_microseconds
from tenure.definitions import Library, Lifecycle
from tenure.derive.customers.queries import customer_of, identifiers_of, visible
from tenure.derive.lifecycles.projection.few import foreseen
from tenure.derive.lifecycles.projection.inputs import Inputs
from tenure.derive.lifecycles.projection.strangers import by_strangers
from tenure.derive.lifecycles.queries.evidence import events_table, values_at
from tenure.derive.lifecycles.queries.numbers import with_unit
from tenure.derive.lifecycles.queries.reading import SEE, history_of, lifecycle_named
from tenure.derive.lifecycles.queries.reasons import causes_of
from tenure.derive.lifecycles.queries.views import MetricValue, NextChange, StageInterval
from tenure.engine.schema import IDENTITY
from tenure.guard.access.queries import ForbiddenError, Rights
from tenure.record.library.queries import current_library

Row = dict[str, Any]


def customer_history(
    customer_id: int,
    lifecycle: str,
    *,
    as_of: datetime,
    viewer: Actor,
    known_at: datetime | None = None,
) -> list[StageInterval]:
    """Every stage a customer has been in up to a moment, oldest first, each with its cause.

    Args:
        customer_id: which; with ``known_at`` whoever had this identifier then.
        lifecycle: its key.
        as_of: the moment in the world, aware; the last interval is open at it.
        viewer: who asks.
        known_at: as it was believed at this moment (aware); as known now when ``None``.

    Raises:
        ForbiddenError: the viewer may not see the customer.
        UnknownLifecycleError: no such lifecycle.
    """
    at_us = to_microseconds(as_of)
    library, chosen = lifecycle_named(lifecycle)
    rights = _check_visible(customer_id, viewer)
    own = identifiers_of(customer_id, known_at=known_at)
    events = events_table(library, own, known_at=known_at)
    if known_at is None:
        rows = _stored(customer_id, lifecycle, viewer)
    else:
        rows = foreseen_rows(own, library, [chosen], events)[lifecycle]
    past = [row for row in rows if row["entered_us"] <= at_us]
    causes = causes_of(library, chosen, past, events, rights=rights)
    intervals = []
    for row, cause in zip(past, causes, strict=True):
        stage = chosen.stage(row["stage"])
        left_us = row["left_us"]
        gone = left_us is not None and left_us <= at_us
        intervals.append(
            StageInterval(
                stage=stage.code,
                name=stage.name,
                canonical=stage.canonical,
                entered_at=from_microseconds(row["entered_us"]),
                left_at=from_microseconds(left_us) if gone else None,
                kind=row["cause"],
                cause=cause,
                event_id=row["cause_event_id"],
            )
        )
    return intervals


def next_change(
    customer_id: int,
    lifecycle: str,
    *,
    as_of: datetime,
    viewer: Actor,
    known_at: datetime | None = None,
) -> NextChange | None:
    """What stage comes next and when, if nothing happens; ``None`` where the stage stays.

    Args:
        customer_id: which; with ``known_at`` whoever had this identifier then.
        lifecycle: its key.
        as_of: the moment asked about, aware; what happened after it is not looked at.
        viewer: who asks.
        known_at: as it was believed at this moment (aware); as known now when ``None``.

    Raises:
        ForbiddenError: the viewer may not see the customer.
        UnknownLifecycleError: no such lifecycle.
    """
    at_us = to_microseconds(as_of)
    library, chosen = lifecycle_named(lifecycle)
    rights = _check_visible(customer_id, viewer)
    own = identifiers_of(customer_id, known_at=known_at)
    events = events_table(library, own, known_at=known_at)
    until_then = events.filter(pc.less_equal(events["occurred_us"], pa.scalar(at_us)))
    if known_at is None and len(until_then) == len(events):
        rows = _stored(customer_id, lifecycle, viewer)
    else:
        rows = foreseen_rows(own, library, [chosen], until_then)[lifecycle]
    coming = [row for row in rows if row["entered_us"] > at_us][:1]
    if not coming:
        return None
    [cause] = causes_of(library, chosen, coming, until_then, rights=rights)
    stage = chosen.stage(coming[0]["stage"])
    return NextChange(
        at=from_microseconds(coming[0]["entered_us"]),
        stage=stage.code,
        name=stage.name,
        canonical=stage.canonical,
        cause=cause,
    )


def metrics_of(
    customer_id: int,
    *,
    as_of: datetime,
    viewer: Actor,
    keys: Sequence[str] | None = None,
) -> list[MetricValue]:
    """Metrics of a customer at a moment, in the order of the library.

    Args:
        customer_id: which.
        as_of: the moment in the world, aware.
        viewer: who asks.
        keys: only these metrics; all when ``None``.

    Raises:
        ForbiddenError: the viewer may not see the customer.
    """
    library, _ = current_library()
    _check_visible(customer_id, viewer)
    chosen = list(library.metrics) if keys is None else list(keys)
    events = events_table(library, identifiers_of(customer_id))
    [values] = values_at(library, chosen, events, [to_microseconds(as_of)])
    found = []
    for key in chosen:
        metric, value = library.metrics[key], values.get(key)
        shown = with_unit(value, metric.unit)
        found.append(MetricValue(key, metric.name, value, metric.unit, shown))
    return found


def foreseen_rows(
    own: Sequence[int], library: Library, lifecycles: Sequence[Lifecycle], events: pa.Table
) -> dict[str, list[Row]]:
    """The histories with their future as they were to be expected after ``events`` alone.

    Args:
        own: all identifiers of the customer, the customer's own number first.
        library: holds the lifecycles.
        lifecycles: which.
        events: of ``events_table``, cut as asked.

    Returns:
        By key of the lifecycle its intervals, in order.
    """
    rows = events.drop_columns(["customer_id"])
    identity = pa.Table.from_pydict(
        {"identifier_id": list(own[1:]), "customer_id": [own[0]] * (len(own) - 1)},
        schema=IDENTITY,
    )
    found: dict[str, list[Row]] = {lifecycle.key: [] for lifecycle in lifecycles}
    for others, keys in by_strangers(library, found, pa.array(own, pa.int64())):
        inputs = Inputs(rows, rows.schema, identity=identity, strangers=others)
        for row in foreseen(library, keys, inputs).sort_by("entered_us").to_pylist():
            found[row["lifecycle"]].append(row)
    return found


def _check_visible(customer_id: int, viewer: Actor) -> Rights:
    """The viewer's rights; an identifier stands for its customer now.

    Raises:
        ForbiddenError: the viewer may not see the customer.
    """
    seen = visible(viewer, SEE)
    if not seen.allows(customer_of(customer_id)):
        raise ForbiddenError(SEE)
    return seen.rights


def _stored(customer_id: int, lifecycle: str, viewer: Actor) -> list[Row]:
    with history_of(lifecycle, viewer=viewer) as reading:
        intervals = reading.intervals
        own = intervals.filter(intervals.customer_id == customer_id)
        table: pa.Table = reading.run(own.order_by("entered_us"))
        return list(table.to_pylist())
