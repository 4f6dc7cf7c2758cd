"""One customer's place in every lifecycle, life in some of them, and metrics over time.

The events are read once for all of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from tenure.actor import Actor
from tenure.clock import from_microseconds, to_microseconds
from tenure.definitions import Lifecycle, Metric
from tenure.derive.customers.queries import customer_of, visible
from tenure.derive.customers.queries.profile_scope import own_identifiers
from tenure.derive.lifecycles.models import CurrentStages
from tenure.derive.lifecycles.projection.stands import Stand, stands_of
from tenure.derive.lifecycles.queries.causes import Value
from tenure.derive.lifecycles.queries.customer import foreseen_rows
from tenure.derive.lifecycles.queries.evidence import events_table, values_at
from tenure.derive.lifecycles.queries.reasons import causes_of
from tenure.derive.lifecycles.queries.views import NextChange, StageInterval
from tenure.guard.access.queries import ForbiddenError, Rights
from tenure.record.library.queries import current_library
from tenure.words import Words

_SEE = "customer.view"
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a customer stands in one lifecycle, as followed to now.

    Attributes:
        entered_at: since when, aware.
        next_at: when the stage changes if nothing happens; ``None`` where it stays.
        next_stage: code of the stage that comes then; empty where it stays.
    """

    lifecycle: Lifecycle
    stage: str
    canonical: str
    entered_at: datetime
    next_at: datetime | None
    next_stage: str


@dataclass(frozen=True, slots=True)
class Life:
    """A customer in one lifecycle up to a moment.

    Attributes:
        history: every stay, oldest first; the last one is open.
        next: what comes if nothing happens; ``None`` where the stage stays.
    """

    lifecycle: Lifecycle
    history: tuple[StageInterval, ...]
    next: NextChange | None


@dataclass(frozen=True, slots=True)
class Trend:
    """A metric of a customer at some moments.

    Attributes:
        values: in the order of the moments asked for; ``None`` where it has none.
    """

    metric: Metric
    values: tuple[Value, ...]


def standings(customer_id: int, *, viewer: Actor) -> list[Standing]:
    """Where a customer stands in every lifecycle followed, in the order of the library.

    Args:
        customer_id: which.
        viewer: who asks.

    Raises:
        ForbiddenError: the viewer may not see the customer.
    """
    _check(customer_id, viewer)
    library, _ = current_library()
    row = CurrentStages.objects.filter(customer_id=customer_id).first()
    stands = stands_of(row.stages) if row else {}
    return [
        _standing(lifecycle, stand)
        for key, lifecycle in library.lifecycles.items()
        if (stand := stands.get(key)) and stand.stage in {stage.code for stage in lifecycle.stages}
    ]


def _standing(lifecycle: Lifecycle, stand: Stand) -> Standing:
    return Standing(
        lifecycle=lifecycle,
        stage=stand.stage,
        canonical=lifecycle.stage(stand.stage).canonical,
        entered_at=from_microseconds(stand.entered_us),
        next_at=None if stand.next_us is None else from_microseconds(stand.next_us),
        next_stage=stand.next_stage,
    )


def lives(
    customer_id: int,
    lifecycles: Sequence[str],
    *,
    as_of: datetime,
    viewer: Actor,
    known_at: datetime | None = None,
    revealing: frozenset[str] = frozenset(),
) -> list[Life]:
    """A customer's life in some lifecycles, each stay with its cause, and what comes next.

    Computed from the log itself, so that a pin or an event of a moment ago is in it.

    Args:
        customer_id: which; with ``known_at`` whoever had this identifier then.
        lifecycles: their keys; unknown ones and those without a stage are left out.
        as_of: the moment in the world, aware; what happened after it is not looked at.
        viewer: who asks.
        known_at: as it was believed at this moment (aware); as known now when ``None``.
        revealing: groups of personal fields the viewer has just asked to see.

    Raises:
        ForbiddenError: the viewer may not see the customer.
    """
    rights = _check(customer_id, viewer)
    library, _ = current_library()
    own = own_identifiers(customer_id, rights=rights, known_at=known_at)
    at_us = to_microseconds(as_of)
    events = _until(events_table(library, own, known_at=known_at), at_us)
    chosen = [library.lifecycles[key] for key in lifecycles if key in library.lifecycles]
    if not chosen or not len(events):
        return []
    rows_of = foreseen_rows(own, library, chosen, events)
    found = []
    for lifecycle in chosen:
        rows = rows_of[lifecycle.key]
        past = [row for row in rows if row["entered_us"] <= at_us]
        if past:
            coming = [row for row in rows if row["entered_us"] > at_us][:1]
            causes = causes_of(
                library, lifecycle, [*past, *coming], events, rights=rights, revealing=revealing
            )
            found.append(_life(lifecycle, past, coming, causes))
    return found


def trends(
    customer_id: int,
    keys: Sequence[str],
    moments: Sequence[datetime],
    *,
    viewer: Actor,
    known_at: datetime | None = None,
) -> list[Trend]:
    """Metrics of a customer at several moments, in one pass over the events.

    Args:
        customer_id: which.
        keys: of metrics; unknown ones are left out.
        moments: in the world, aware, in any order.
        viewer: who asks.
        known_at: as it was believed at this moment (aware); as known now when ``None``.

    Raises:
        ForbiddenError: the viewer may not see the customer.
    """
    rights = _check(customer_id, viewer)
    library, _ = current_library()
    chosen = [key for key in keys if key in library.metrics]
    own = own_identifiers(customer_id, rights=rights, known_at=known_at)
    events = events_table(library, own, known_at=known_at)
    values = values_at(library, chosen, events, [to_microseconds(one) for one in moments])
    return [Trend(library.metrics[key], tuple(one.get(key) for one in values)) for key in chosen]


def _life(
    lifecycle: Lifecycle, past: list[Row], coming: list[Row], causes: Sequence[Words]
) -> Life:
    stays = []
    for place, (row, cause) in enumerate(zip(past, causes, strict=False)):
        stage = lifecycle.stage(row["stage"])
        last = place == len(past) - 1
        stays.append(
            StageInterval(
                stage=stage.code,
                name=stage.name,
                canonical=stage.canonical,
                entered_at=from_microseconds(row["entered_us"]),
                left_at=None if last else from_microseconds(row["left_us"]),
                kind=row["cause"],
                cause=cause,
                event_id=row["cause_event_id"],
            )
        )
    if not coming:
        return Life(lifecycle, tuple(stays), None)
    stage = lifecycle.stage(coming[0]["stage"])
    at = from_microseconds(coming[0]["entered_us"])
    change = NextChange(at, stage.code, stage.name, stage.canonical, causes[-1])
    return Life(lifecycle, tuple(stays), change)


def _until(events: pa.Table, at_us: int) -> pa.Table:
    return events.filter(pc.less_equal(events["occurred_us"], pa.scalar(at_us)))


def _check(customer_id: int, viewer: Actor) -> Rights:
    seen = visible(viewer, _SEE)
    if not seen.allows(customer_of(customer_id)):
        raise ForbiddenError(_SEE)
    return seen.rights
