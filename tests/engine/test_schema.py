"""The columns of the lake and how event fields get theirs."""

from datetime import date

import pyarrow as pa
import pytest

from tenure.engine.schema import EVENT_BASE, event_schema, promote, promoted_columns, unbound
from tests.engine.rows import events, library


def test_personal_text_and_money_have_no_column() -> None:
    assert sorted(promoted_columns(library(), "order.placed")) == [
        "f_channel",
        "f_due",
        "f_gift",
        "f_lines",
        "f_weight",
    ]


def test_the_schema_is_the_base_and_then_the_fields_by_name() -> None:
    schema = event_schema(library())
    assert schema.names[: len(EVENT_BASE)] == EVENT_BASE.names
    assert schema.names[len(EVENT_BASE) :] == sorted(schema.names[len(EVENT_BASE) :])
    assert {str(t) for t in schema.types} <= {"string", "int64", "bool", "double", "date32[day]"}


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        (
            '{"channel":"网店","lines":3,"weight":2.5,"gift":true,"due":"2024-05-01"}',
            {"channel": "网店", "lines": 3, "weight": 2.5, "gift": True, "due": date(2024, 5, 1)},
        ),
        ("{}", {}),
        (None, {}),
        ('{"channel":null,"lines":3.7,"weight":"x","gift":"yes","due":"soon"}', {}),
        ('{"lines":"12","weight":7}', {"lines": 12, "weight": 7.0}),
        ('{"lines":9007199254740993}', {"lines": 9007199254740993}),
        ('{"lines":99999999999999999999}', {}),
        ('{"channel":{"a":1}}', {"channel": '{"a":1}'}),
    ],
)
def test_promoted_values(properties: str | None, expected: dict[str, object]) -> None:
    one = events([1]).set_column(10, "properties", pa.array([properties], pa.string()))
    row = promote(one, event_schema(library())).to_pylist()[0]
    found = {k.removeprefix("f_"): v for k, v in row.items() if k.startswith("f_")}
    assert {k: v for k, v in found.items() if v is not None} == expected


def test_promotion_keeps_order_and_columns_already_there() -> None:
    table = events(range(50)).append_column("f_channel", pa.array(["kept"] * 50))
    promoted = promote(table, event_schema(library()))
    assert promoted["f_lines"].to_pylist() == list(range(50))
    assert set(promoted["f_channel"].to_pylist()) == {"kept"}
    assert promoted.schema == event_schema(library())


def test_promotion_of_no_events() -> None:
    assert promote(events([]), event_schema(library())).num_rows == 0


def test_unbound_tables_have_the_same_columns() -> None:
    table = unbound("events", event_schema(library()))
    assert list(table.columns) == event_schema(library()).names
