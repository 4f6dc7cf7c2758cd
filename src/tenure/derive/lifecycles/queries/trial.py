"""What a draft of a definition would change among real customers, before it is published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import pyarrow as pa

from tenure.actor import Actor
from tenure.clock import to_microseconds
from tenure.definitions import Definition, Metric
from tenure.derive.customers.queries import visible
from tenure.derive.lifecycles.projection.definitions import lifecycle_fingerprint
from tenure.derive.lifecycles.projection.places import house_runner
from tenure.derive.lifecycles.queries.everybody import CUSTOMERS, EventsOfAll, events_of_all
from tenure.derive.lifecycles.queries.reading import SEE
from tenure.engine.asof import bucket
from tenure.engine.metrics import metric_values
from tenure.engine.schema import unbound
from tenure.engine.stages import current_stages
from tenure.record.library.queries import current_library, supposing
from tenure.words import Words

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from tenure.definitions import Library
    from tenure.engine.backends import Source

EVENTS_LOOKED_AT = 1_500_000
"""A trial reads about so many events at most; beyond it, it looks at a share of the customers."""
_EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Move:
    """Customers whom the draft puts into another stage (or leaves where they are).

    Attributes:
        from_stage: under what is published; empty where the lifecycle is new.
        to_stage: under the draft.
        examples: ids of a few of them.
    """

    from_stage: str
    to_stage: str
    customers: int
    examples: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LifecycleTrial:
    """One lifecycle under a draft.

    Attributes:
        looked_at: how many customers were compared.
        share: one in so many customers was looked at; 1 for all of them.
        moves: by from and to, those who stay included.
        names: of all stages, old and new, by code.
    """

    lifecycle: str
    name: Words
    looked_at: int
    share: int
    moves: tuple[Move, ...]
    names: dict[str, Words]

    @property
    def moved(self) -> int:
        """How many of those looked at would be in another stage."""
        return sum(one.customers for one in self.moves if one.from_stage != one.to_stage)


@dataclass(frozen=True, slots=True)
class ValueChange:
    """A metric of one customer now and under the draft."""

    customer_id: int
    before: float | str | bool | None
    after: float | str | bool | None


@dataclass(frozen=True, slots=True)
class MetricTrial:
    """A metric under a draft.

    Attributes:
        looked_at: how many customers were compared.
        share: one in so many customers was looked at.
        changed: how many have another value under the draft.
        with_value: how many have a value under the draft.
        examples: a few whose value changes; where nothing does, a few values.
    """

    looked_at: int
    share: int
    changed: int
    with_value: int
    examples: tuple[ValueChange, ...]


def affected_lifecycles(draft: Definition) -> list[str]:
    """Keys of the lifecycles whose stages a draft may change, itself included.

    Raises:
        DefinitionError: the library would not hold together with it.
    """
    before, _ = current_library()
    with supposing([draft]) as after:
        return [
            key
            for key in after.lifecycles
            if key not in before.lifecycles
            or lifecycle_fingerprint(before, key) != lifecycle_fingerprint(after, key)
        ]


def lifecycle_trial(
    draft: Definition, lifecycle: str, *, at: datetime, viewer: Actor
) -> LifecycleTrial:
    """Which customers would stand in another stage now, were the draft published.

    Both sides are computed on the same customers and events, so nothing but the draft differs.

    Args:
        draft: a lifecycle, metric or named expression.
        lifecycle: whose stages to compare.
        at: the present, aware.
        viewer: who asks; only customers the viewer may see are looked at.

    Raises:
        DefinitionError: the library would not hold together with the draft.
    """
    before, _ = current_library()
    with supposing([draft]) as after:
        chosen = after.lifecycles[lifecycle]
        with events_of_all(after, chosen.party) as everybody:
            events, share, inputs = _some(everybody, viewer)
            at_us = to_microseconds(at)
            new = current_stages(after, lifecycle, events, at_us=at_us)
            rows = new.select("customer_id", to_stage=new.stage)
            rows = _with_old(before, lifecycle, rows, events, at_us)
            moved = house_runner().run(rows, inputs)
    old = before.lifecycles.get(lifecycle)
    names = {stage.code: stage.name for one in (old, chosen) if one for stage in one.stages}
    return LifecycleTrial(lifecycle, chosen.name, len(moved), share, _moves(moved), names)


def metric_trial(draft: Metric, *, at: datetime, viewer: Actor) -> MetricTrial:
    """Whose value of a metric would be another, were the draft published.

    Args:
        draft: the metric.
        at: the present, aware.
        viewer: who asks; only customers the viewer may see are looked at.

    Raises:
        DefinitionError: the library would not hold together with the draft.
    """
    before, _ = current_library()
    at_us = to_microseconds(at)
    with supposing([draft]) as after, events_of_all(after, None) as everybody:
        events, share, inputs = _some(everybody, viewer)
        new = metric_values(after, [draft.key], events, at_us=at_us)
        new = new.select("customer_id", after=new[draft.key])
        runner = house_runner()
        found = {
            row["customer_id"]: (None, row["after"]) for row in runner.run(new, inputs).to_pylist()
        }
        known = draft.key in before.metrics
        if known:
            old = metric_values(before, [draft.key], events, at_us=at_us)
            for row in runner.run(old, inputs).to_pylist():
                customer = row["customer_id"]
                found[customer] = (row[draft.key], found.get(customer, (None, None))[1])
    changed = [customer for customer, (was, now) in found.items() if known and was != now]
    shown = changed or [customer for customer, (_, now) in found.items() if now not in (None, 0)]
    return MetricTrial(
        looked_at=len(found),
        share=share,
        changed=len(changed),
        with_value=sum(1 for _, now in found.values() if now is not None),
        examples=tuple(ValueChange(one, *found[one]) for one in sorted(shown)[: 2 * _EXAMPLES]),
    )


def _with_old(
    before: Library, lifecycle: str, rows: ir.Table, events: ir.Table, at_us: int
) -> ir.Table:
    import ibis

    if lifecycle not in before.lifecycles:
        return rows.select("customer_id", from_stage=ibis.literal(""), to_stage=rows.to_stage)
    stood = current_stages(before, lifecycle, events, at_us=at_us)
    stood = stood.select(stood_id=stood.customer_id, from_stage=stood.stage)
    joined = rows.join(stood, rows.customer_id == stood.stood_id)
    return joined.select("customer_id", "from_stage", "to_stage")


def _some(everybody: EventsOfAll, viewer: Actor) -> tuple[ir.Table, int, dict[str, Source]]:
    """Events of the visible customers, or of a share of them where they are many."""
    share = max(1, -(-everybody.rows // EVENTS_LOOKED_AT))
    events, inputs = bucket(everybody.events, 0, share), dict(everybody.inputs)
    allowed = visible(viewer, SEE).ids()
    if allowed is not None:
        inputs["visible"] = pa.table([allowed], schema=CUSTOMERS)
        events = events.semi_join(unbound("visible", CUSTOMERS), "customer_id")
    return events, share, inputs


def _moves(moved: pa.Table) -> tuple[Move, ...]:
    ordered = moved.sort_by("customer_id")
    counted = ordered.group_by(["from_stage", "to_stage"], use_threads=False).aggregate(
        [("customer_id", "count"), ("customer_id", "list")]
    )
    found = []
    for row in counted.to_pylist():
        examples = tuple(row["customer_id_list"][:_EXAMPLES])
        found.append(Move(row["from_stage"], row["to_stage"], row["customer_id_count"], examples))
    return tuple(sorted(found, key=lambda one: (-one.customers, one.from_stage, one.to_stage)))
