"""What may enter the lake: events after its cursor, in columns it knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyarrow as pa
import pyarrow.compute as pc

from tenure.engine.lake.manifest import LakeError, Manifest
from tenure.engine.lake.parts import checked
from tenure.words import Words


def admitted(
    batches: Iterable[pa.Table | pa.RecordBatch], manifest: Manifest, cursor: int, rows: int
) -> Iterator[pa.Table]:
    """The events after the manifest's cursor, in tables of about ``rows``."""
    known, held, count = manifest.schema_columns(), list[pa.Table](), 0
    for batch in batches:
        table = checked(batch)
        _refuse_conflicts(table, known)
        table = table.filter(pc.field("event_id") > manifest.cursor)
        _refuse_beyond(table, cursor)
        for start in range(0, len(table), rows):
            held.append(table.slice(start, rows))
            count += len(held[-1])
            if count >= rows:
                yield pa.concat_tables(held, promote_options="default")
                held, count = [], 0
    if count:
        yield pa.concat_tables(held, promote_options="default")


def _refuse_conflicts(table: pa.Table, known: dict[str, str]) -> None:
    for field in table.schema:
        if known.get(field.name, str(field.type)) != str(field.type):
            raise LakeError(
                Words(
                    zh=f"字段 {field.name} 的类型已由 {known[field.name]} 改为 {field.type}，"
                    "请先运行 tenure rebuild。",
                    en=f"the field {field.name} changed its type from {known[field.name]} to "
                    f"{field.type}: run `tenure rebuild` first.",
                )
            )


def _refuse_beyond(table: pa.Table, cursor: int) -> None:
    last = pc.max(table["event_id"]).as_py()
    if last is not None and last > cursor:
        raise LakeError(
            Words(
                zh=f"事件 {last} 超出本批游标 {cursor}，会被重复写入，已拒绝整批。",
                en=f"event {last} is beyond the batch's cursor {cursor} and would come twice; "
                "the whole batch is refused.",
            )
        )
