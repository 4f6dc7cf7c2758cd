"""Histories and standing rows of one lifecycle: of everybody, or of some customers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import pyarrow as pa

from tenure.derive.lifecycles.operations.house import House
from tenure.derive.lifecycles.projection.current import (
    coming,
    intervals_table,
    moment_input,
    standing,
)
from tenure.derive.lifecycles.projection.few import history_of_some
from tenure.derive.lifecycles.projection.inputs import Inputs
from tenure.derive.lifecycles.projection.places import house_root
from tenure.engine.schema import unbound
from tenure.engine.stages import stage_history

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from tenure.engine.backends import Source

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
    house: House, key: str, customers: pa.Array[pa.Int64Scalar], inputs: Inputs, *, cursor: int
) -> pa.Table:
    """Compute the histories of ``customers`` anew, store and return them."""
    expression = history_of_some(house.library, key, inputs.schema)
    intervals = house.runner.run(expression, inputs.sources())
    house.histories.replace_customers(key, customers, intervals, meta=house.meta(key, cursor))
    return intervals


def moment_of(house: House, intervals: pa.Table) -> Moment:
    """Where the customers of some intervals stand at the house's moment."""
    stand, come = _moment_expressions()
    sources: dict[str, Source] = {"intervals": intervals, "moment": moment_input(house.at_us)}
    return Moment(house.runner.run(stand, sources), house.runner.run(come, sources))


@lru_cache(maxsize=1)
def _moment_expressions() -> tuple[ir.Table, ir.Table]:
    table = intervals_table()
    return standing(table), coming(table)


def moment_of_all(house: House, key: str) -> Moment:
    """Where everybody stands, from the stored history."""
    with house.histories.reading(key) as stored:
        inputs = {**stored.inputs, "moment": moment_input(house.at_us)}
        return Moment(
            house.runner.run(standing(stored.intervals), inputs),
            house.runner.run(coming(stored.intervals), inputs),
        )


def stored_intervals(house: House, key: str, customers: pa.Array[pa.Int64Scalar]) -> pa.Table:
    """The stored intervals of some customers."""
    with house.histories.reading(key) as stored:
        wanted = unbound("wanted", _CUSTOMERS)
        rows = stored.intervals
        chosen = rows.semi_join(wanted, rows.customer_id == wanted.wanted_id)
        inputs = {**stored.inputs, "wanted": pa.table({"wanted_id": customers})}
        return house.runner.run(chosen, inputs)
