"""Numbers, money and moments as their reader writes them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal

from django.utils import timezone

from tenure.clock import from_microseconds
from tenure.money import Money
from tenure.record.events.queries import basis
from tenure.web.language import reader_language

Figure = int | float | Decimal
ABSENT = "–"
"""Shown where there is no value: nothing is not zero."""

_SYMBOLS = {
    "CNY": "¥",
    "USD": "$",
    "EUR": "€",
    "GBP": "£",
    "HKD": "HK$",
    "TWD": "NT$",
    "JPY": "JP¥",
}
_STEPS = {
    "zh": ((Decimal(10) ** 12, "万亿"), (Decimal(10) ** 8, "亿"), (Decimal(10) ** 4, "万")),
    "en": ((Decimal(10) ** 9, "B"), (Decimal(10) ** 6, "M"), (Decimal(10) ** 3, "K")),
}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS = {
    "zh": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400


def number(value: Figure | None, places: int | None = None) -> str:
    """``1,234.5``; up to two places where none are asked for."""
    if value is None:
        return ABSENT
    if isinstance(value, int):
        return f"{value:,}"
    exact = Decimal(str(value))
    if not exact.is_finite():
        return ABSENT
    shown = _rounded(exact, 2 if places is None else places)
    text = f"{shown:,f}"
    return text.rstrip("0").rstrip(".") if places is None and "." in text else text


def compact(value: Figure | None) -> str:
    """``12.3万`` in Chinese, ``123.4K`` in English; small figures as they are."""
    if value is None:
        return ABSENT
    exact = Decimal(str(value))
    if not exact.is_finite():
        return ABSENT
    for size, unit in _STEPS[reader_language()]:
        if abs(exact) >= size:
            return f"{number(_rounded(exact / size, 1))}{unit}"
    return number(value)


def money(value: Figure | Money | None, *, short: bool = False, currency: str = "") -> str:
    """``¥1,234.50``, in the base currency where ``value`` names none; ``¥12.3万`` when short."""
    if value is None:
        return ABSENT
    if isinstance(value, Money):
        return money(value.amount, short=short, currency=value.currency)
    code = currency or basis().currency
    symbol = _SYMBOLS.get(code, f"{code} ")
    exact = Decimal(str(value))
    figure = compact(abs(exact)) if short else number(abs(exact), 2)
    return f"{'-' if exact < 0 else ''}{symbol}{figure}"


def percent(share: Figure | None, places: int = 1) -> str:
    """``12.3%`` of a share between 0 and 1."""
    if share is None:
        return ABSENT
    exact = Decimal(str(share))
    return f"{_rounded(exact * 100, places):,f}%" if exact.is_finite() else ABSENT


def local(value: datetime | date | int | None) -> datetime | date | None:
    """By the reader's clock; microseconds since the epoch are moments too."""
    if isinstance(value, int):
        value = from_microseconds(value)
    if isinstance(value, datetime) and value.tzinfo is not None:
        return timezone.localtime(value)
    return value


def day(value: datetime | date | int | None) -> str:
    """``2026年5月1日`` or ``1 May 2026``."""
    found = local(value)
    if found is None:
        return ABSENT
    if reader_language() == "zh":
        return f"{found.year}年{found.month}月{found.day}日"
    return f"{found.day} {_MONTHS[found.month - 1]} {found.year}"


def weekday(value: datetime | date | int | None) -> str:
    """``周五`` or ``Friday``."""
    found = local(value)
    return ABSENT if found is None else _WEEKDAYS[reader_language()][found.weekday()]


def moment(value: datetime | int | None) -> str:
    """``2026年5月1日 13:45`` or ``1 May 2026, 13:45``."""
    found = local(value)
    if not isinstance(found, datetime):
        return day(found)
    comma = " " if reader_language() == "zh" else ", "
    return f"{day(found)}{comma}{found:%H:%M}"


def clock_time(value: datetime | int | None) -> str:
    """``13:45``."""
    found = local(value)
    return f"{found:%H:%M}" if isinstance(found, datetime) else ABSENT


def ago(value: datetime | int | None, now: datetime) -> str:
    """``3 天前``, ``in 2 hours``: how far ``value`` is from ``now``."""
    if value is None:
        return ABSENT
    known = from_microseconds(value) if isinstance(value, int) else value
    seconds = round((now - known).total_seconds())
    distance = abs(seconds)
    if distance < _MINUTE:
        return "刚刚" if reader_language() == "zh" else "just now"
    count, zh, en = _unit(distance)
    if reader_language() == "zh":
        return f"{count:,} {zh}{'前' if seconds > 0 else '后'}"
    words = f"{count:,} {en}{'' if count == 1 else 's'}"
    return f"{words} ago" if seconds > 0 else f"in {words}"


def _unit(seconds: int) -> tuple[int, str, str]:
    if seconds < _HOUR:
        return seconds // _MINUTE, "分钟", "minute"
    if seconds < _DAY:
        return seconds // _HOUR, "小时", "hour"
    if seconds < 60 * _DAY:
        return seconds // _DAY, "天", "day"
    if seconds < 730 * _DAY:
        return seconds // (30 * _DAY), "个月", "month"
    return seconds // (365 * _DAY), "年", "year"


def _rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN)
