"""Reads the parts of a map that make values and conditions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tenure.words import Words

from ..problems import did_you_mean
from ..values.moments import FORMATS
from .body import Part
from .model import CellTest, Condition, Pick, Source, Test, TypeRule, Value

_SOURCES = ("column", "constant", "multiply", "line_number", "parts")
_PICKS = tuple(pick for pick in get_args(Pick) if pick != "first")
_OPTIONS = (
    "format", "time_zone", "decimal", "negate", "blank", "values", "prefix", "with", "year_from",
    "by",
)  # fmt: skip
_VALUE_KEYS = (*_SOURCES, "first", *_PICKS, *_OPTIONS)
_TESTS: tuple[str, ...] = tuple(test for test in get_args(Test) if test != "in")
_NUMERIC = {"above", "below", "at_least", "at_most"}


def read_value(part: Part) -> Value:
    """A value: the name of a column, or a mapping that says more."""
    if not part.is_mapping:
        return Value("column", (part.text(),), place=part.place)
    entries = part.known_entries(_VALUE_KEYS)
    picks = [key for key in ("first", *_PICKS) if key in entries]
    sources = [key for key in _SOURCES if key in entries]
    if len(picks) + len(sources) != 1:
        raise part.fail(
            Words(
                zh=f"{part.name} 要写明一种来源：{'、'.join((*_SOURCES, *_PICKS))}",
                en=f"{part.name} needs one of {', '.join((*_SOURCES, *_PICKS))}",
            )
        )
    options = _read_options(entries)
    if not picks:
        return _plain_value(sources[0], entries[sources[0]], options, part)
    picked = entries[picks[0]]
    inner = Value("constant", constant="1") if picks[0] == "count" else read_value(picked)
    return _with(inner, {"pick": picks[0], "place": part.place, **options})


def _with(value: Value, changes: Mapping[str, object]) -> Value:
    from dataclasses import fields

    kept = {entry.name: getattr(value, entry.name) for entry in fields(value)}
    return Value(**{**kept, **changes})


def _plain_value(source: str, part: Part, options: dict[str, object], whole: Part) -> Value:
    made = Value(cast(Source, source), place=whole.place)
    if source == "constant":
        return _with(made, {"constant": part.text(), **options})
    if source == "line_number":
        return _with(made, {"prefix": part.text(), **options})
    columns = part.texts() if source in {"multiply", "parts"} else (part.text(),)
    return _with(made, {"columns": columns, **options})


def _read_options(entries: Mapping[str, Part]) -> dict[str, object]:
    options: dict[str, object] = {}
    for key, part in entries.items():
        match key:
            case "format":
                options["formats"] = tuple(_format(item) for item in part.items())
            case "time_zone":
                options["time_zone"] = read_zone(part)
            case "decimal":
                options["decimal"] = part.choice((".", ","))
            case "negate":
                options["negate"] = part.flag()
            case "blank":
                options["blank"] = frozenset(part.texts())
            case "values":
                options["values"] = {key: item.text() for key, item in part.entries().items()}
            case "prefix":
                options["prefix"] = part.text()
            case "with":
                options["joiner"] = part.text()
            case "year_from":
                options["year_from"] = part.whole()
            case "by":
                options["by"] = read_value(part)
    return options


def _format(part: Part) -> str:
    text = part.text()
    return text if "%" in text else part.choice(FORMATS)


def read_zone(part: Part) -> str:
    """The name of a time zone, checked."""
    name = part.text()
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as problem:
        raise part.fail(
            Words(
                zh=f"没有时区「{name}」，例如 Asia/Shanghai",
                en=f"there is no time zone “{name}”; an example is Europe/London",
            )
        ) from problem
    return name


def read_customer(part: Part) -> dict[str, Value]:
    """Identifier types and where their values stand."""
    return {key: read_value(item) for key, item in part.entries().items()}


def read_condition(part: Part) -> Condition:
    """``{Column: text}``, ``{Column: [texts]}`` or ``{Column: {below: 0}}``; a list means any."""
    return tuple(_tests(group) for group in part.items())


def _tests(part: Part) -> tuple[CellTest, ...]:
    return tuple(
        test for column, cell in part.entries().items() for test in _cell_tests(column, cell)
    )


def _cell_tests(column: str, part: Part) -> list[CellTest]:
    if not part.is_mapping:
        return [CellTest(column, "in", part.texts(), negated=False, place=part.place)]
    found = []
    for key, item in part.known_entries((*_TESTS, "not")).items():
        if key == "not":
            negated = _cell_tests(column, item)
            if len(negated) != 1:
                raise item.fail(Words(zh="not 里只写一项", en="not takes one test"))
            found.append(_negation(negated[0]))
        else:
            found.append(_cell_test(column, cast(Test, key), item))
    return found


def _negation(test: CellTest) -> CellTest:
    return CellTest(
        test.column, test.test, test.options, negated=not test.negated, place=test.place
    )


def _cell_test(column: str, test: Test, part: Part) -> CellTest:
    if test == "empty":
        return CellTest(column, test, (), negated=not part.flag(), place=part.place)
    options = part.texts()
    if test in _NUMERIC and not all(_is_number(option) for option in options):
        raise part.fail(Words(zh=f"{test} 后面应是数字", en=f"{test} needs a number"))
    return CellTest(column, test, options, negated=False, place=part.place)


def _is_number(text: str) -> bool:
    return text.lstrip("-").replace(".", "", 1).isdecimal()


def read_type(part: Part) -> TypeRule:
    """One event type, or a column whose texts say which."""
    if not part.is_mapping:
        return TypeRule(constant=_event_key(part), place=part.place)
    entries = part.known_entries(("column", "values", "otherwise"))
    if "column" not in entries:
        raise part.fail(Words(zh="type 缺少 column", en="type lacks column"))
    values: dict[str, str] = {}
    if "values" in entries:
        for text, item in entries["values"].entries().items():
            values[text] = item.text() if item.text() == "skip" else _event_key(item)
    otherwise = entries["otherwise"].text() if "otherwise" in entries else "refuse"
    if otherwise not in {"skip", "refuse"}:
        _event_key(entries["otherwise"])
    return TypeRule(
        column=entries["column"].text(), values=values, otherwise=otherwise, place=part.place
    )


def _event_key(part: Part) -> str:
    text = part.text()
    noun, dot, verb = text.partition(".")
    if not (dot and all(_is_name(piece) for piece in (noun, verb))):
        hint = did_you_mean(text, ("order.placed", "order.cancelled", "order.refunded"))
        raise part.fail(
            Words(
                zh=f"「{text}」不是事件类型，应如 order.placed{hint.zh}",
                en=f"“{text}” is not an event type; they look like order.placed{hint.en}",
            )
        )
    return text


def _is_name(text: str) -> bool:
    return bool(text) and all(c == "_" or ("a" <= c <= "z") or c.isdecimal() for c in text)
