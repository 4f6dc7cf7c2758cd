"""Which kind of field values look like."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from tenure.definitions.event_type import FieldType

_LONG = 200
"""From so many characters on a text is free text."""
_AMOUNTS = (
    "amount", "total", "revenue", "order_amount", "total_amount", "total_price", "price", "fee",
    "cost", "value", "payment", "paid", "subtotal",
)  # fmt: skip
_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+")
_TRUTH = re.compile(r"true|false")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def guessed_kind(name: str, values: Sequence[object]) -> FieldType | None:
    """The kind that all ``values`` are of; None for lists and objects.

    Digits are text where the name speaks of the number of something (``order_id``) or where a
    leading zero would be lost.
    """
    kinds = {_kind(one) for one in values}
    if None in kinds or not kinds:
        return None
    if kinds <= {"integer", "number"}:
        if _is_code(name):
            return "string"
        if name in _AMOUNTS and all(_is_exact(one) for one in values):
            return "money"
        return "integer" if kinds == {"integer"} else "number"
    if len(kinds) == 1:
        return next(kind for kind in kinds if kind is not None)
    return "text" if "text" in kinds else "string"


def likeliest_amount(names: Sequence[str]) -> str:
    """Which of several fields is the amount of an event, by its name; empty for none."""
    known = [name for name in names if name in _AMOUNTS]
    return min(known, key=_AMOUNTS.index, default="")


def _kind(value: object) -> FieldType | None:
    match value:
        case bool():
            return "boolean"
        case int():
            return "integer" if abs(value) < 2**63 else "string"
        case float() if math.isfinite(value):
            return "number"
        case str():
            return _kind_of_text(value.strip())
    return None


def _kind_of_text(text: str) -> FieldType:
    forms: tuple[tuple[re.Pattern[str], FieldType], ...] = (
        (_INTEGER, "integer"),
        (_NUMBER, "number"),
        (_TRUTH, "boolean"),
    )
    for form, kind in forms:
        if form.fullmatch(text):
            return kind
    if _DATE.fullmatch(text) and _is_day(text):
        return "date"
    return "text" if len(text) > _LONG else "string"


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_code(name: str) -> bool:
    return name.rpartition("_")[2] in ("id", "no", "number", "code", "key", "sku", "zip")


def _is_exact(value: object) -> bool:
    """Whether an amount has at most four decimals, as money does."""
    exponent = Decimal(str(value)).as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -4
