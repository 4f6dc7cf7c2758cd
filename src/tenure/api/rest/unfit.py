"""Why a value of a request does not fit, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tenure.words import Words

_CAUSES: Mapping[str, Words] = {
    "missing": Words("缺少这一项", "it is missing"),
    "extra_forbidden": Words("没有这一项", "there is no such part"),
    "json_invalid": Words("不是 JSON", "this is no JSON"),
    "string_type": Words("应为文本", "it should be text"),
    "string_too_short": Words("太短", "it is too short"),
    "string_too_long": Words("太长", "it is too long"),
    "string_pattern_mismatch": Words("写法不对", "it is not written as it should be"),
    "int_type": Words("应为整数", "it should be a whole number"),
    "int_parsing": Words("应为整数", "it should be a whole number"),
    "int_from_float": Words("应为整数", "it should be a whole number"),
    "bool_type": Words("应为 true 或 false", "it should be true or false"),
    "bool_parsing": Words("应为 true 或 false", "it should be true or false"),
    "list_type": Words("应为列表", "it should be a list"),
    "dict_type": Words("应为对象", "it should be an object"),
    "model_attributes_type": Words("应为对象", "it should be an object"),
    "too_long": Words("项数太多", "it has too many items"),
    "too_short": Words("项数太少", "it has too few items"),
    "greater_than_equal": Words("太小", "it is too small"),
    "less_than_equal": Words("太大", "it is too large"),
    "literal_error": Words("不是可选的值", "it is none of the values to choose from"),
    "timezone_aware": Words("时刻需带时区", "a moment needs its zone"),
}
_DATES = Words(
    "应为日期 2026-05-01 或带时区的时刻 2026-05-01T08:00:00+08:00",
    "it should be a day, 2026-05-01, or a moment with its zone, 2026-05-01T08:00:00+08:00",
)
_ELSE = Words("不合要求", "it does not fit")


def unfit_words(error: Mapping[str, Any]) -> Words:
    """The cause of one entry of a pydantic error."""
    kind = str(error.get("type", ""))
    if kind.startswith(("date", "datetime", "timezone")):
        return _DATES
    return _CAUSES.get(kind, _ELSE)
