"""How customers move: accounts of a period, transitions, passages between two moments."""

from __future__ import annotations

from datetime import datetime

from tenure.actor import Actor
from tenure.clock import to_microseconds
from tenure.definitions import Lifecycle
from tenure.derive.lifecycles.queries.reading import Group, history_of
from tenure.derive.lifecycles.queries.views import FlowAccount, Passage, Transition
from tenure.engine import flows
from tenure.words import Words

_BORN = Words(zh="（首次出现）", en="(first seen)")


def flow_accounts(
    lifecycle: str,
    *,
    from_at: datetime,
    to_at: datetime,
    viewer: Actor,
    known_at: datetime | None = None,
    among: Group | None = None,
) -> list[FlowAccount]:
    """For each stage: opening + entered - left = closing, in the order of the definition.

    Args:
        lifecycle: its key.
        from_at: moment of the opening balance, aware.
        to_at: moment of the closing balance, aware.
        viewer: who asks.
        known_at: as it was believed at this moment (aware); as known now when ``None``.
        among: only these customers.

    Raises:
        UnknownLifecycleError: no such lifecycle.
    """
    begin, end = to_microseconds(from_at), to_microseconds(to_at)
    with history_of(lifecycle, viewer=viewer, known_at=known_at, among=among) as reading:
        expression = flows.flow_accounts(reading.intervals, from_us=begin, to_us=end)
        found = {row["stage"]: row for row in reading.run(expression).to_pylist()}
        stages = reading.lifecycle.stages
    accounts = []
    for stage in stages:
        row = found.get(stage.code, {})
        heads = {
            name: int(row.get(name) or 0) for name in ("opening", "entered", "left", "closing")
        }
        accounts.append(FlowAccount(stage=stage.code, name=stage.name, **heads))
    return accounts


def transitions(
    lifecycle: str,
    *,
    from_at: datetime,
    to_at: datetime,
    viewer: Actor,
    known_at: datetime | None = None,
    among: Group | None = None,
) -> list[Transition]:
    """Who went from where to where in a period, the commonest first; arguments as above."""
    begin, end = to_microseconds(from_at), to_microseconds(to_at)
    with history_of(lifecycle, viewer=viewer, known_at=known_at, among=among) as reading:
        expression = flows.transitions(reading.intervals, from_us=begin, to_us=end)
        rows = reading.run(expression).to_pylist()
        names = _names(reading.lifecycle)
    moves = [
        Transition(
            from_stage=row["from_stage"] or "",
            from_name=names[row["from_stage"]] if row["from_stage"] else _BORN,
            to_stage=row["to_stage"],
            to_name=names[row["to_stage"]],
            customers=int(row["n"]),
            median_days=row["median_days"],
        )
        for row in rows
    ]
    return sorted(moves, key=lambda move: (-move.customers, move.from_stage, move.to_stage))


def passages(
    lifecycle: str,
    *,
    from_at: datetime,
    to_at: datetime,
    viewer: Actor,
    known_at: datetime | None = None,
    among: Group | None = None,
) -> list[Passage]:
    """Where customers stood at one moment and where at another, in the order of the definition.

    Sums by ``from_stage`` are the heads at ``from_at``, sums by ``to_stage`` those at
    ``to_at``; arguments as for :func:`flow_accounts`.
    """
    begin, end = to_microseconds(from_at), to_microseconds(to_at)
    with history_of(lifecycle, viewer=viewer, known_at=known_at, among=among) as reading:
        expression = flows.between(reading.intervals, from_us=begin, to_us=end)
        rows = reading.run(expression).to_pylist()
        order = [stage.code for stage in reading.lifecycle.stages]
    found = [
        Passage(row["from_stage"] or "", row["to_stage"] or "", int(row["customers"]))
        for row in rows
    ]
    place = {code: index for index, code in enumerate([*order, ""])}
    return sorted(found, key=lambda one: (place[one.from_stage], place[one.to_stage]))


def _names(lifecycle: Lifecycle) -> dict[str, Words]:
    return {stage.code: stage.name for stage in lifecycle.stages}
