"""Histories of a few customers, recomputed over and over by the same expressions."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from tenure.definitions import Library
from tenure.derive.lifecycles.projection.inputs import Inputs, expression_over
from tenure.derive.lifecycles.projection.places import house_runner
from tenure.engine.schema import PROMOTED, unbound
from tenure.engine.stages import PINNED, stage_histories, stage_history

if TYPE_CHECKING:
    import ibis.expr.types as ir

SHARE = 20_000
"""Customers whose events are held in memory at once."""
_PIN_COLUMN = f"{PROMOTED}lifecycle"


def foreseen(library: Library, keys: Sequence[str], inputs: Inputs) -> pa.Table:
    """The histories, with their future, that ``inputs`` alone let one expect.

    Args:
        library: holds the lifecycles.
        keys: of the lifecycles, all of parties with the same strangers; one or more.
        inputs: events of a few customers, cut by the caller; its own moments are not looked at.

    Returns:
        ``lifecycle`` (its key) and the columns of ``INTERVALS``.
    """
    own = house_runner().run(_own(inputs.schema), inputs.sources())
    pinned = _pinned(own, keys)
    shared = own.drop_columns([name for name in own.column_names if name == _PIN_COLUMN])
    rows = house_runner().run(_together(library, tuple(keys), shared.schema), {"own": shared})
    names = pa.array(keys, pa.string()).take(rows["lifecycle"].combine_chunks())
    rows = rows.set_column(0, "lifecycle", names)
    if not pinned:
        return rows
    free = rows.filter(pc.invert(pc.is_in(rows["lifecycle"], value_set=pa.array(pinned))))
    return pa.concat_tables([free, *(_of_pinned(library, key, own) for key in pinned)])


@lru_cache(maxsize=8)
def _own(schema: pa.Schema) -> ir.Table:
    """The events that count, by customer."""
    counted = expression_over(schema)
    return counted.drop("identifier_id", "batch_id")


@lru_cache(maxsize=32)
def _together(library: Library, keys: tuple[str, ...], schema: pa.Schema) -> ir.Table:
    return stage_histories(library, keys, unbound("own", schema))


def _pinned(own: pa.Table, keys: Sequence[str]) -> list[str]:
    """Lifecycles in which anybody of these has ever been pinned."""
    if _PIN_COLUMN not in own.column_names:
        return []
    said = own.filter(pc.equal(own["type"], pa.scalar(PINNED)))[_PIN_COLUMN]
    said_of = set(pc.unique(said).to_pylist())
    return [key for key in keys if key in said_of]


def _of_pinned(library: Library, key: str, own: pa.Table) -> pa.Table:
    rows = house_runner().run(_alone(library, key, own.schema), {"own": own})
    return rows.add_column(0, "lifecycle", pa.repeat(pa.scalar(key), rows.num_rows))


@lru_cache(maxsize=128)
def _alone(library: Library, key: str, schema: pa.Schema) -> ir.Table:
    return stage_history(library, key, unbound("own", schema))
