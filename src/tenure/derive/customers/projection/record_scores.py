"""The score of a customer's record: one number of 0 to 100 out of four plain questions.

==============  ======  ==========================================================================
Question        Weight  Answer, 0 to 1
==============  ======  ==========================================================================
complete        40      the share of the fields of the party type that have a value
identified      20      whether a valid strong identifier is on record
fresh           20      1 until the organisation's limit of days since the profile was last told
                        (first seen, where it never was), then falling to 0 at twice the limit
single          20      whether no link to another customer waits undecided: a possible duplicate
==============  ======  ==========================================================================

No definition has a say in it, so scores of different houses and times compare.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from tenure.clock import DAY_US
from tenure.derive.customers.models import RefusedLink
from tenure.derive.customers.projection.mapping import customers_of

if TYPE_CHECKING:
    import ibis.expr.types as ir

COMPLETE, IDENTIFIED, FRESH, SINGLE = 40, 20, 20, 20
SCORE_COLUMNS: Mapping[str, pa.DataType] = {
    "data_score": pa.float64(),
    "complete": pa.float64(),
    "doubled": pa.bool_(),
}
"""Columns of the roster that hold the score and what no card says."""
DOUBLED = pa.schema([pa.field("doubled_id", pa.int64())])


def score_of(complete: Any, identified: Any, fresh: Any, single: Any) -> Any:
    """The score out of the four answers, numbers or columns alike."""
    return COMPLETE * complete + IDENTIFIED * identified + FRESH * fresh + SINGLE * single


def freshness(age_days: float, limit: int) -> float:
    """How fresh what was told ``age_days`` ago is, 0 to 1."""
    return min(1.0, max(0.0, 2.0 - age_days / limit))


def scored(
    rows: ir.Table, doubled: ir.Table, *, asked: Mapping[str, int], at_us: int, limit: int
) -> ir.Table:
    """``rows`` of the roster with the columns of ``SCORE_COLUMNS``.

    Args:
        rows: with party, lacking, identified and updated_us.
        doubled: of :func:`doubled_table`.
        asked: how many fields each party type asks for.
        at_us: the moment, microseconds.
        limit: the days after which what was told is outdated.
    """
    import ibis

    rows = rows.left_join(doubled, rows.customer_id == doubled.doubled_id)
    rows = rows.mutate(doubled=rows.doubled_id.notnull()).drop("doubled_id")
    ends = rows.lacking.length() - rows.lacking.replace("\n", "").length()
    count = ibis.ifelse(ends == 0, 0, ends - 1).cast("float64")
    total = ibis.literal(0.0)
    for party, fields in asked.items():
        total = ibis.ifelse(rows.party == party, float(fields), total)
    complete = ibis.ifelse(total > 0, 1.0 - count / total.nullif(0.0), 0.0)
    age = (ibis.literal(at_us, "int64") - rows.updated_us).cast("float64") / float(DAY_US)
    fresh = (2.0 - age / float(limit)).clip(lower=0.0, upper=1.0)
    identified = rows.identified.cast("float64")
    single = 1.0 - rows.doubled.cast("float64")
    score = score_of(complete, identified, fresh, single)
    return rows.mutate(data_score=score.round(1), complete=complete)


def doubled_table() -> pa.Table:
    """Customers one of whose identifiers has an undecided link to another's, each once."""
    ends: set[int] = set()
    for pair in RefusedLink.objects.values_list("left_id", "right_id").iterator(50_000):
        ends.update(pair)
    numbers = np.unique(customers_of(np.array(sorted(ends), np.int64)))
    return pa.table([pa.array(numbers, pa.int64())], schema=DOUBLED)
