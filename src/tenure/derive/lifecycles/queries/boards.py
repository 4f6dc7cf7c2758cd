"""How many customers stand where: now, at any date, and who they are."""

from __future__ import annotations

from datetime import datetime, timedelta

from tenure.actor import Actor
from tenure.clock import from_microseconds, to_microseconds
from tenure.definitions import Lifecycle
from tenure.derive.lifecycles.models import Cursor
from tenure.derive.lifecycles.projection.current import moment_input, standing
from tenure.derive.lifecycles.queries.expecting import as_foreseen
from tenure.derive.lifecycles.queries.reading import SEE, Group, Reading, history_of
from tenure.derive.lifecycles.queries.views import Board, CustomerInStage, StageHeads
from tenure.engine.flows import stage_counts as counts_at

A_MONTH = timedelta(days=30)


def stage_counts(
    lifecycle: str,
    *,
    as_of: datetime,
    viewer: Actor,
    known_at: datetime | None = None,
    among: Group | None = None,
    right: str = SEE,
) -> dict[str, int]:
    """How many customers stood in each stage, by its code, in the order of the definition.

    Args:
        lifecycle: its key.
        as_of: the moment in the world, aware.
        viewer: who asks; only customers the viewer may see count.
        known_at: as it was believed at this moment (aware); as known now when ``None``.
        among: only these customers.
        right: which right says whom the viewer may see.

    Raises:
        UnknownLifecycleError: no such lifecycle.
    """
    with history_of(
        lifecycle, viewer=viewer, known_at=known_at, among=among, right=right
    ) as reading:
        return _counts(reading, as_of)


def board(
    lifecycle: str,
    *,
    as_of: datetime,
    viewer: Actor,
    since: datetime | None = None,
    known_at: datetime | None = None,
    among: Group | None = None,
) -> Board:
    """All stages of a lifecycle with their heads and how these changed.

    Args:
        lifecycle: its key.
        as_of: the moment in the world, aware.
        viewer: who asks.
        since: the moment compared with; thirty days earlier when ``None``.
        known_at: as for :func:`stage_counts`.
        among: only these customers.

    Raises:
        UnknownLifecycleError: no such lifecycle.
    """
    since = since or as_of - A_MONTH
    with history_of(lifecycle, viewer=viewer, known_at=known_at, among=among) as reading:
        now, before = _counts(reading, as_of), _counts(reading, since)
        chosen = reading.lifecycle
    cursor = Cursor.objects.filter(lifecycle=lifecycle).first()
    return Board(
        lifecycle=chosen.key,
        name=chosen.name,
        as_of=as_of,
        since=since,
        stages=_heads(chosen, now, before),
        version=cursor.definition_version if cursor else "",
        followed_to=cursor.as_of if cursor else None,
    )


def customers_in(
    lifecycle: str,
    stage: str,
    *,
    as_of: datetime,
    viewer: Actor,
    limit: int = 100,
    offset: int = 0,
    known_at: datetime | None = None,
    among: Group | None = None,
    right: str = SEE,
) -> list[CustomerInStage]:
    """Customers in a stage, those who entered last first, each with what comes next.

    Args:
        lifecycle: its key.
        stage: code of the stage; empty for any.
        as_of: the moment in the world, aware; what comes next is what was to be expected
            then, whatever happened after it.
        viewer: who asks.
        limit: at most so many.
        offset: how many to leave out before them.
        known_at: as for :func:`stage_counts`.
        among: only these customers.
        right: which right says whom the viewer may see.

    Raises:
        UnknownLifecycleError: no such lifecycle.
    """
    with history_of(
        lifecycle,
        viewer=viewer,
        known_at=known_at,
        among=among,
        right=right,
        world_at=None if known_at is None else as_of,
    ) as reading:
        rows = standing(reading.intervals)
        if stage:
            rows = rows.filter(rows.stage == stage)
        rows = rows.order_by(rows.entered_us.desc(), rows.customer_id).limit(limit, offset=offset)
        inside = reading.run(rows, moment=moment_input(to_microseconds(as_of)))
        library, chosen = reading.library, reading.lifecycle
    if known_at is None:
        inside = as_foreseen(library, chosen, inside, at_us=to_microseconds(as_of))
    found = inside.sort_by([("entered_us", "descending"), ("customer_id", "ascending")])
    return [
        CustomerInStage(
            customer_id=row["customer_id"],
            stage=row["stage"],
            entered_at=from_microseconds(row["entered_us"]),
            next_at=None if row["next_us"] is None else from_microseconds(row["next_us"]),
            next_stage=row["next_stage"],
        )
        for row in found.to_pylist()
    ]


def _counts(reading: Reading, as_of: datetime) -> dict[str, int]:
    table = reading.run(counts_at(reading.intervals, at_us=to_microseconds(as_of)))
    found = {row["stage"]: int(row["customers"]) for row in table.to_pylist()}
    return {stage.code: found.get(stage.code, 0) for stage in reading.lifecycle.stages}


def _heads(
    lifecycle: Lifecycle, now: dict[str, int], before: dict[str, int]
) -> tuple[StageHeads, ...]:
    return tuple(
        StageHeads(
            stage=stage.code,
            name=stage.name,
            canonical=stage.canonical,
            heads=now[stage.code],
            before=before[stage.code],
        )
        for stage in lifecycle.stages
    )
