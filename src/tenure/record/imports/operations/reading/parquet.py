"""Parquet files, streamed in batches of rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tenure.words import Words

from ..problems import CannotImportError
from .table import Cells, ReadOptions, Refuse, usable_names

_BATCH = 8192


class ParquetTable:
    """A Parquet file; the line of a row is its number, from 1."""

    def __init__(self, path: Path, options: ReadOptions, total: int) -> None:
        self.path = path
        self.options = options
        names = usable_names(options.columns)
        self.columns = names.names
        self.notes: tuple[Words, ...] = tuple(names.notes)
        self._total = max(total, 1)
        self._done = 0

    def progress(self) -> float:
        """The share of the rows read."""
        return min(self._done / self._total, 1.0)

    def rows(self, refuse: Refuse) -> Iterator[tuple[int, Cells]]:
        """Each row as (number, typed cells)."""
        line = 0
        with pq.ParquetFile(self.path) as file:
            for batch in file.iter_batches(batch_size=_BATCH):
                columns = [_plain(column).to_pylist() for column in batch.columns]
                for cells in zip(*columns, strict=True):
                    line += 1
                    yield line, cells
                self._done = line


def _plain(column: pa.Array[Any]) -> pa.Array[Any]:
    """Moments as microseconds: Python has no finer ones."""
    if pa.types.is_timestamp(column.type) and column.type.unit == "ns":
        return column.cast(pa.timestamp("us", tz=column.type.tz), safe=False)
    return column


def open_parquet(path: Path, options: ReadOptions) -> ParquetTable:
    """The table of a Parquet file.

    Raises:
        CannotImportError: damaged or cut off.
    """
    try:
        with pq.ParquetFile(path) as file:
            names = tuple(file.schema_arrow.names)
            total = file.metadata.num_rows
    except (pa.ArrowInvalid, OSError) as problem:
        raise CannotImportError(
            Words(
                zh=f"{path.name} 的 Parquet 数据已损坏或不完整，请重新获取",
                en=f"{path.name}: its Parquet data are damaged or cut off; fetch the file again",
            )
        ) from problem
    return ParquetTable(path, replace(options, format="parquet", columns=names), total)
