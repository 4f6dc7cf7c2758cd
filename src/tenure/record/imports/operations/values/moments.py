"""Moments as people write them: one pattern per order of day, month and year.

A *format* is one of ``FORMATS`` or a pattern of ``datetime.strptime`` (holding ``%``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

from tenure.words import Words

FORMATS = ("ymd", "dmy", "mdy", "yyyymmdd", "epoch_s", "epoch_ms", "excel")
_TIME = (
    r"(?:[T\s]+(?P<noon>上午|下午|中午|凌晨|早上|晚上)?\s*(?P<h>\d{1,2})[:时点](?P<mi>\d{1,2})"
    r"(?:[:分](?P<s>\d{1,2})秒?(?:[.,](?P<f>\d{1,9}))?)?分?\s*(?P<ap>[AaPp]\.?[Mm]\.?)?"
    r"\s*(?P<z>Z|z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?"
)
_MONTH = r"(?P<m>\d{1,2}|[A-Za-z]{3,9}\.?)"
_YMD = re.compile(rf"(?P<y>\d{{4}})\s?[-/.年]\s?{_MONTH}\s?[-/.月]\s?(?P<d>\d{{1,2}})日?号?{_TIME}")
_DMY = re.compile(rf"(?P<d>\d{{1,2}})[-/.\s]{_MONTH}[-/.,\s]\s?(?P<y>\d{{4}}|\d{{2}}){_TIME}")
_MDY = re.compile(
    rf"{_MONTH}[-/\s](?P<d>\d{{1,2}})(?:[-/]|,?\s)(?P<y>\d{{4}}|\d{{2}})(?:,\s)?{_TIME}"
)
_COMPACT = re.compile(
    r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?:[T\s]?(?P<h>\d{2}):?(?P<mi>\d{2})(?::?(?P<s>\d{2}))?)?"
    r"(?P<z>Z)?(?P<f>)(?P<noon>)(?P<ap>)"
)
_PATTERNS = {"ymd": _YMD, "dmy": _DMY, "mdy": _MDY, "yyyymmdd": _COMPACT}
_MONTHS = {
    name: number
    for number, names in enumerate(
        [
            "jan januari january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ],
        start=1,
    )
    for name in names.split()
}
_EXCEL_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - Excel counts local days
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NUMBER = re.compile(r"\d{1,13}(\.\d+)?")

Naive = Callable[[str], datetime | None]
_IN_WORDS = {
    "ymd": Words(zh="年-月-日", en="year-month-day"),
    "dmy": Words(zh="日-月-年", en="day-month-year"),
    "mdy": Words(zh="月-日-年", en="month-day-year"),
    "yyyymmdd": Words(zh="20240501", en="20240501"),
    "epoch_s": Words(zh="Unix 秒", en="Unix seconds"),
    "epoch_ms": Words(zh="Unix 毫秒", en="Unix milliseconds"),
    "excel": Words(zh="Excel 序号", en="Excel numbers"),
}


def in_words(name: str) -> Words:
    """A format as a person would call it; a pattern as it is."""
    return _IN_WORDS.get(name, Words(zh=name, en=name))


def reader_of(pattern: str) -> Naive:
    """Reads one format: text to a moment (naive where the text names no zone), or None."""
    if "%" in pattern:
        return lambda text: _by_strptime(text, pattern)
    if pattern in _PATTERNS:
        compiled = _PATTERNS[pattern]
        if pattern == "ymd":
            return lambda text: _by_iso(text) or _by_pattern(text, compiled)
        return lambda text: _by_pattern(text, compiled)
    return _COUNTED[pattern]


def _by_iso(text: str) -> datetime | None:
    """ISO 8601 moments, by the fast way of the standard library."""
    if len(text) < 19 or text[4] != "-" or text[7] != "-":
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _by_strptime(text: str, pattern: str) -> datetime | None:
    try:
        return datetime.strptime(text, pattern)  # noqa: DTZ007 - the zone is added by the caller
    except ValueError:
        return None


def _by_pattern(text: str, pattern: re.Pattern[str]) -> datetime | None:
    found = pattern.fullmatch(text)
    if found is None:
        return None
    part = found.groupdict()
    month = _month(part["m"])
    if month is None:
        return None
    try:
        moment = datetime(  # noqa: DTZ001 - the zone is added where the text names one
            _year(part["y"]), month, int(part["d"]), _hour(part), int(part["mi"] or 0),
            int(part["s"] or 0), int((part["f"] or "0")[:6].ljust(6, "0")),
        )  # fmt: skip
    except ValueError:
        return None
    return moment.replace(tzinfo=_offset(part["z"])) if part["z"] else moment


def _month(text: str) -> int | None:
    return int(text) if text.isdecimal() else _MONTHS.get(text.lower().rstrip("."))


def _year(text: str) -> int:
    """Two digits are 1970 to 2069, as POSIX reads them within a year or two."""
    if len(text) == 4:
        return int(text)
    return int(text) + (1900 if int(text) >= 70 else 2000)


def _hour(part: dict[str, str | None]) -> int:
    hour = int(part["h"] or 0)
    half = (part["ap"] or part["noon"] or "").lower()
    if not half or hour > 12:
        return hour
    if half[0] == "p" or half in {"下午", "晚上"}:
        return hour if hour == 12 else hour + 12
    if half == "中午":
        return hour if hour >= 10 else hour + 12
    return 0 if hour == 12 else hour


def _offset(text: str) -> timezone:
    if text.upper() in {"Z", "UTC", "GMT"}:
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if text[0] == "-" else offset)


def _epoch(unit: float, smallest: float, largest: float) -> Naive:
    def read(text: str) -> datetime | None:
        if not _NUMBER.fullmatch(text) or not smallest <= float(text) < largest:
            return None
        return _EPOCH + timedelta(microseconds=round(float(text) * unit))

    return read


def _excel(text: str) -> datetime | None:
    """Days since 1899-12-30, 1955 to 2119, so that no year and no amount is taken for one."""
    if not _NUMBER.fullmatch(text) or not 20_000 <= float(text) < 80_000:
        return None
    return _EXCEL_ZERO + timedelta(seconds=round(float(text) * 86_400))


_COUNTED: dict[str, Naive] = {
    "epoch_s": _epoch(1e6, 1e8, 1e10),
    "epoch_ms": _epoch(1e3, 1e11, 1e13),
    "excel": _excel,
}


def clean(text: str) -> str:
    """Text with full-width digits made plain and the spaces around it gone."""
    return unicodedata.normalize("NFKC", text).strip() if not text.isascii() else text.strip()
