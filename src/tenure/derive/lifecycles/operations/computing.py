"""Histories and standing rows of one lifecycle: of everybody, or of some customers."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from tenure.derive.lifecycles.operations.house import House
from tenure.derive.lifecycles.projection.current import coming, intervals_table, standing
from tenure.derive.lifecycles.projection.inputs import Inputs
from tenure.derive.lifecycles.projection.places import house_root
from tenure.engine.schema import unbound
from tenure.engine.stages import stage_history

_CUSTOMERS = pa.schema([("wanted_id", pa.int64())])


@dataclass(frozen=True, slots=True)
class Moment:
    """Where customers stand at one moment, and who begins later."""

    standing: pa.Table
    coming: pa.Table


def rebuild_history(house: House, key: str, inputs: Inputs, *, cursor: int) -> int:
    """Compute the history of everybody and make it the stored one; how many intervals."""
    expression = stage_history(house.library, key, inputs.expression())
    folder = house_root() / "building"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{key}.parquet"
    ordered = expression.order_by("customer_id", "entered_us")
    house.runner.write(ordered, inputs.sources(), path)
    return house.histories.replace_all(key, path, meta=house.meta(key, cursor))


def recompute_history(
    house: House, key: str, customers: pa.Array, inputs: Inputs, *, cursor: int
) -> pa.Table:
    """Compute the histories of ``customers`` anew, store and return them."""
    expression = stage_history(house.library, key, inputs.expression())
    intervals = house.runner.run(expression, inputs.sources())
    house.histories.replace_customers(key, customers, intervals, meta=house.meta(key, cursor))
    return intervals


def moment_of(house: House, intervals: pa.Table) -> Moment:
    """Where the customers of some intervals stand at the house's moment."""
    table, sources = intervals_table(), {"intervals": intervals}
    return Moment(
        house.runner.run(standing(table, at_us=house.at_us), sources),
        house.runner.run(coming(table, at_us=house.at_us), sources),
    )


def moment_of_all(house: House, key: str) -> Moment:
    """Where everybody stands, from the stored history."""
    with house.histories.reading(key) as stored:
        intervals, inputs = stored.intervals, stored.inputs
        return Moment(
            house.runner.run(standing(intervals, at_us=house.at_us), inputs),
            house.runner.run(coming(intervals, at_us=house.at_us), inputs),
        )


def stored_intervals(house: House, key: str, customers: pa.Array) -> pa.Table:
    """The stored intervals of some customers."""
    with house.histories.reading(key) as stored:
        wanted = unbound("wanted", _CUSTOMERS)
        rows = stored.intervals
        chosen = rows.semi_join(wanted, rows.customer_id == wanted.wanted_id)
        inputs = {**stored.inputs, "wanted": pa.table({"wanted_id": customers})}
        return house.runner.run(chosen, inputs)
