"""The lake: however the log is cut into batches, the lake has the same content."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from tenure.engine.lake import Lake, Sizes
from tests.engine.crash_lake import content
from tests.engine.rows import events

TINY = Sizes(month_rows=3, flush_rows=7, recent_parts=2, big_rows=30, tick_rows=40, spread_rows=2)


@settings(max_examples=25)
@given(st.lists(st.integers(1, 20), min_size=1, max_size=6), st.integers(0, 9), st.booleans())
def test_any_batching_gives_the_same_content(
    lengths: list[int], overlap: int, compacted: bool
) -> None:
    with TemporaryDirectory() as directory:
        lake, last = Lake(Path(directory), sizes=TINY), 0
        for length in lengths:
            first, last = max(1, last + 1 - overlap), last + length
            batch = events(range(first, last + 1))
            assert lake.append(batch.to_batches(max_chunksize=5), cursor=last) == length
            assert lake.append([batch], cursor=last) == 0, "recording twice is once"
            if compacted:
                lake.compact()
        assert lake.cursor == last
        assert content(lake).equals(events(range(1, last + 1)))
        assert sum(part.rows for part in lake.snapshot().manifest.parts) == last
