"""Interval tables on their way into the store."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from tenure.engine.durable import write_parquet
from tenure.engine.history_store.manifest import HistoryError
from tenure.engine.schema import INTERVALS
from tenure.words import Words

ROW_GROUP = 122_880
_REPEATED = ("stage", "cause", "cause_atom", "cause_limit")


def write_rows(path: Path, table: pa.Table) -> None:
    """Write rows durably, for reading speed."""
    write_parquet(path, table, row_group=ROW_GROUP, repeated=_REPEATED, compression="snappy")


def checked(intervals: pa.Table) -> pa.Table:
    """``intervals`` in the columns and types of ``INTERVALS``."""
    check_names(intervals.column_names)
    return intervals.select(INTERVALS.names).cast(INTERVALS).replace_schema_metadata(None)


def check_names(names: list[str]) -> None:
    """Refuse columns among which one of ``INTERVALS`` is missing."""
    if missing := [name for name in INTERVALS.names if name not in names]:
        raise HistoryError(
            Words(
                zh=f"阶段历史缺少列：{', '.join(missing)}。",
                en=f"the stage history lacks columns: {', '.join(missing)}.",
            )
        )
