"""Time: what was true, or believed, at a moment is what a log cut at that moment says."""

from __future__ import annotations

from datetime import timedelta

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenure.clock import to_microseconds
from tenure.derive.lifecycles.operations import tick
from tenure.derive.lifecycles.projection import build, house_histories, house_lake, house_root
from tenure.engine.lake import Lake, Snapshot
from tenure.record.library.queries import current_library
from tests.derive.company import Company, fresh_house
from tests.derive.derived import Rows, stored, table_rows
from tests.derive.steps import START, Record, Step, lives


@pytest.mark.django_db
@settings(max_examples=6)
@given(life=lives, day=st.floats(-60, 120))
def test_cutting_the_world_clock_is_cutting_the_log(life: list[Step], day: float) -> None:
    """The stored history, read at a moment, is the history of what had happened by then."""
    moment_us = to_microseconds(START + timedelta(days=day))
    with fresh_house():
        company = Company()
        company.live(life, ticking=False)
        tick(at=company.now)
        cut = build(log=events_up_to(moment_us))
        as_of = build(world_us=moment_us)
        for key in house_histories().lifecycles():
            assert table_rows(as_of.histories[key]) == table_rows(cut.histories[key])
            assert seen_at(stored(key), moment_us) == seen_at(cut.histories[key], moment_us)


@pytest.mark.django_db
@settings(max_examples=6)
@given(life=lives, share=st.floats(0, 1))
def test_cutting_the_recorded_clock_is_living_less(life: list[Step], share: float) -> None:
    """What was believed at a moment is what one derived who had lived only so far."""
    until = round(share * len(life))
    with fresh_house():
        company = Company()
        company.live([*life[:until], Record(())], ticking=False)
        known_us = to_microseconds(company.now)
        tick(at=company.now)
        then = {key: table_rows(stored(key)) for key in house_histories().lifecycles()}
        company.now += timedelta(minutes=1)
        company.live(life[until:], ticking=False)
        tick(at=company.now)
        believed = build(known_us=known_us)
        assert {key: table_rows(table) for key, table in believed.histories.items()} == then


def events_up_to(moment_us: int) -> Snapshot:
    """A lake of its own with the events that had happened by then, filtered by hand."""
    lake = house_lake().snapshot()
    tables = [pa.parquet.read_table(path, partitioning=None) for path in lake.parts()]
    everything = pa.concat_tables(tables, promote_options="default")
    kept = everything.filter(pc.less_equal(everything["occurred_us"], moment_us))
    other = Lake(house_root() / "cut")
    other.append([kept], cursor=lake.cursor)
    other.conform(current_library()[0])
    return other.snapshot()


def seen_at(intervals: pa.Table, moment_us: int) -> Rows:
    """Stages up to a moment: what begins later is left out, what ends later is open."""
    begun = intervals.filter(pc.less_equal(intervals["entered_us"], moment_us))
    left = begun["left_us"]
    over = pc.fill_null(pc.less_equal(left, moment_us), False)
    closed = pc.if_else(over, left, pa.scalar(None, pa.int64()))
    return table_rows(begun.set_column(begun.column_names.index("left_us"), "left_us", closed))
