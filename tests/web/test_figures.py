"""Numbers, money and moments as their reader writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from tenure.clock import to_microseconds
from tenure.money import Money
from tenure.web.components import figures

pytestmark = pytest.mark.django_db  # what the log is kept in is data

NOON = datetime(2026, 5, 1, 4, 5, tzinfo=UTC)


@pytest.fixture(params=["zh-hans", "en"])
def language(request: pytest.FixtureRequest):  # type: ignore[no-untyped-def]
    with translation.override(request.param), timezone.override(ZoneInfo("Asia/Shanghai")):
        yield request.param


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "–"), (0, "0"), (1234, "1,234"), (-1234567, "-1,234,567"), (1234.5, "1,234.5"),
        (Decimal("0.10"), "0.1"), (Decimal(1000), "1,000"), (float("nan"), "–"), (1e-9, "0"),
        (float("inf"), "–"), (10.0, "10"), (Decimal("1E+3"), "1,000"),
    ],
)  # fmt: skip
def test_numbers(value: float | Decimal | None, shown: str) -> None:
    assert figures.number(value) == shown


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (None, "–", "–"), (999, "999", "999"), (9_999, "9,999", "10K"), (12_345, "1.2万", "12.3K"),
        (123_456_789, "1.2亿", "123.5M"), (-50_000, "-5万", "-50K"), (0, "0", "0"),
        (3_000_000_000_000, "3万亿", "3,000B"),
    ],
)  # fmt: skip
def test_compact(value: int | None, zh: str, en: str, language: str) -> None:
    assert figures.compact(value) == (zh if language == "zh-hans" else en)


def test_money(language: str) -> None:
    assert figures.money(None) == "–"
    assert figures.money(Decimal("1234.5")) == "¥1,234.50"
    assert figures.money(Decimal("-0.005")) == "-¥0.00"
    assert figures.money(Money(Decimal(12), "USD")) == "$12.00"
    assert figures.money(Money(Decimal(12), "CHF")) == "CHF 12.00"
    short = figures.money(123_456, short=True)
    assert short == ("¥12.3万" if language == "zh-hans" else "¥123.5K")


def test_percent() -> None:
    assert figures.percent(0.1234) == "12.3%"
    assert figures.percent(1) == "100.0%"
    assert figures.percent(None) == "–"
    assert figures.percent(0.5, 0) == "50%"


def test_moments_by_the_readers_clock(language: str) -> None:
    zh = language == "zh-hans"
    assert figures.moment(NOON) == ("2026年5月1日 12:05" if zh else "1 May 2026, 12:05")
    assert figures.moment(to_microseconds(NOON)) == figures.moment(NOON)
    assert figures.day(NOON.replace(hour=20)) == ("2026年5月2日" if zh else "2 May 2026")
    assert figures.day(date(2026, 12, 31)) == ("2026年12月31日" if zh else "31 Dec 2026")
    assert figures.weekday(NOON) == ("周五" if zh else "Friday")
    assert figures.clock_time(NOON) == "12:05"
    assert figures.moment(None) == figures.day(None) == figures.clock_time(None) == "–"


@pytest.mark.parametrize(
    ("distance", "zh", "en"),
    [
        (timedelta(seconds=3), "刚刚", "just now"),
        (timedelta(minutes=1), "1 分钟前", "1 minute ago"),
        (timedelta(hours=-5), "5 小时后", "in 5 hours"),
        (timedelta(days=59), "59 天前", "59 days ago"),
        (timedelta(days=200), "6 个月前", "6 months ago"),
        (timedelta(days=-900), "2 年后", "in 2 years"),
    ],
)
def test_ago(distance: timedelta, zh: str, en: str, language: str) -> None:
    shown = figures.ago(NOON - distance, NOON)
    assert shown == (zh if language == "zh-hans" else en)
