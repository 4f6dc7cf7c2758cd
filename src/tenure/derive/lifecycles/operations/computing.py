"""Histories and current stages: of everybody in one lifecycle, of some customers in all."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tenure.derive.lifecycles.operations.house import House, Progress
from tenure.derive.lifecycles.operations.news import Base, Touched
from tenure.derive.lifecycles.projection.current import moment_input
from tenure.derive.lifecycles.projection.few import foreseen
from tenure.derive.lifecycles.projection.inputs import BATCHES, Inputs
from tenure.derive.lifecycles.projection.places import house_root
from tenure.derive.lifecycles.projection.stands import STANDS, standing_or_coming
from tenure.derive.lifecycles.projection.strangers import strangers
from tenure.engine.lake import Snapshot
from tenure.engine.schema import INTERVALS, unbound
from tenure.engine.stages import stage_history
from tenure.words import Words

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from tenure.engine.backends import Source

_CUSTOMERS = pa.schema([("wanted_id", pa.int64())])


_WRITERS = 4
_NOBODY = np.array([], np.int64)
EVERYBODY_SHARE = 200_000
"""Customers whose stands in all lifecycles are held in memory at once."""


def build_histories(
    house: House, base: Base, lake: Snapshot, keys: Collection[str], progress: Progress
) -> dict[str, Path]:
    """Compute the histories of everybody in some lifecycles, into files of their own.

    Args:
        house: what to work with.
        base: who is who.
        lake: the events.
        keys: of the lifecycles.
        progress: told which one is being computed.
    """
    folder = house_root() / "building"
    folder.mkdir(parents=True, exist_ok=True)
    built = {}
    for index, key in enumerate(sorted(keys)):
        lifecycle = house.library.lifecycles[key]
        words = Words(f"计算生命周期“{lifecycle.name.zh}”", f"computing {lifecycle.name.en}")
        progress(index / len(keys), words)
        inputs = Inputs(
            events=lake.parts(),
            schema=lake.schema,
            identity=base.identity,
            undone=pa.table([pa.array(base.undone, pa.int64())], schema=BATCHES),
            strangers=strangers(house.library, lifecycle.party),
        )
        history = stage_history(house.library, key, inputs.expression())
        built[key] = folder / f"{key}.parquet"
        house.runner.write(
            history.order_by("customer_id", "entered_us"), inputs.sources(), built[key]
        )
    return built


def adopt_histories(house: House, built: Mapping[str, Path], *, cursor: int) -> dict[str, int]:
    """Make files of ``build_histories`` the stored histories; how many intervals each has."""
    return {
        key: house.histories.replace_all(key, path, meta=house.meta(key, cursor))
        for key, path in built.items()
    }


def recompute_histories(
    house: House, keys: Sequence[str], touched: Touched, events: pa.Table, *, cursor: int
) -> pa.Table:
    """Compute the histories of customers with news anew, and store them.

    Args:
        house: what to work with.
        keys: of the lifecycles.
        touched: the customers.
        events: all of theirs.
        cursor: the event up to which this is true.

    Returns:
        Where they stand, a table of ``STANDS``.
    """
    found = [STANDS.empty_table()]
    for inputs, some in touched.inputs(house.library, keys, events):
        intervals = foreseen(house.library, some, inputs)
        _store(house, some, touched, intervals, cursor=cursor)
        found.append(_stands(house, intervals))
    return pa.concat_tables(found)


def _store(
    house: House, keys: Sequence[str], touched: Touched, intervals: pa.Table, *, cursor: int
) -> None:
    metas = {key: house.meta(key, cursor) for key in keys}  # asks the database: in this thread

    def store(key: str) -> None:
        rows = intervals.filter(pc.equal(intervals["lifecycle"], pa.scalar(key)))
        house.histories.replace_customers(key, touched.customers, rows, meta=metas[key])

    # each lifecycle waits for the disk several times; they wait together
    with ThreadPoolExecutor(_WRITERS) as pool:
        for _ in pool.map(store, keys):
            pass


def _stands(house: House, intervals: pa.Table) -> pa.Table:
    """Where the customers of some intervals stand at the house's moment."""
    sources: dict[str, Source] = {"intervals": intervals, "moment": moment_input(house.at_us)}
    return _with_versions(house, house.runner.run(_stands_expression(), sources))


@lru_cache(maxsize=1)
def _stands_expression() -> ir.Table:
    kept = pa.schema([pa.field("lifecycle", pa.string()), *INTERVALS])
    return standing_or_coming(unbound("intervals", kept))


def _stored_stands(
    house: House, key: str, chosen: Callable[[ir.Table], ir.Table], also: Mapping[str, Source]
) -> pa.Table:
    """Where customers stand in one lifecycle by the stored history, as a table of ``STANDS``.

    Args:
        house: what to work with.
        key: of the lifecycle.
        chosen: takes the intervals of those who are wanted.
        also: rows of further unbound tables in ``chosen``.
    """
    with house.histories.reading(key) as stored:
        inputs = {**stored.inputs, **also, "moment": moment_input(house.at_us)}
        rows = house.runner.run(standing_or_coming(chosen(stored.intervals)), inputs)
    for name, value in (("lifecycle", key), ("version", str(stored.meta.get("version") or ""))):
        rows = rows.append_column(name, pa.repeat(pa.scalar(value), rows.num_rows))
    return rows.select(STANDS.names)


def _with_versions(house: House, rows: pa.Table) -> pa.Table:
    keys = pa.array(list(house.library.lifecycles), pa.string())
    versions = pa.array([house.version(key) for key in house.library.lifecycles], pa.string())
    place = pc.index_in(rows["lifecycle"], value_set=keys)
    return rows.append_column("version", versions.take(place)).select(STANDS.names)


def everybody_stands(house: House) -> Iterator[pa.Table]:
    """Where everybody stands in every lifecycle, in shares ascending by customer."""
    keys = list(house.library.lifecycles)
    everybody = np.unique(np.concatenate([_NOBODY, *(_customers(house, key) for key in keys)]))
    for start in range(0, len(everybody), EVERYBODY_SHARE):
        low, high = everybody[start], everybody[min(start + EVERYBODY_SHARE, len(everybody)) - 1]

        def share(intervals: ir.Table, low: int = int(low), high: int = int(high)) -> ir.Table:
            return intervals.filter(intervals.customer_id.between(low, high))

        yield pa.concat_tables([_stored_stands(house, key, share, {}) for key in keys])


def everybody_in(house: House, key: str) -> pa.Table:
    """Where everybody stands in one lifecycle by the stored history."""
    return _stored_stands(house, key, lambda intervals: intervals, {})


def _customers(house: House, key: str) -> npt.NDArray[np.int64]:
    with house.histories.reading(key) as stored:
        rows = house.runner.run(stored.intervals.select("customer_id").distinct(), stored.inputs)
    return np.asarray(rows["customer_id"].to_numpy(), np.int64)


def stands_of_some(house: House, key: str, customers: pa.Array[pa.Int64Scalar]) -> pa.Table:
    """Where some customers stand in one lifecycle by the stored history."""

    def some(intervals: ir.Table) -> ir.Table:
        wanted = unbound("wanted", _CUSTOMERS)
        return intervals.semi_join(wanted, intervals.customer_id == wanted.wanted_id)

    return _stored_stands(house, key, some, {"wanted": pa.table({"wanted_id": customers})})
