"""Field values as sources write them, to the one form the log keeps."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal

from tenure.money import SCALE
from tenure.words import Words

Value = str | int | float | bool | None
Parser = Callable[[object], Value]

LONGEST_TEXT = 65_536
_INTEGER = re.compile(r"[+-]?[0-9]{1,19}")
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TO_E4 = (10_000, 1_000, 100, 10, 1)
_LARGEST = 2**63 - 1
_TRUE = frozenset({"true", "t", "yes", "y", "1", "是"})
_FALSE = frozenset({"false", "f", "no", "n", "0", "否"})


class UnfitValueError(ValueError):
    """A value is not of its type; ``words`` say what was expected, never quoting the value."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.en)
        self.words = words


_WANTED: Mapping[str, Words] = {
    "string": Words("应为文本", "must be text"),
    "integer": Words(
        "应为整数，不带千位分隔符", "must be a whole number without thousands separators"
    ),
    "number": Words("应为数字，不带千位分隔符", "must be a number without thousands separators"),
    "boolean": Words("应为是/否（true/false）", "must be true or false"),
    "date": Words("应为 YYYY-MM-DD 格式的日期", "must be a date written YYYY-MM-DD"),
    "money": Words(
        "应为金额：仅数字与小数点，不带货币符号和千位分隔符",
        "must be an amount: digits and a decimal point only, no currency sign or separators",
    ),
    "decimals": Words("金额最多 4 位小数", "an amount has at most four decimals"),
    "range": Words("超出可存储的范围", "is beyond what can be stored"),
}


def _wrong(kind: str) -> UnfitValueError:
    return UnfitValueError(_WANTED[kind])


def parse_string(value: object) -> str:
    """Text as it is; a plain number as its digits."""
    if type(value) is str:
        return value
    if isinstance(value, bool) or not isinstance(value, (str, int, float, Decimal)):
        raise _wrong("string")
    return str(value)


def parse_integer(value: object) -> int | None:
    """A whole number of at most 64 bits; blank text is no value."""
    if type(value) is int:
        number = value
    elif isinstance(value, str):
        text = value.strip()
        if not text:
            return None
        if _INTEGER.fullmatch(text) is None:
            raise _wrong("integer")
        number = int(text)
    elif isinstance(value, (float, Decimal)) and math.isfinite(value) and value == int(value):
        number = int(value)
    else:
        raise _wrong("integer")
    if not -_LARGEST <= number <= _LARGEST:
        raise _wrong("range")
    return number


def parse_number(value: object) -> float | int | None:
    """A finite number; blank text is no value."""
    if type(value) is float or type(value) is int:
        number: float | int = value
    elif isinstance(value, str):
        text = value.strip()
        if not text:
            return None
        if _NUMBER.fullmatch(text) is None:
            raise _wrong("number")
        number = float(text)
    elif isinstance(value, Decimal):
        number = float(value)
    else:
        raise _wrong("number")
    if isinstance(number, int):
        if not -_LARGEST <= number <= _LARGEST:
            raise _wrong("range")
    elif not math.isfinite(number):
        raise _wrong("range")
    return number


def parse_boolean(value: object) -> bool | None:
    """True or false, also as the words and digits sources use; blank text is no value."""
    if type(value) is bool:
        return value
    if type(value) is int and value in (0, 1):
        return value == 1
    if isinstance(value, str):
        text = value.strip().lower()
        if text in _TRUE:
            return True
        if text in _FALSE:
            return False
        if not text:
            return None
    raise _wrong("boolean")


def parse_date(value: object) -> str | None:
    """A calendar day as ``YYYY-MM-DD``; blank text is no value, a moment is not a day."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, str):
        text = value.strip()
        if not text:
            return None
        if _DATE.fullmatch(text) is not None:
            try:
                return date.fromisoformat(text).isoformat()
            except ValueError:
                raise _wrong("date") from None
    raise _wrong("date")


def parse_money(value: object) -> int | None:
    """An amount in ten-thousandths of its currency, exact; blank text is no value."""
    if type(value) is int:
        return _in_range(value * SCALE)
    if isinstance(value, str):
        whole, _, part = value.partition(".")
        digits = whole + part  # the plain form "129.90", much faster than Decimal
        if len(part) <= 4 and whole and len(digits) <= 15 and digits.isascii() and digits.isdigit():
            return int(digits) * _TO_E4[len(part)]
        return _amount_of_text(value.strip())
    if isinstance(value, Decimal):
        return _amount_of_decimal(value)
    if isinstance(value, float):  # JSON numbers; the shortest text that means the same
        return _amount_of_text(repr(value))
    raise _wrong("money")


def _amount_of_text(text: str) -> int | None:
    if not text:
        return None
    if _NUMBER.fullmatch(text) is None:
        raise _wrong("money")
    return _amount_of_decimal(Decimal(text))


def _amount_of_decimal(amount: Decimal) -> int:
    """Exact: scaled by shifting the exponent, never by arithmetic that rounds."""
    sign, digits, exponent = amount.as_tuple()
    if not isinstance(exponent, int):
        raise _wrong("money")
    if len(digits) + exponent > 20:
        raise _wrong("range")
    shift = exponent + 4
    whole = int("".join(map(str, digits)))
    if shift >= 0:
        scaled = whole * 10**shift
    else:
        scaled, lost = divmod(whole, 10**-shift) if -shift <= len(digits) else (0, whole)
        if lost:
            raise _wrong("decimals")
    return _in_range(-scaled if sign else scaled)


def _in_range(amount_e4: int) -> int:
    if not -_LARGEST <= amount_e4 <= _LARGEST:
        raise _wrong("range")
    return amount_e4


PARSERS: Mapping[str, Parser] = {
    "string": parse_string,
    "text": parse_string,
    "integer": parse_integer,
    "number": parse_number,
    "boolean": parse_boolean,
    "date": parse_date,
    "money": parse_money,
}
