from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenure.record.imports.operations.problems import RowProblem
from tenure.record.imports.operations.reading import Cell
from tenure.record.imports.operations.values.amounts import (
    NumberReader,
    NumberStyle,
    guess_currency,
    guess_style,
)
from tenure.record.imports.operations.values.moment_guess import guess_moments
from tenure.record.imports.operations.values.moment_reader import MomentReader
from tenure.record.imports.operations.values.scalars import boolean_of, money_from

SHANGHAI = ZoneInfo("Asia/Shanghai")
LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("formats", "cell", "expected"),
    [
        ("ymd", "2011-12-01 08:26:00", "2011-12-01T00:26:00"),
        ("ymd", "2011/12/1 8:26", "2011-12-01T00:26:00"),
        ("ymd", "2024年5月1日", "2024-04-30T16:00:00"),
        ("ymd", "2024年5月1日 下午3时05分", "2024-05-01T07:05:00"),
        ("ymd", "2024年5月1日 12:30:15", "2024-05-01T04:30:15"),
        ("ymd", "２０２４-０５-０１", "2024-04-30T16:00:00"),
        ("ymd", "2024-05-01T10:00:00Z", "2024-05-01T10:00:00"),
        ("ymd", "2024-05-01T10:00:00.123456+02:00", "2024-05-01T08:00:00.123456"),
        ("ymd", "2024.5.1", "2024-04-30T16:00:00"),
        ("dmy", "01.05.2024", "2024-04-30T16:00:00"),
        ("dmy", "1/5/24 9:00 PM", "2024-05-01T13:00:00"),
        ("dmy", "01-May-2024", "2024-04-30T16:00:00"),
        ("mdy", "05/01/2024 12:15 AM", "2024-04-30T16:15:00"),
        ("mdy", "May 1, 2024", "2024-04-30T16:00:00"),
        ("yyyymmdd", "19970101", "1996-12-31T16:00:00"),
        ("yyyymmdd", 19970101, "1996-12-31T16:00:00"),
        ("epoch_s", "1714521600", "2024-05-01T00:00:00"),
        ("epoch_ms", 1714521600500, "2024-05-01T00:00:00.500000"),
        ("excel", 45413.5, "2024-05-01T04:00:00"),
        ("excel", "45413", "2024-04-30T16:00:00"),
        ("%d|%m|%Y", "01|05|2024", "2024-04-30T16:00:00"),
        ("ymd", date(2024, 5, 1), "2024-04-30T16:00:00"),
    ],
)
def test_moments_are_read_as_written(formats: str, cell: Cell, expected: str) -> None:
    read = MomentReader((formats,), SHANGHAI)
    wanted = datetime.fromisoformat(expected).replace(tzinfo=UTC)
    assert read(cell) == wanted
    assert read(cell) == wanted  # and again, remembered


@pytest.mark.parametrize(
    ("formats", "cell"),
    [
        ("ymd", "2024-13-01"),
        ("ymd", "2024-02-30"),
        ("ymd", "yesterday"),
        ("ymd", "2024-05-01 25:00"),
        ("ymd", "01/05/2024"),
        ("dmy", "05/13/2024"),
        ("yyyymmdd", "20241301"),
        ("epoch_s", "12"),
        ("excel", "3.5"),
        ("ymd", True),
    ],
)
def test_what_is_no_moment_is_refused(formats: str, cell: Cell) -> None:
    with pytest.raises(RowProblem, match="does not fit"):
        MomentReader((formats,), SHANGHAI)(cell)


@given(
    st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1)).map(  # noqa: DTZ001
        lambda moment: moment.replace(microsecond=0)
    )
)
def test_days_and_times_remembered_apart_give_the_same_moment(moment: datetime) -> None:
    """Also on the days when London's clocks change."""
    read = MomentReader(("ymd",), LONDON)
    expected = moment.replace(tzinfo=LONDON).astimezone(UTC)
    assert read(f"{moment:%Y}-{moment:%m-%d %H:%M:%S}") == expected
    assert read(f"{moment.year}/{moment.month}/{moment.day} {moment:%H:%M:%S}") == expected


