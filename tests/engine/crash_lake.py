"""The lake fills, is conformed, compacted and rebuilt; a crash anywhere changes no content."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tenure.engine.lake import Lake, Sizes
from tests.engine.rows import events, library

LIBRARY = library()

SMALL = Sizes(
    month_rows=4, flush_rows=12, recent_parts=2, big_rows=200, tick_rows=200, spread_rows=3
)
LAST = 40


def fill(lake: Lake) -> None:
    """Append from where the lake is, as the export does; each batch repeats some events."""
    while (cursor := lake.cursor) < LAST:
        upto = min(cursor + 12, LAST)
        lake.append([events(range(max(1, cursor - 4), upto + 1))], cursor=upto)


def work(root: Path) -> None:
    lake = Lake(root, sizes=SMALL)
    fill(lake)
    lake.conform(LIBRARY)
    lake.compact()
    shadow = lake.rebuilding()
    fill(shadow)
    shadow.take_over()
    lake.append([events(range(LAST + 1, LAST + 3))], cursor=LAST + 2)


def content(lake: Lake) -> pa.Table:
    """All events the lake shows, in order."""
    with lake.reading() as snapshot:
        tables = [pq.read_table(path) for path in snapshot.parts()]
    if not tables:
        return events([])
    everything = pa.concat_tables(tables, promote_options="default")
    return everything.sort_by("event_id")


def check(root: Path) -> None:
    lake = Lake(root, sizes=SMALL)
    shown = content(lake)
    assert shown.select(events([]).column_names).equals(events(range(1, lake.cursor + 1)))
    fill(lake)
    lake.append([events([LAST + 5])], cursor=LAST + 5)
    numbers = content(lake)["event_id"].to_pylist()
    assert [n for n in numbers if n <= LAST] == list(range(1, LAST + 1))
    assert len(numbers) == len(set(numbers))
    lake.rebuilding(fresh=True)
    lake.append([], cursor=LAST + 6)
    lake.append([], cursor=LAST + 7)
    named = {str(path) for path in lake.parts()}
    assert {str(path) for path in root.glob("events/*/*")} == named
