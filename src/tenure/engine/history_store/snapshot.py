"""A stored history as a reader sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ibis.expr import types as ir

from tenure.engine.backends import Source
from tenure.engine.history_store.manifest import Meta


@dataclass(frozen=True, slots=True)
class HistorySnapshot:
    """One lifecycle's history at one moment.

    Attributes:
        intervals: an expression over unbound tables with the columns of ``INTERVALS``.
        inputs: the files of those tables, for ``Runner.run``.
        meta: what the writer stored beside it.
        rows: intervals stored, superseded ones included.
    """

    intervals: ir.Table
    inputs: Mapping[str, Source]
    meta: Meta
    rows: int