def test_the_day_the_clocks_change() -> None:
    read = MomentReader(("ymd",), LONDON)
    assert read("2024-03-31 00:30") == datetime(2024, 3, 31, 0, 30, tzinfo=UTC)
    assert read("2024-03-31 12:00") == datetime(2024, 3, 31, 11, 0, tzinfo=UTC)
    assert read("2024-10-27 12:00") == datetime(2024, 10, 27, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cells", "formats"),
    [
        (["2024-05-01", "2024/05/02 10:00"], ("ymd",)),
        (["13/05/2024", "01/05/2024"], ("dmy",)),
        (["05/13/2024", "05/01/2024"], ("mdy",)),
        (["01.05.2024", "02.06.2024"], ("dmy",)),
        (["19970101", "19971231"], ("yyyymmdd",)),
        (["1714521600", "1714525200"], ("epoch_s",)),
        (["1714521600000"], ("epoch_ms",)),
        (["45413.25", "45414"], ("excel",)),
        (["2024年5月1日", "2024年12月31日 8:00"], ("ymd",)),
        (["01-May-2024", "02-Jun-2024"], ("dmy",)),
        (["2024-05-01"] * 6 + ["20240501"] * 3 + ["13/05/2024"] * 2, ("ymd", "yyyymmdd", "dmy")),
    ],
)
def test_formats_are_judged_over_the_whole_sample(
    cells: list[Cell], formats: tuple[str, ...]
) -> None:
    guess = guess_moments(cells)
    assert guess.formats == formats
    assert guess.question is None
    assert guess.share == 1


@pytest.mark.parametrize(
    "cells",
    [["01/05/2024", "02/06/2024"], ["13/05/2024", "05/13/2024", "01/02/2024"]],
)
def test_day_or_month_first_is_asked_where_the_sample_does_not_tell(cells: list[Cell]) -> None:
    guess = guess_moments(cells)
    assert guess.formats == ()
    assert guess.question is not None
    assert [choice[0] for choice in guess.choices] == ["dmy", "mdy"]


@pytest.mark.parametrize(
    ("text", "decimal", "expected"),
    [
        ("1,234.56", ".", "1234.56"),
        ("1.234,56", ",", "1234.56"),
        ("1 234,5", ",", "1234.5"),
        ("￥1,234.50", ".", "1234.50"),
        ("1234.5元", ".", "1234.5"),
        ("人民币 12.5", ".", "12.5"),
        ("CNY 12", ".", "12"),
        ("(1,000.00)", ".", "-1000.00"),
        ("-¥5", ".", "-5"),
        ("12.50-", ".", "-12.50"),
        ("- 3", ".", "-3"),
        ("１２３．５", ".", "123.5"),
        ("1.2万", ".", "12000"),
        ("12,34,567", ".", "1234567"),
        (".5", ".", "0.5"),
    ],
)
def test_amounts_are_read_as_people_write_them(text: str, decimal: str, expected: str) -> None:
    assert NumberReader(NumberStyle(decimal), "CNY")(text) == Decimal(expected)


@pytest.mark.parametrize("text", ["abc", "1.2.3", "12,34", "1,2345", "--5", "NaN", "1e5", "12 USD"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(RowProblem):
        NumberReader(NumberStyle("."), "CNY")(text)


def test_floats_are_taken_by_their_shortest_form() -> None:
    read = NumberReader(NumberStyle())
    assert read(2.55) == Decimal("2.55")
    assert read(None) is None
    with pytest.raises(RowProblem):
        read(float("nan"))
    with pytest.raises(RowProblem):
        read(True)


def test_money_is_rounded_to_what_the_log_keeps() -> None:
    assert money_from(Decimal("1.00005")) == "1.0000"
    assert money_from(Decimal("1E+3")) == "1000"
    assert money_from(None) is None


def test_styles_and_currencies_are_guessed_over_the_sample() -> None:
    assert guess_style(["1.234,56", "12,5"]) == NumberStyle(",")
    assert guess_style(["1,234.56", "12.5"]) == NumberStyle(".")
    assert guess_style(["1,234", "5"]) == NumberStyle(".")
    assert guess_currency(["€ 5", "6 €", "7"]) == "EUR"
    assert guess_currency(["￥5"]) == "CNY"
    assert guess_currency(["5"]) is None


def test_yes_and_no() -> None:
    assert [boolean_of(cell) for cell in ("是", "No", 1, "", True)] == [
        True,
        False,
        True,
        None,
        True,
    ]
    with pytest.raises(RowProblem):
        boolean_of("maybe")
