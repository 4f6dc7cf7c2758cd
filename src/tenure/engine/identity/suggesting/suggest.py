"""The way from records to suggested pairs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tenure.engine.identity.suggesting.blocks import add_pairs
from tenure.engine.identity.suggesting.consistency import consistent
from tenure.engine.identity.suggesting.copies import COPY, exact_copies, with_copies
from tenure.engine.identity.suggesting.evidence import told
from tenure.engine.identity.suggesting.model import Model, telling
from tenure.engine.identity.suggesting.records import Party, prepared
from tenure.engine.identity.suggesting.stored import store
from tenure.engine.identity.suggesting.threshold import Threshold, honest, threshold_for, wrong_of

FEWEST = 20
"""With fewer records there is nothing to learn from."""
_LOOKED_AT = 0.001
_TABLE = "records"
_EVIDENCE = pa.struct(
    [
        pa.field("field", pa.string()),
        pa.field("level", pa.string()),
        pa.field("weight", pa.float64()),
    ]
)
_SUGGESTED: dict[str, pa.DataType] = {
    "left_id": pa.int64(),
    "right_id": pa.int64(),
    "probability": pa.float64(),
    "evidence": pa.list_(_EVIDENCE),
}
SUGGESTED = pa.schema(_SUGGESTED)
"""Columns of suggested pairs, the surest first. ``weight`` is the base-2 logarithm of how much
likelier the agreement is for one and the same than by chance; below 0 it speaks against."""
Ids = npt.NDArray[np.int64]
Told = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What a run found.

    Attributes:
        pairs: columns of ``SUGGESTED``.
        threshold: the line the run chose.
        looked_at: how many pairs were compared.
    """

    pairs: pa.Table
    threshold: Threshold
    looked_at: int = 0


def _untold(share: float) -> None:
    """Nobody watches."""


def suggest(
    records: pa.Table,
    party: Party,
    *,
    threads: int = 2,
    memory: str | None = None,
    new: Ids | None = None,
    line: float | None = None,
    tell: Told = _untold,
) -> Suggestions:
    """Pairs of records that are likely one and the same.

    Args:
        records: columns of ``RECORDS``; different ids.
        party: what the records are.
        threads: of the engine.
        memory: most the engine may use, as DuckDB writes it (``2GB``).
        new: compare only these records with all; ``None`` compares all with all.
        line: the probability from which on pairs are suggested; ``None`` chooses it.
        tell: is told the share of the work that is done; what it raises ends the run.
    """
    if len(records) < FEWEST:
        return Suggestions(SUGGESTED.empty_table(), threshold_for(np.empty(0), wrong_of(party)))
    with duckdb.connect(config={"threads": threads}) as connection:
        if memory is not None:
            connection.execute("SET memory_limit = ?", [memory])
        store(connection, _TABLE, prepared(records, party), party)
        tell(0.2)
        model = Model(connection, _TABLE, party, columns=telling(connection, _TABLE))
        looked_at = add_pairs(connection, _TABLE, party, new)
        if not model.comparisons or not looked_at:
            return Suggestions(SUGGESTED.empty_table(), threshold_for(np.empty(0), wrong_of(party)))
        model.learn()
        tell(0.4)
        model.score(_LOOKED_AT, looked_at, lambda share: tell(0.4 + 0.5 * share))
        pairs, threshold = _chosen(connection, model, party, len(records), (new, line))
        return Suggestions(pairs, threshold, looked_at)


def _chosen(
    connection: duckdb.DuckDBPyConnection,
    model: Model,
    party: Party,
    count: int,
    asked: tuple[Ids | None, float | None],
) -> tuple[pa.Table, Threshold]:
    """The pairs above the line the weights themselves ask for."""
    new, line = asked
    rows = connection.execute(
        "SELECT unique_id_l, unique_id_r, match_weight FROM scored ORDER BY ALL"
    ).fetchnumpy()
    left, right = (np.asarray(rows[f"unique_id_{side}"], np.int64) for side in "lr")
    weights = np.asarray(rows["match_weight"], np.float64)
    possible = count * (count - 1) / 2 if new is None else float(count) * len(new)
    found = honest(weights, model.prior_weight, possible)
    if new is None:  # of others the pairs among the old are not known here
        _, ends = np.unique(np.concatenate([left, right]), return_inverse=True)
        found = consistent(ends[: len(left)], ends[len(left) :], found)
    copies = exact_copies(connection, _TABLE, model.comparisons, party, new)
    left, right, found = with_copies((left, right, found), copies)
    threshold = threshold_for(found, wrong_of(party), line)
    keep = found >= min(threshold.probability, COPY)
    kept = pa.table(
        [pa.array(one[keep]) for one in (left, right, found)], ["l", "r", "probability"]
    )
    return told(connection, _TABLE, model.comparisons, kept).cast(SUGGESTED), threshold
