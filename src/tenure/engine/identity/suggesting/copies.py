"""Exact copies: records that say the same in everything, and say more than a name.

They are suggested whatever was learned, and however many they are: each with the first of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tenure.engine.identity.suggesting.comparing import Comparison
from tenure.engine.identity.suggesting.records import Party

if TYPE_CHECKING:
    import duckdb

Ids = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Scored = tuple[Ids, Ids, Floats]

COPY = 0.99
"""The least probability of two exact copies."""
_OUTWEIGH = {"person": 2, "organisation": 1}
"""So many fields make a copy: a person's name alone may be anybody's."""


def exact_copies(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    comparisons: tuple[Comparison, ...],
    party: Party,
    new: Ids | None,
) -> tuple[Ids, Ids]:
    """Pairs of exact copies, left smaller: every further one with the first of them.

    Args:
        connection: the engine.
        table: of prepared records.
        comparisons: whose columns count.
        party: of the records.
        new: only pairs with one of these.
    """
    columns = [_whole(one) for one in comparisons]
    said = " + ".join(f"({column} IS NOT NULL)::INT" for column in columns)
    listed = ", ".join(columns)
    rows = connection.execute(f"""
        SELECT first, unique_id FROM (
            SELECT unique_id, min(unique_id) OVER (PARTITION BY {listed}) AS first
            FROM {table} WHERE {said} >= {_OUTWEIGH[party]}
        ) WHERE first < unique_id ORDER BY ALL
    """).fetchnumpy()
    left, right = (np.asarray(rows[name], np.int64) for name in ("first", "unique_id"))
    if new is None:
        return left, right
    keep = np.isin(left, new) | np.isin(right, new)
    return left[keep], right[keep]


def with_copies(scored: Scored, copies: tuple[Ids, Ids]) -> Scored:
    """Scored pairs (sorted) and copies, which are no less likely than ``COPY``."""
    left, right, found = scored
    base = np.int64(max(right.max(initial=0), copies[1].max(initial=0)) + 1)
    known, wanted = left * base + right, copies[0] * base + copies[1]
    found = np.where(np.isin(known, wanted), np.maximum(found, COPY), found)
    fresh = ~np.isin(wanted, known)
    return (
        np.concatenate([left, copies[0][fresh]]),
        np.concatenate([right, copies[1][fresh]]),
        np.concatenate([found, np.full(int(fresh.sum()), COPY)]),
    )


def _whole(comparison: Comparison) -> str:
    return "whole" if comparison.field == "name" else comparison.column
