"""Groups of customers to look at apart: those of an owner, or for whom a condition holds."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from tenure.actor import Actor
from tenure.clock import to_microseconds
from tenure.definitions import Library, Lifecycle, Node, fingerprint, parse
from tenure.definitions.expression import Name, names_in
from tenure.derive.customers.queries import owned_by, visible
from tenure.derive.lifecycles.projection.places import house_runner
from tenure.derive.lifecycles.queries.everybody import events_of_all
from tenure.derive.lifecycles.queries.reading import SEE, Group, lifecycle_named
from tenure.derive.lifecycles.queries.remembered import REMEMBERED, state_of_house
from tenure.engine.expressions import holds, value_of
from tenure.engine.metrics import metric_values

_MOST_VALUES = 50


def group_of(
    lifecycle: str,
    *,
    at: datetime,
    viewer: Actor,
    owner_id: int | None = None,
    condition: str = "",
) -> Group | None:
    """The customers of an owner for whom a condition holds at a moment.

    Args:
        lifecycle: whose party type's customers.
        at: the moment, aware.
        viewer: who asks; only customers the viewer may see.
        owner_id: number of the owner's account; anybody's when ``None``.
        condition: in the condition language, over metrics and named expressions; any when empty.

    Returns:
        ``None`` where neither is asked for: everybody.

    Raises:
        DefinitionError: the condition cannot be read; says where.
        UnknownLifecycleError: no such lifecycle.
    """
    found: pa.Array[pa.Int64Scalar] | None = None
    if owner_id is not None:
        found = owned_by([owner_id])
    if condition.strip():
        held = _holding(lifecycle, condition, to_microseconds(at))
        found = held if found is None else held.filter(pc.is_in(held, value_set=found))
    return None if found is None else Group(_seen(found, viewer))


def values_found(lifecycle: str, metric: str, *, at: datetime, viewer: Actor) -> list[str]:
    """The texts a metric has among the customers the viewer may see, commonest first.

    Args:
        lifecycle: whose party type's customers.
        metric: key of a metric that is a text, such as the first channel.
        at: the moment, aware.
        viewer: who asks.

    Returns:
        At most fifty; empty where there is no such metric.
    """
    library, chosen = lifecycle_named(lifecycle)
    if library.names.get(metric) != "text":
        return []
    at_us = to_microseconds(at)
    key = ("values", chosen.party, _said(library, Name(metric)), at_us, state_of_house())
    found = REMEMBERED.table(key, lambda: _texts(library, chosen, metric, at_us))
    allowed = visible(viewer, SEE).ids()
    if allowed is not None:
        found = found.filter(pc.is_in(found["customer_id"], value_set=allowed))
    counted = found.group_by("value").aggregate([("value", "count")])
    ordered = counted.sort_by([("value_count", "descending"), ("value", "ascending")])
    return [str(value) for value in ordered["value"].to_pylist()[:_MOST_VALUES]]


def _texts(library: Library, lifecycle: Lifecycle, metric: str, at_us: int) -> pa.Table:
    """The text each customer has: customer_id, value."""
    node = library.resolve(Name(metric))
    types = {of for one in library.base_metrics([Name(metric)]) for of in one.of}
    with events_of_all(library, lifecycle.party, types=types) as everybody:
        rows = metric_values(library, names_in(node), everybody.events, at_us=at_us)
        told = rows.select("customer_id", value=value_of(node, lambda name: rows[name.key]))
        return house_runner().run(told.filter(told.value.notnull()), everybody.inputs)


def _holding(lifecycle: str, condition: str, at_us: int) -> pa.Array[pa.Int64Scalar]:
    """Everybody for whom a condition holds at a moment."""
    library, chosen = lifecycle_named(lifecycle)
    node = library.resolve(parse(condition, library.names, expected="boolean"))
    key = ("holding", chosen.party, _said(library, node), at_us, state_of_house())

    def compute() -> pa.Table:
        with events_of_all(library, chosen.party) as everybody:
            rows = metric_values(library, names_in(node), everybody.events, at_us=at_us)
            held = rows.filter(holds(node, lambda name: rows[name.key])).select("customer_id")
            return house_runner().run(held, everybody.inputs)

    return REMEMBERED.table(key, compute)["customer_id"].combine_chunks()


def _said(library: Library, node: Node) -> Hashable:
    """What an expression and the metrics it is made of say."""
    named = [Name(key) for key in names_in(node)]
    return node, tuple(fingerprint(one) for one in library.base_metrics(named))


def _seen(ids: pa.Array[pa.Int64Scalar], viewer: Actor) -> pa.Array[pa.Int64Scalar]:
    allowed = visible(viewer, SEE).ids()
    return ids if allowed is None else ids.filter(pc.is_in(ids, value_set=allowed))
