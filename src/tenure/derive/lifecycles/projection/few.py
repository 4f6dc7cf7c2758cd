"""Histories of a few customers, recomputed over and over by one expression."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import pyarrow as pa

from tenure.definitions import Library
from tenure.derive.lifecycles.projection.inputs import Inputs, expression_over
from tenure.derive.lifecycles.projection.places import house_runner
from tenure.engine.stages import stage_history

if TYPE_CHECKING:
    import ibis.expr.types as ir

SHARE = 20_000
"""Customers whose events are held in memory at once."""


@lru_cache(maxsize=128)
def history_of_some(library: Library, key: str, schema: pa.Schema) -> ir.Table:
    """The same expression whatever the inputs hold: it joins all of them, empty or not."""
    return stage_history(library, key, expression_over(schema))


def foreseen(library: Library, key: str, inputs: Inputs) -> pa.Table:
    """The histories, with their future, that ``inputs`` alone let one expect.

    Args:
        library: holds the lifecycle.
        key: of the lifecycle.
        inputs: events of a few customers, cut by the caller; its own moments are not looked at.
    """
    return house_runner().run(history_of_some(library, key, inputs.schema), inputs.sources())
