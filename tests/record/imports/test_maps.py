from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenure.record.imports.operations.mapping import load_map, read_map
from tenure.words import TenureError

from .files import ORDERS, ORDERS_MAP, load, put

MAPS = Path(__file__).parents[3] / "docs" / "how-to" / "maps"

MISTAKES = [
    ("evnts: []", "line 1, column 1: map has no “evnts” (did you mean events?"),
    ("source: x", "events is missing"),
    ("events: [{type: order.placed}]", "line 1, column 10: the event lacks at"),
    ("events: [{at: d, type: order}]", "“order” is not an event type"),
    ("events: [{at: d, type: a.b, wen: {}}]", "column 29: events has no “wen” (did you mean when?"),
    ("events: [{at: {}, type: a.b}]", "at needs one of column, constant"),
    ("events: [{at: {column: d, format: dmyy}, type: a.b}]", "did you mean dmy?"),
    ("events: [{at: {column: d, time_zone: Mars/X}, type: a.b}]", "no time zone “Mars/X”"),
    ("events: [{at: d, type: a.b, when: {x: {belw: 0}}}]", "did you mean below?"),
    ("events: [{at: d, type: a.b, when: {x: {below: zero}}}]", "below needs a number"),
    ("events: [{at: d, type: {values: {a: b.c}}}]", "type lacks column"),
    ("events: [{at: d, type: a.b}]\ncurrency: euro", "line 2, column 11: a currency is three"),
    ("events: [{at: d, type: a.b}]\nexchange_rate: -1", "exchange_rate is a number above 0"),
    ("events: [{at: d, type: a.b}]\nread: {delimiter: '::'}", "the delimiter is one character"),
    ("events: [{at: d, type: a.b}]\njoin: {file: a.csv}", "join lacks on"),
    ("events: [{at: d, type: a.b}]\nskip: {because: x}", "skip lacks when"),
    ("events: [{at: d, type: a.b}]\nduplicates: maybe", "possible: keep, drop"),
    ("a: b: c", "line 1"),
    ("", "one document"),
    ("events: &a [*a]", "line 1"),
]


@pytest.mark.parametrize(("text", "message"), MISTAKES)
def test_a_mistake_is_pointed_at(text: str, message: str) -> None:
    with pytest.raises(TenureError) as caught:
        load_map(text, "orders.yaml")
    assert message in caught.value.words.en
    assert caught.value.words.zh != caught.value.words.en


@given(st.text(max_size=60))
def test_any_text_is_a_map_or_a_plain_error(text: str) -> None:
    with suppress(TenureError):
        load_map(text, "x.yaml")


def test_a_map_file_that_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "map.yaml"
    with pytest.raises(TenureError, match="no map file"):
        read_map(path)
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(TenureError, match="not UTF-8"):
        read_map(path)


@pytest.mark.parametrize("path", sorted(MAPS.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_maps_of_the_how_tos_are_maps(path: Path) -> None:
    assert read_map(path).events


def test_a_column_that_is_not_there_names_the_nearest(tmp_path: Path, library: None) -> None:
    path = put(tmp_path, ORDERS)
    with pytest.raises(TenureError, match=r"no column “amout” \(did you mean amount"):
        load(path, ORDERS_MAP.replace("amount: amount", "amount: amout"))
    with pytest.raises(TenureError, match="line 6, column 9: the file has no column “day”"):
        load(path, ORDERS_MAP.replace("at: date", "at: day"))


def test_a_misspelt_event_type_names_the_nearest(tmp_path: Path, library: None) -> None:
    with pytest.raises(TenureError, match=r"did you mean order\.placed"):
        load(put(tmp_path, ORDERS), ORDERS_MAP.replace("order.placed", "order.place"))


def test_an_unknown_event_type_is_kept_and_said(tmp_path: Path, library: None) -> None:
    outcome = load(put(tmp_path, ORDERS), ORDERS_MAP.replace("order.placed", "spaceship.launched"))
    assert outcome.tally.types == {"spaceship.launched": 3}
    assert "not defined" in outcome.notes[0].en
