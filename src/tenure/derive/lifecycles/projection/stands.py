"""Where customers stand: rows of the engine, and the text that the database keeps per customer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tenure.derive.lifecycles.projection.current import MOMENT
from tenure.engine.schema import unbound

if TYPE_CHECKING:
    import ibis.expr.types as ir

_STAND_COLUMNS: dict[str, pa.DataType] = {
    "customer_id": pa.int64(),
    "lifecycle": pa.string(),
    "stage": pa.string(),
    "entered_us": pa.int64(),
    "next_us": pa.int64(),
    "next_stage": pa.string(),
    "version": pa.string(),
}
STANDS = pa.schema(_STAND_COLUMNS)
"""Where customers stand in lifecycles, by which versions of their definitions."""
_ROW_COLUMNS: dict[str, pa.DataType] = {
    "customer_id": pa.int64(),
    "stages": pa.string(),
    "due_us": pa.int64(),
}
ROWS = pa.schema(_ROW_COLUMNS)
"""The same as the database keeps it."""
_NEVER = np.iinfo(np.int64).max
_EVERY = "customer_id", "lifecycle"


class Stand(msgspec.Struct, array_like=True, frozen=True):
    """Where a customer stands in one lifecycle.

    Attributes:
        stage: its code; empty where the history begins only at ``entered_us``.
        entered_us: since when (microseconds since the epoch, UTC).
        next_us: when time alone changes it; ``None``: never.
        next_stage: what it is then; empty where nothing changes.
        version: of the definition it was computed by.
    """

    stage: str
    entered_us: int
    next_us: int | None
    next_stage: str
    version: str

    @property
    def due_us(self) -> int | None:
        """The moment from which this is no longer true."""
        return self.next_us if self.stage else self.entered_us


_decoder = msgspec.json.Decoder(dict[str, Stand])


def stands_of(text: str) -> dict[str, Stand]:
    """By lifecycle, what the database keeps of a customer."""
    return _decoder.decode(text)


def stands_table(rows: Mapping[int, Mapping[str, Stand]]) -> pa.Table:
    """Stands of customers as a table of ``STANDS``."""
    found = [
        (customer, key, *msgspec.structs.astuple(stand))
        for customer, stands in rows.items()
        for key, stand in stands.items()
    ]
    columns: list[Any] = list(zip(*found, strict=True)) or [()] * len(STANDS)
    arrays = [pa.array(c, f.type) for c, f in zip(columns, STANDS, strict=True)]
    return pa.Table.from_arrays(arrays, schema=STANDS)


def standing_or_coming(intervals: ir.Table) -> ir.Table:
    """Where everybody stands at the input ``moment``, or when their history begins after it.

    Args:
        intervals: of histories without gaps; of several lifecycles where there is a column
            ``lifecycle``.

    Returns:
        customer_id, stage (empty: begins later), entered_us, next_us and next_stage (NULL and
        empty where the stage stays); and ``lifecycle`` where it was given.
    """
    by = [name for name in _EVERY if name in intervals.columns]
    timed = intervals.cross_join(unbound("moment", MOMENT))
    ahead = timed.filter(timed.left_us.isnull() | (timed.left_us > timed.moment_us))
    order = _in_order(by)
    ahead = ahead.mutate(
        place=ahead.entered_us.rank().over(order), following=ahead.stage.lead().over(order)
    )
    first = ahead.filter(ahead.place == 0)
    comes = first.entered_us > first.moment_us
    return first.select(
        *by,
        stage=comes.ifelse("", first.stage),
        entered_us=first.entered_us,
        next_us=comes.ifelse(None, first.left_us),
        next_stage=comes.ifelse("", first.following.fill_null("")),
    )


def _in_order(by: list[str]) -> ir.WindowBuilder:
    import ibis

    return ibis.window(group_by=by, order_by="entered_us")


def rows_of(stands: pa.Table) -> pa.Table:
    """The rows of the database, by customer, out of a table of ``STANDS``."""
    ordered = stands.select(STANDS.names).sort_by([(name, "ascending") for name in _EVERY])
    customers = ordered["customer_id"].combine_chunks().to_numpy()
    starts = np.flatnonzero(np.r_[True, customers[1:] != customers[:-1]][: len(customers)])
    if not len(starts):
        return ROWS.empty_table()
    offsets = pa.array(np.r_[starts, len(customers)], pa.int32())
    entries = pa.ListArray.from_arrays(offsets, _entries(ordered))
    texts = _joined("{", pc.binary_join(entries, ","), "}")
    due = np.minimum.reduceat(_due(ordered), starts)
    moments = pa.array(due, pa.int64(), mask=due == _NEVER)
    return pa.Table.from_arrays([pa.array(customers[starts]), texts, moments], schema=ROWS)


def _entries(stands: pa.Table) -> pa.Array[Any]:
    """``"lifecycle":["stage",entered,next,"next stage","version"]`` of each row."""
    told = [stands["stage"], stands["entered_us"], stands["next_us"], stands["next_stage"]]
    values = [_number(one) if one.type == pa.int64() else _quoted(one) for one in told]
    parts = [part for value in values for part in (value, ",")]
    return _joined(_quoted(stands["lifecycle"]), ":[", *parts, _quoted(stands["version"]), "]")


def _joined(*parts: Any) -> pa.Array[Any]:
    """Texts end to end, row by row; a single text is the same in every row."""
    joined: pa.Array[Any] = pc.binary_join_element_wise(*parts, "")
    return joined


def _quoted(texts: pa.ChunkedArray[Any]) -> pa.Array[Any]:
    """Texts as JSON; each different one is encoded once."""
    coded = texts.combine_chunks().dictionary_encode()
    words = [msgspec.json.encode(text).decode() for text in coded.dictionary.to_pylist()]
    taken: pa.Array[Any] = pa.array(words, pa.string()).take(coded.indices)
    return taken


def _number(numbers: pa.ChunkedArray[Any]) -> pa.Array[Any]:
    texts: Any = numbers.combine_chunks().cast(pa.string())
    nothing: Any = "null"
    filled: pa.Array[Any] = pc.fill_null(texts, nothing)
    return filled


def _due(stands: pa.Table) -> np.ndarray:
    begun = pc.not_equal(stands["stage"], pa.scalar(""))
    coming: Any = stands["next_us"]
    moments = pc.if_else(begun, pc.fill_null(coming, _NEVER), stands["entered_us"])
    return np.asarray(moments.to_numpy(), np.int64)
