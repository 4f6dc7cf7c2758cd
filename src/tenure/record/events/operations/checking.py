"""Limits on what no definition describes: depth, size, characters a database cannot hold."""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal

from tenure.record.events.operations.values import LONGEST_TEXT, UnfitValueError
from tenure.words import Words

DEEPEST = 8
MOST_VALUES = 1_000

_NUL = Words("含有 NUL 字符（\\u0000）", "contains a NUL character (\\u0000)")
_SURROGATE = Words("含有不完整的 Unicode 字符", "contains half of a Unicode character")
_LONG = Words(
    f"文本超过 {LONGEST_TEXT // 1024} KB", f"has text of more than {LONGEST_TEXT // 1024} KB"
)
_DEEP = Words(f"嵌套超过 {DEEPEST} 层", f"is nested more than {DEEPEST} levels deep")
_MANY = Words(f"包含超过 {MOST_VALUES} 个值", f"holds more than {MOST_VALUES} values")
_KIND = Words("不是 JSON 可以表示的值", "is not a value JSON can hold")
_NUMBER = Words("不是有限的数字", "is not a finite number")


def check_text(text: str) -> None:
    """Refuse text no database column can hold.

    Raises:
        UnfitValueError: too long, a NUL character or a lone surrogate.
    """
    if len(text) > LONGEST_TEXT:
        raise UnfitValueError(_LONG)
    if "\x00" in text:
        raise UnfitValueError(_NUL)
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise UnfitValueError(_SURROGATE) from None


def check_free_value(value: object) -> None:
    """Refuse a value of an undeclared field that cannot be kept exactly as it is.

    Raises:
        UnfitValueError: of a kind JSON lacks, too deep, too many values, or unstorable text.
    """
    _walk(value, 1, [0])


def _walk(value: object, depth: int, seen: list[int]) -> None:
    seen[0] += 1
    if seen[0] > MOST_VALUES:
        raise UnfitValueError(_MANY)
    if depth > DEEPEST:
        raise UnfitValueError(_DEEP)
    if isinstance(value, str):
        check_text(value)
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise UnfitValueError(_NUMBER)
    elif isinstance(value, dict):
        for name, item in value.items():
            if not isinstance(name, str):
                raise UnfitValueError(_KIND)
            check_text(name)
            _walk(item, depth + 1, seen)
    elif isinstance(value, (list, tuple)):
        for item in value:
            _walk(item, depth + 1, seen)
    elif value is not None and not isinstance(value, (bool, int, Decimal, date)):
        raise UnfitValueError(_KIND)
