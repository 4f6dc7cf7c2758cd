"""The way from records to suggested pairs."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa

from tenure.engine.identity.suggesting.blocks import add_pairs
from tenure.engine.identity.suggesting.comparing import Comparison, level_sql
from tenure.engine.identity.suggesting.consistency import consistent
from tenure.engine.identity.suggesting.model import Model, telling
from tenure.engine.identity.suggesting.records import Party, prepared
from tenure.engine.identity.suggesting.threshold import Threshold, honest, threshold_for

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


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What a run found.

    Attributes:
        pairs: columns of ``SUGGESTED``.
        threshold: the line the run chose.
    """

    pairs: pa.Table
    threshold: Threshold


def suggest(
    records: pa.Table, party: Party, *, threads: int = 2, memory: str | None = None
) -> Suggestions:
    """Pairs of records that are likely one and the same.

    Args:
        records: columns of ``RECORDS``; different ids.
        party: what the records are.
        threads: of the engine.
        memory: most the engine may use, as DuckDB writes it (``2GB``).
    """
    nothing = Suggestions(SUGGESTED.empty_table(), threshold_for(np.empty(0)))
    if len(records) < FEWEST:
        return nothing
    with duckdb.connect(config={"threads": threads}) as connection:
        if memory is not None:
            connection.execute("SET memory_limit = ?", [memory])
        connection.register("incoming", prepared(records, party))
        day = "try_strptime(birth_date, '%Y%m%d')" if party == "person" else "NULL::TIMESTAMP"
        connection.execute(
            f"CREATE TABLE {_TABLE} AS SELECT *, CAST(date_diff('day', DATE '1900-01-01', {day}) AS INTEGER) AS birth_day, CASE WHEN count(*) OVER (PARTITION BY split_part(email, '@', 2)) <= 12 THEN split_part(email, '@', 2) END AS mail_home FROM incoming"
        )
        connection.unregister("incoming")
        columns = telling(connection, _TABLE)
        model = Model(connection, _TABLE, party, columns=columns)
        if not model.comparisons or not add_pairs(connection, _TABLE, party):
            return nothing
        model.learn()
        scored = model.scored(_LOOKED_AT).physical_name
        return _chosen(connection, scored, model, len(records))


def _chosen(
    connection: duckdb.DuckDBPyConnection, scored: str, model: Model, count: int
) -> Suggestions:
    """The pairs above the line the weights themselves ask for."""
    rows = connection.execute(
        f"SELECT unique_id_l, unique_id_r, match_weight FROM {scored}"
    ).fetchnumpy()
    weights = np.asarray(rows["match_weight"], np.float64)
    ids = np.unique(np.concatenate([rows["unique_id_l"], rows["unique_id_r"]]))
    probabilities = honest(weights, model.prior_weight, count * (count - 1) / 2)
    ends = np.searchsorted(ids, np.stack([rows["unique_id_l"], rows["unique_id_r"]]))
    probabilities = consistent(ends[0], ends[1], probabilities)
    threshold = threshold_for(probabilities)
    keep = probabilities >= threshold.probability
    columns = (rows["unique_id_l"], rows["unique_id_r"], probabilities)
    kept = pa.table([pa.array(one[keep]) for one in columns], ["l", "r", "probability"])
    connection.register("kept", kept)
    pairs = connection.execute(_told(scored, model.comparisons)).to_arrow_table()
    return Suggestions(pairs.cast(SUGGESTED), threshold)


def _told(scored: str, comparisons: tuple[Comparison, ...]) -> str:
    """SQL of the kept pairs with the evidence of every field."""
    both = sorted({name for one in comparisons for name in _columns(one)})
    sides = ", ".join(f"l.{name} AS {name}_l, r.{name} AS {name}_r" for name in both)
    weights = ", ".join(_weight(one) for one in comparisons)
    evidence = ", ".join(
        f"{{'field': '{one.field}', 'level': {level_sql(one)}, 'weight': w_{one.field}}}"
        for one in comparisons
    )
    return f"""
        WITH told AS (
            SELECT kept.l, kept.r, kept.probability, {sides}, {weights}
            FROM kept
            JOIN {scored} AS s ON s.unique_id_l = kept.l AND s.unique_id_r = kept.r
            JOIN {_TABLE} AS l ON l.unique_id = kept.l
            JOIN {_TABLE} AS r ON r.unique_id = kept.r
        )
        SELECT least(l, r) AS left_id, greatest(l, r) AS right_id, probability,
            [{evidence}] AS evidence
        FROM told ORDER BY probability DESC, left_id, right_id
    """


def _weight(comparison: Comparison) -> str:
    rare = any(level.rare for level in comparison.levels)
    adjusted = f" + coalesce(s.mw_tf_adj_{comparison.field}, 0)" if rare else ""
    return f"coalesce(s.mw_{comparison.field}, 0){adjusted} AS w_{comparison.field}"


def _columns(comparison: Comparison) -> set[str]:
    """Columns the levels of a comparison look at on both sides."""
    text = " ".join([comparison.column + "_l", *(level.sql for level in comparison.levels)])
    names = {word.strip("(),") for word in text.replace("(", " ").replace(",", " ").split()}
    return {name[:-2] for name in names if name.endswith(("_l", "_r"))}
